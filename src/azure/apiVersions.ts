/** Which version of the service's interface each request speaks; the library knows only an old one. */
import type { PipelinePolicy } from '@azure/core-rest-pipeline';

/** The newest with a full specification that our tests check against. */
export const defaultApiVersion = '2024-04-01';

/** First match by `METHOD path` decides. What is not Machine Learning has versions of its own. */
const overrides: readonly (readonly [RegExp, string])[] = [
  [/^GET \/(subscriptions|tenants)(\/[^/]+)?$/i, '2022-12-01'],
  [/^GET \/subscriptions\/[^/]+\/locations$/i, '2022-12-01'],
  // No specification of these is at hand to our tests, which count them apart.
  [/\/providers\/Microsoft\.Network\//i, '2023-09-01'],
  [/ \/subscriptions\/[^/]+\/(resourcegroups(\/[^/]+)?(\/resources)?|resources)$/i, '2024-03-01'],
  [/\/providers\/Microsoft\.Storage\//i, '2023-05-01'],
  [/\/providers\/Microsoft\.Compute\//i, '2024-03-01'],
  [/\/providers\/Microsoft\.HDInsight\//i, '2021-06-01'],
  [/\/providers\/Microsoft\.Databricks\//i, '2024-05-01'],
];

/** @param path without query. */
export function apiVersionFor(method: string, path: string): string {
  const request = `${method} ${path.replace(/\/+$/, '')}`;
  return overrides.find(([pattern]) => pattern.test(request))?.[1] ?? defaultApiVersion;
}

/** Addresses that the service gave (next page, state of an operation) keep the version that they came with. */
export function apiVersionPolicy(): PipelinePolicy {
  return {
    name: 'trainbenchApiVersion',
    sendRequest(request, next) {
      const url = new URL(request.url);
      const version = url.searchParams.get('api-version');
      if (version === null || version === libraryVersion) {
        url.searchParams.set('api-version', apiVersionFor(request.method, url.pathname));
        request.url = url.href;
      }
      return next(request);
    },
  };
}

/** What `@azure/arm-machinelearning` writes into its requests. */
const libraryVersion = '2022-10-01';
