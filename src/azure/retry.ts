/** Which answers are asked for again and when. Waits are told of, so that nobody wonders, and end with the request's signal. */
import { retryPolicy } from '@azure/core-rest-pipeline';
import type {
  PipelinePolicy,
  PipelineRequest,
  PipelineResponse,
  RetryStrategy,
} from '@azure/core-rest-pipeline';

/** A request waits because the service said so. */
export interface Wait {
  readonly milliseconds: number;
  readonly status: number;
  /** Path of what was asked for. */
  readonly path: string;
  /** Gives the request up. */
  cancel(): void;
}

export const maxRetries = 6;

const transient = [408, 500, 502, 503, 504];
/** Connections that ended by themselves; the request had no answer. */
const lostConnections = ['ECONNRESET', 'ETIMEDOUT', 'EPIPE', 'EAI_AGAIN'];
const firstDelayMs = 500;

/** In place of the library's own, which waits silently. */
export function patientRetryPolicy(onWait: (wait: Wait) => void): PipelinePolicy {
  const stops = new WeakMap<PipelineRequest, AbortController>();
  const byRetryAfter: RetryStrategy = {
    name: 'retryAfter',
    retry({ response }) {
      const milliseconds = response === undefined ? null : retryAfterMs(response);
      if (response === undefined || milliseconds === null) return { skipStrategy: true };
      const path = new URL(response.request.url).pathname;
      const cancel = () => stops.get(response.request)?.abort();
      onWait({ milliseconds, status: response.status, path, cancel });
      return { retryAfterInMs: milliseconds };
    },
  };
  const byPatience: RetryStrategy = {
    name: 'patience',
    retry({ response, responseError, retryCount }) {
      const code = responseError?.code ?? '';
      const again =
        response === undefined
          ? lostConnections.includes(code)
          : transient.includes(response.status);
      // Twice is enough for a service that fails without a word about when to come back.
      if (!again || retryCount >= 2) return { skipStrategy: true };
      return { retryAfterInMs: firstDelayMs * 2 ** retryCount };
    },
  };
  const inner = retryPolicy([byRetryAfter, byPatience], { maxRetries });
  return {
    name: inner.name,
    async sendRequest(request, next) {
      const stop = new AbortController();
      const outer = request.abortSignal;
      const abort = () => stop.abort();
      if (outer?.aborted === true) abort();
      outer?.addEventListener('abort', abort);
      stops.set(request, stop);
      request.abortSignal = stop.signal;
      try {
        return await inner.sendRequest(request, next);
      } finally {
        outer?.removeEventListener('abort', abort);
      }
    },
  };
}

/** Of 429 and 503: seconds, milliseconds or a date. Null where the service gives none, or did not refuse. */
export function retryAfterMs({
  status,
  headers,
}: Pick<PipelineResponse, 'status' | 'headers'>): number | null {
  if (status !== 429 && status !== 503) return null;
  const precise = headers.get('x-ms-retry-after-ms') ?? headers.get('retry-after-ms');
  if (precise !== undefined) return Math.max(0, Number(precise)) || 0;
  const given = headers.get('Retry-After');
  if (given === undefined) return null;
  const seconds = Number(given);
  const milliseconds = Number.isNaN(seconds) ? Date.parse(given) - Date.now() : 1000 * seconds;
  return Number.isNaN(milliseconds) ? null : Math.max(0, milliseconds);
}
