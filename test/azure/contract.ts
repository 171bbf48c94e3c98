/**
 * Holds every exchange with the rig to Azure's official specification, with the validator that Azure's own teams use.
 * The specification lies beside the checkout on some machines only; elsewhere the tests go on without it and say so.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Exchange } from '../../src/azureRig/rig.ts';
import { newerProblems, specifiedVersion, withoutNewer } from './newerSchemas.ts';

const specs = path.resolve(import.meta.dirname, '../../../shared/azure-specs');
export const hasSpecification = existsSync(path.join(specs, 'specification'));

const machineLearning =
  'specification/machinelearningservices/resource-manager/Microsoft.MachineLearningServices/stable/2024-04-01';
const subscriptions =
  'specification/resources/resource-manager/Microsoft.Resources/stable/2022-12-01/subscriptions.json';
const resources =
  'specification/resources/resource-manager/Microsoft.Resources/stable/2024-03-01/resources.json';
const storage =
  'specification/storage/resource-manager/Microsoft.Storage/stable/2023-05-01/storage.json';

const databricks =
  'specification/databricks/resource-manager/Microsoft.Databricks/stable/2024-05-01/databricks.json';

const unspecified =
  /\/(computeOperations(Status|Results)|asyncoperations|operationresults)\/|\/providers\/Microsoft\.(Network|KeyVault|Insights|Compute|HDInsight)\//i;

/** Of a storage account's own services, which are no part of the resource manager. */
function isData({ url }: Exchange): boolean {
  return !/^\/(subscriptions|providers|tenants)\b/i.test(url);
}

/** A page that a test made up, and a refusal where the specification has none. */
function isMadeUp({ answer, isFault, url }: Exchange): boolean {
  return isFault && (answer.status < 400 || url.includes('/Microsoft.Storage/'));
}

/** No specification has computes of Azure Batch, which the service took from the SDK v1. */
function isBatch({ answer, requestBody }: Exchange): boolean {
  return [requestBody, answer.body].some((body) => computeType(body) === 'Batch');
}

/** In lists the others are checked all the same. */
function withoutBatch(answer: Exchange['answer']): Exchange['answer'] {
  const { value } = (answer.body ?? {}) as { readonly value?: unknown };
  if (!Array.isArray(value)) return answer;
  const kept = value.filter((item) => computeType(item) !== 'Batch');
  return { ...answer, body: { ...(answer.body as object), value: kept } };
}

function computeType(body: unknown): string | undefined {
  return (body as { properties?: { computeType?: string } } | undefined)?.properties?.computeType;
}

/** Null for a version that the specification has. */
function newerVersion(url: string): string | null {
  const version = /api-version=([\d-]+)/.exec(url)?.[1] ?? '';
  const isOurs = url.includes('Microsoft.MachineLearningServices');
  return isOurs && version > specifiedVersion ? version : null;
}

export interface Counts {
  /** Exchanges whose request and answer were both checked. */
  checked: number;
  /** No specification at hand has them: the state of an operation, networks, vaults, insights, files, Azure Batch. */
  unspecified: number;
  /** Checked by the schemas of a version newer than the specification; see `newerSchemas.ts`. */
  newer: number;
  /** Pages that a test made up; refusals are checked as well, where the specification has any. */
  faults: number;
  readonly violations: string[];
}

interface Result {
  readonly isSuccessful?: boolean;
  readonly runtimeException?: { readonly code: string; readonly message: string };
  readonly errors: readonly {
    readonly code: string;
    readonly message: string;
    readonly pathsInPayload?: readonly string[];
  }[];
}

interface Validator {
  initialize(): Promise<void>;
  validateLiveRequestResponse(pair: object): Promise<{
    readonly requestValidationResult: Result;
    readonly responseValidationResult: Result;
  }>;
}

/** Loaded once a process: it takes seconds. */
let validator: Promise<Validator> | null = null;

/** Of all rigs of this process. */
const total: Counts = { checked: 0, unspecified: 0, newer: 0, faults: 0, violations: [] };

