/**
 * Holds every exchange with the rig to Azure's official specification, with the validator that Azure's own teams use.
 * The specification lies beside the checkout on some machines only; elsewhere the tests go on without it and say so.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Exchange } from '../../src/azureRig/rig.ts';

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

const unspecified =
  /\/(computeOperations(Status|Results)|asyncoperations|operationresults)\/|\/providers\/Microsoft\.(Network|KeyVault|Insights)\//i;

function isNewer(url: string): boolean {
  const version = /api-version=([\d-]+)/.exec(url)?.[1] ?? '';
  return url.includes('Microsoft.MachineLearningServices') && version > '2024-04-01';
}

export interface Counts {
  /** Exchanges whose request and answer were both checked. */
  checked: number;
  /** No specification at hand has them: the state of an operation, networks, vaults, insights. */
  unspecified: number;
  /** At a version newer than the specification; see `newerSchemas.ts`. */
  newer: number;
  /** Made to go wrong, or refused. */
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

export class Contract {
  readonly counts: Counts = { checked: 0, unspecified: 0, newer: 0, faults: 0, violations: [] };

  /** Give it to the rig as `onExchange`. */
  readonly check = async (exchange: Exchange): Promise<void> => {
    if (!hasSpecification) return;
    if (unspecified.test(exchange.url)) this.counts.unspecified++;
    else if (isNewer(exchange.url)) this.counts.newer++;
    else if (exchange.isFault || exchange.answer.status >= 400) this.counts.faults++;
    else await this.#check(exchange);
  };

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
    this.counts.checked++;
    for (const [side, found] of [
      ['request', result.requestValidationResult],
      ['answer', result.responseValidationResult],
    ] as const) {
      if (found.isSuccessful === true && found.runtimeException === undefined) continue;
      this.counts.violations.push(`${method} ${url}, ${side}: ${describeResult(found)}`);
    }
  }

  report(): string {
    const { checked, faults, newer, unspecified, violations } = this.counts;
    return (
      `    Azure contract: ${checked} exchanges checked, ${unspecified} unspecified, ${newer} newer, ` +
      `${faults} refusals and faults, ${violations.length} violations\n`
    );
  }
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
    swaggerPathsPattern: [`${machineLearning}/{${files}}.json`, subscriptions, resources, storage],
    git: { shouldClone: false },
    isPathCaseSensitive: false,
    loadValidatorInBackground: false,
    loadValidatorInInitialize: true,
  });
  await loaded.initialize();
  return loaded;
}
