/**
 * Long operations: sent once, then followed by the address that the service gave for them. What is known of one is a
 * short text, so that another window can go on following it.
 */
import { createHttpPoller } from '@azure/core-lro';
import type { LroResponse, OperationState } from '@azure/core-lro';
import { AppError } from '../shared/errors.ts';
import { say } from '../shared/language.ts';
import type { ArmRequest, ArmResponse, AzureConnection } from './connection.ts';
import { OperationFailed, serviceErrorOf } from './failures.ts';

export interface Following {
  /** Ends the following, not the operation. */
  readonly signal?: AbortSignal | undefined;
  /** Pause between looks where the service names none. */
  readonly intervalMs?: number;
  /** Called when the service has accepted the operation, with all that is needed to follow it later. */
  readonly onAccepted?: (state: string) => void;
}

const usualIntervalMs = 5000;

/**
 * Sends a request and follows what it starts. Resolves with the body of the last answer: for a PUT, the resource.
 * @throws RestError where it is refused, OperationFailed where it fails later
 */
export function startOperation(
  connection: AzureConnection,
  request: ArmRequest,
  following: Following = {},
): Promise<unknown> {
  return follow(connection, { request }, following);
}

/** @param state from `onAccepted`, perhaps of a window before. */
export function resumeOperation(
  connection: AzureConnection,
  state: string,
  following: Following = {},
): Promise<unknown> {
  return follow(connection, { state }, following);
}

type Beginning = { readonly request: ArmRequest } | { readonly state: string };

async function follow(
  connection: AzureConnection,
  beginning: Beginning,
  { signal, intervalMs = usualIntervalMs, onAccepted }: Following,
): Promise<unknown> {
  const request = 'request' in beginning ? beginning.request : null;
  let failed: OperationFailed | null = null;
  const poller = await createHttpPoller<unknown, OperationState<unknown>>(
    {
      ...(request === null ? {} : { requestMethod: request.method, requestPath: request.path }),
      async sendInitialRequest() {
        if (request === null) throw new AppError('internal', 'internal: nothing to send');
        return lroResponse(await connection.send({ ...request, signal }));
      },
      async sendPollRequest(path) {
        const answer = await connection.send({ method: 'GET', path, signal });
        failed = failureIn(answer) ?? failed;
        return lroResponse(answer);
      },
    },
    {
      intervalInMs: intervalMs,
      resolveOnUnsuccessful: true, // the library's own error has lost the service's code
      ...('state' in beginning ? { restoreFrom: beginning.state } : {}),
    },
  );
  if (!poller.isDone()) onAccepted?.(poller.toString());
  const result = await poller.pollUntilDone(signal === undefined ? {} : { abortSignal: signal });
  const { status } = poller.getOperationState();
  if (status === 'succeeded') return result;
  throw (
    failed ?? new OperationFailed({ code: 'Canceled', message: say`The operation was cancelled.` })
  );
}

function lroResponse({ body, headers, status }: ArmResponse): LroResponse {
  return { flatResponse: body, rawResponse: { statusCode: status, headers, body } };
}

function failureIn({ body }: ArmResponse): OperationFailed | null {
  const { status, properties } = (body ?? {}) as {
    status?: unknown;
    properties?: { provisioningState?: unknown };
  };
  const state = typeof status === 'string' ? status : properties?.provisioningState;
  if (typeof state !== 'string' || !/^(failed|canceled|cancelled)$/i.test(state)) return null;
  const error = (body as { error?: unknown }).error;
  return new OperationFailed(serviceErrorOf({ error }) ?? { code: state, message: '' });
}