export function totalReport(): string {
  return hasSpecification
    ? reportOf('Azure contract of the whole run', total)
    : '    Azure contract: not checked, ../shared/azure-specs is not here\n';
}

export class Contract {
  readonly counts: Counts = { checked: 0, unspecified: 0, newer: 0, faults: 0, violations: [] };

  /** Give it to the rig as `onExchange`. */
  readonly check = async (exchange: Exchange): Promise<void> => {
    if (!hasSpecification) return;
    const newer = newerVersion(exchange.url);
    if (unspecified.test(exchange.url) || isBatch(exchange) || isData(exchange))
      this.#count('unspecified');
    else if (isMadeUp(exchange)) this.#count('faults');
    else if (newer !== null) await this.#checkNewer(exchange, newer);
    else {
      this.#count('checked');
      await this.#check({ ...exchange, answer: withoutBatch(exchange.answer) });
    }
  };

  #count(what: Exclude<keyof Counts, 'violations'>): void {
    this.counts[what]++;
    total[what]++;
  }

  #violation(text: string): void {
    this.counts.violations.push(text);
    total.violations.push(text);
  }

  /** What has come since by the newer schemas; all else by the specification. */
  async #checkNewer(exchange: Exchange, apiVersion: string): Promise<void> {
    this.#count('newer');
    const { answer, method, requestBody, url } = exchange;
    for (const [side, body] of [
      ['request', requestBody],
      ['answer', answer.body],
    ] as const) {
      if (body === undefined) continue;
      for (const problem of newerProblems({ apiVersion, body, side })) {
        this.#violation(`${method} ${url}, ${side}: ${problem}`);
      }
    }
    await this.#check({
      ...exchange,
      url: url.replace(apiVersion, specifiedVersion),
      requestBody: withoutNewer(apiVersion, requestBody),
      answer: { ...answer, body: withoutNewer(apiVersion, answer.body) },
    });
  }

  async #check({ answer, method, requestBody, requestHeaders, url }: Exchange): Promise<void> {
    const loaded = await (validator ??= load());
    const result = await loaded.validateLiveRequestResponse({
      liveRequest: {
        method,
        url: `https://management.azure.com${url}`,
        headers: { 'content-type': 'application/json', ...requestHeaders },
        body: requestBody ?? {},
      },
      liveResponse: {
        statusCode: String(answer.status),
        headers: { 'content-type': 'application/json', ...answer.headers },
        body: answer.body ?? {},
      },
    });
    for (const [side, found] of [
      ['request', result.requestValidationResult],
      ['answer', result.responseValidationResult],
    ] as const) {
      if (found.isSuccessful === true && found.runtimeException === undefined) continue;
      this.#violation(`${method} ${url}, ${side}: ${describeResult(found)}`);
    }
  }

  report(): string {
    return reportOf('Azure contract', this.counts);
  }
}

function reportOf(
  what: string,
  { checked, faults, newer, unspecified: none, violations }: Counts,
): string {
  return (
    `    ${what}: ${checked} exchanges checked, ${newer} at newer versions, ${none} unspecified, ` +
    `${faults} made up, ${violations.length} violations\n`
  );
}

function describeResult({ errors, runtimeException }: Result): string {
  if (runtimeException !== undefined) return `${runtimeException.code} ${runtimeException.message}`;
  return errors
    .map(({ code, message, pathsInPayload = [] }) => `${code} ${message} ${pathsInPayload.join()}`)
    .join(' | ');
}

async function load(): Promise<Validator> {
  const { LiveValidator } = await import('oav');
  const { log } = await import('oav/dist/lib/util/logging.js');
  log.consoleLogLevel = 'error';
  const files = ['machineLearningServices', 'mfe', 'registries', 'workspaceFeatures'].join(',');
  const loaded = new LiveValidator({
    directory: specs,
    swaggerPathsPattern: [
      `${machineLearning}/{${files}}.json`,
      subscriptions,
      resources,
      storage,
      databricks,
    ],
    git: { shouldClone: false },
    isPathCaseSensitive: false,
    loadValidatorInBackground: false,
    loadValidatorInInitialize: true,
  });
  await loaded.initialize();
  return loaded;
}
