/**
 * Ways into storage accounts: by their key, which stays in memory, or by the user's own identity where keys are not for him
 * or not allowed. Requests go through the policies of all our requests, so that logging, patience, cancelling and the guard
 * of hosts are one.
 */
import type { PipelinePolicy } from '@azure/core-rest-pipeline';
import { isError } from '../../shared/errors.ts';
import { authorizePolicy } from '../authorize.ts';
import { requireCloudHost, requireStorageHost } from '../clouds.ts';
import type { TokenTarget } from '../clouds.ts';
import type { AzureConnection } from '../connection.ts';
import { explained } from '../explain.ts';
import { logRequestsPolicy } from '../logRequests.ts';
import { patientRetryPolicy } from '../retry.ts';
import { accountPath, readKey } from './storageAccounts.ts';
import type { StorageAccount } from './storageAccounts.ts';

/** The same in all clouds. */
const storageScope = 'https://storage.azure.com/.default';

/** What a client of the library is made with. */
export interface Entrance {
  /** Of the service, with a slash at its end. */
  readonly address: string;
  /** Null where the user's own identity signs. */
  readonly key: string | null;
  readonly options: EntranceOptions;
}

/** The library's clients of one account share a pipeline, which takes each policy once: `taken` tells that it has them. */
export interface EntranceOptions {
  readonly additionalPolicies: {
    readonly policy: PipelinePolicy;
    readonly position: 'perCall' | 'perRetry';
  }[];
  /** Our own policy tries again. */
  readonly retryOptions: { readonly maxTries: 1 };
}

export class StorageAccess {
  readonly #connection: AzureConnection;
  readonly #keys = new Map<string, Promise<string | null>>();

  constructor(connection: AzureConnection) {
    this.#connection = connection;
  }

  /** @throws AppError `azure.foreignHost` for an address that is not of the cloud. */
  async enter(account: StorageAccount, address: string): Promise<Entrance> {
    const { cloud, options } = this.#connection;
    requireStorageHost(cloud, address);
    const key = await this.#key(account);
    const target = { endpoint: new URL(address).origin, scope: storageScope };
    const sign = key === null ? [authorizePolicy(target, options.credential)] : [];
    const forget = () => this.#keys.delete(accountPath(account));
    return {
      address,
      key,
      options: {
        retryOptions: { maxTries: 1 },
        additionalPolicies: [
          { policy: patientRetryPolicy(options.onWait ?? (() => undefined)), position: 'perCall' },
          ...[...sign, guardPolicy(target, forget), logRequestsPolicy(options.log)].map(
            (policy) => ({ policy, position: 'perRetry' as const }),
          ),
        ],
      },
    };
  }

  /** Null where only the user's own identity is left. */
  #key(account: StorageAccount): Promise<string | null> {
    if (!account.takesKeys) return Promise.resolve(null);
    const path = accountPath(account);
    const known = this.#keys.get(path);
    if (known !== undefined) return known;
    const attempt = { what: account.name, role: 'Contributor' } as const;
    const found = explained(attempt, () => readKey(this.#connection, account));
    const key = found.catch((error: unknown) => {
      // Who may not see keys may still have a role for the data.
      if (isError(error, 'azure.forbidden')) return null;
      this.#keys.delete(path);
      throw error;
    });
    this.#keys.set(path, key);
    return key;
  }
}

/** Nothing leaves for another host, also after a redirect; a key that is not taken any more is read anew the next time. */
function guardPolicy(target: TokenTarget, forget: () => void): PipelinePolicy {
  return {
    name: 'trainbenchStorageGuard',
    async sendRequest(request, next) {
      requireCloudHost(target, request.url);
      const response = await next(request);
      const code = response.headers.get('x-ms-error-code');
      if (response.status === 403 && code === 'AuthenticationFailed') forget();
      return response;
    },
  };
}
