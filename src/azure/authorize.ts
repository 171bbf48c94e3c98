/** The policy that lets a request go: only to the cloud's own host, with a token, answering a claims challenge once. */
import { bearerTokenAuthenticationPolicyName } from '@azure/core-rest-pipeline';
import type { PipelinePolicy, PipelineRequest } from '@azure/core-rest-pipeline';
import { AppError } from '../shared/errors.ts';
import { say } from '../shared/language.ts';
import { isLoopback, requireCloudHost } from './clouds.ts';
import type { TokenTarget } from './clouds.ts';
import type { AzureCredential } from './credentials.ts';

/**
 * Takes the place of the library's policy of that name, which forbids http altogether and knows no hosts.
 * @throws AppError `azure.signIn` where there is no token, `azure.foreignHost`
 */
export function authorizePolicy(cloud: TokenTarget, credential: AzureCredential): PipelinePolicy {
  const sign = async (request: PipelineRequest, claims?: string) => {
    requireCloudHost(cloud, request.url);
    const signal = request.abortSignal === undefined ? {} : { abortSignal: request.abortSignal };
    const token = await credential.getToken(
      cloud.scope,
      claims === undefined ? signal : { ...signal, claims },
    );
    if (token === null) throw needsSignIn();
    request.headers.set('Authorization', `Bearer ${token.token}`);
    const isFake = credential.realm === 'fake';
    request.allowInsecureConnection = isFake && isLoopback(new URL(request.url));
  };
  return {
    name: bearerTokenAuthenticationPolicyName,
    async sendRequest(request, next) {
      await sign(request);
      const response = await next(request);
      if (response.status !== 401) return response;
      const claims = claimsOf(response.headers.get('WWW-Authenticate'));
      if (claims === null) return response;
      await sign(request, claims);
      return next(request);
    },
  };
}

export function needsSignIn(): AppError {
  return new AppError('azure.signIn', say`Azure wants you to sign in again.`);
}

/**
 * What a tenant wants to know besides the name: a second factor, another place. JSON, from the header's base64.
 * @see https://learn.microsoft.com/entra/identity-platform/claims-challenge
 */
export function claimsOf(header: string | undefined): string | null {
  if (header === undefined || !/error="?insufficient_claims/i.test(header)) return null;
  const encoded = /\bclaims="([^"]+)"/i.exec(header)?.[1];
  return encoded === undefined ? null : Buffer.from(encoded, 'base64').toString('utf8');
}
