/** One line a request in the log: what was asked, the answer's status, how long it took, the service's id for support. */
import type { PipelinePolicy } from '@azure/core-rest-pipeline';
import { redact } from '../shared/redact.ts';

/** Bodies and headers never get here, and what an address may hold is taken out. */
export function logRequestsPolicy(log: (line: string) => void): PipelinePolicy {
  return {
    name: 'trainbenchLog',
    async sendRequest(request, next) {
      const begun = performance.now();
      const url = new URL(request.url);
      const asked = redact(`${request.method} ${url.pathname}${url.search}`);
      const took = () => `${Math.round(performance.now() - begun)} ms`;
      try {
        const response = await next(request);
        const id = response.headers.get('x-ms-request-id') ?? '';
        log(`Azure: ${asked} ${response.status}, ${took()}${id === '' ? '' : `, ${redact(id)}`}`);
        return response;
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        log(`Azure: ${asked} failed after ${took()}: ${redact(reason)}`);
        throw error;
      }
    },
  };
}
