/** A way into one cloud with one identity: the library's clients and raw requests, all through one pipeline. */
import { AzureMachineLearningWorkspaces } from '@azure/arm-machinelearning';
import {
  bearerTokenAuthenticationPolicyName,
  createHttpHeaders,
  createPipelineRequest,
  RestError,
} from '@azure/core-rest-pipeline';
import type { HttpMethods, PipelineResponse } from '@azure/core-rest-pipeline';
import { AppError } from '../shared/errors.ts';
import { say } from '../shared/language.ts';
import { apiVersionPolicy } from './apiVersions.ts';
import { authorizePolicy } from './authorize.ts';
import { requireCloudHost } from './clouds.ts';
import type { AzureCloud } from './clouds.ts';
import type { AzureCredential } from './credentials.ts';
import { logRequestsPolicy } from './logRequests.ts';
import { patientRetryPolicy } from './retry.ts';
import type { Wait } from './retry.ts';

export interface ConnectionOptions {
  readonly cloud: AzureCloud;
  readonly credential: AzureCredential;
  readonly log: (line: string) => void;
  /** A request is made to wait by the service. */
  readonly onWait?: (wait: Wait) => void;
}

export interface ArmRequest {
  readonly method: HttpMethods;
  /** Path from `/subscriptions` on, or an address that the service gave. */
  readonly path: string;
  /** Sent as JSON just as it is: fields that the library does not know arrive. */
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
}

export interface ArmResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed JSON; undefined where there is none. */
  readonly body: unknown;
}

export class AzureConnection {
  readonly cloud: AzureCloud;
  /** For what has addresses of its own, such as storage accounts. */
  readonly options: ConnectionOptions;
  readonly #clients = new Map<string, AzureMachineLearningWorkspaces>();

  /** @throws AppError `azure.foreignHost` for a real identity at a custom endpoint. */
  constructor(options: ConnectionOptions) {
    const { cloud, credential } = options;
    if (cloud.name === 'custom' && credential.realm !== 'fake') {
      throw new AppError(
        'azure.foreignHost',
        say`${cloud.endpoint} is not Azure, so your account does not go there. Clear the setting trainbench.azure.endpoint to reach Azure.`,
      );
    }
    this.cloud = cloud;
    this.options = options;
  }

  /** The typed operations for a subscription. */
  client(subscriptionId: string): AzureMachineLearningWorkspaces {
    const known = this.#clients.get(subscriptionId);
    if (known !== undefined) return known;
    const client = createClient(subscriptionId, this.options);
    this.#clients.set(subscriptionId, client);
    return client;
  }

  /**
   * What the library does not type, through its pipeline.
   * @throws RestError for statuses from 400 on, with the service's `error` object as `details`
   */
  async send({ method, path, body, signal }: ArmRequest): Promise<ArmResponse> {
    const base = `${this.cloud.endpoint}/`;
    const url = URL.canParse(path, base) ? new URL(path, base).href : path;
    requireCloudHost(this.cloud, url); // before anything is done with it; the pipeline looks again
    const client = this.client(subscriptionOf(path));
    const response = await client.sendRequest(
      createPipelineRequest({
        url,
        method,
        headers: createHttpHeaders({
          Accept: 'application/json',
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        }),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(signal === undefined ? {} : { abortSignal: signal }),
      }),
    );
    const parsed = parse(response);
    if (response.status >= 400) throw restError(response, parsed);
    return { status: response.status, headers: response.headers.toJSON(), body: parsed };
  }
}

function subscriptionOf(path: string): string {
  return /\/subscriptions\/([^/?]+)/i.exec(path)?.[1] ?? '';
}

function createClient(
  subscriptionId: string,
  { cloud, credential, log, onWait }: ConnectionOptions,
): AzureMachineLearningWorkspaces {
  const client = new AzureMachineLearningWorkspaces(credential, subscriptionId, {
    endpoint: cloud.endpoint,
    $host: cloud.endpoint,
    credentialScopes: cloud.scope,
  });
  const { pipeline } = client;
  // Redirects are not followed: Azure's resource manager makes none, and they would lead a request elsewhere.
  for (const name of ['defaultRetryPolicy', 'redirectPolicy', 'logPolicy']) {
    pipeline.removePolicy({ name });
  }
  pipeline.removePolicy({ name: bearerTokenAuthenticationPolicyName });
  pipeline.addPolicy(apiVersionPolicy()); // in no phase: before retries
  pipeline.addPolicy(patientRetryPolicy(onWait ?? (() => undefined)), { phase: 'Retry' });
  pipeline.addPolicy(authorizePolicy(cloud, credential), { phase: 'Sign' });
  pipeline.addPolicy(logRequestsPolicy(log), { afterPhase: 'Sign' });
  return client;
}

function parse({ bodyAsText }: PipelineResponse): unknown {
  if (bodyAsText === undefined || bodyAsText === null || bodyAsText.trim() === '') return undefined;
  try {
    return JSON.parse(bodyAsText) as unknown;
  } catch {
    return bodyAsText; // a gateway's page; what it says may help
  }
}

/** As the library throws them for its typed operations. */
function restError(response: PipelineResponse, body: unknown): RestError {
  const error = new RestError(`Azure answered ${response.status}`, {
    statusCode: response.status,
    request: response.request,
    response,
  });
  error.details = body;
  return error;
}
