/** Who the user is to Azure: a `TokenCredential` that also says whether its tokens are worth stealing. */
import type { AccessToken, GetTokenOptions, TokenCredential } from '@azure/core-auth';

export interface AzureCredential extends TokenCredential {
  /** Tokens of `fake` ones open nothing but a rig; only they may go to a custom endpoint. */
  readonly realm: 'microsoft' | 'fake';
}

/** The one token that a rig takes. It is no secret. */
export const fakeToken = 'trainbench-demo';

export const fakeCredential: AzureCredential = {
  realm: 'fake',
  getToken: () => Promise.resolve({ token: fakeToken, expiresOnTimestamp: Infinity }),
};

/** Sources other than VS Code's own accounts, by the name that the setting has for them. */
export const identitySources = ['azureCli', 'environment', 'managedIdentity'] as const;
export type IdentitySource = (typeof identitySources)[number];

/** Loads `@azure/identity`, which takes a moment; nobody pays for it who signs in with VS Code. */
export async function identityCredential(
  source: IdentitySource,
  authorityHost?: string,
): Promise<AzureCredential> {
  const { AzureCliCredential, EnvironmentCredential, ManagedIdentityCredential } =
    await import('@azure/identity');
  const authority = authorityHost === undefined ? {} : { authorityHost };
  const credentials = {
    azureCli: () => new AzureCliCredential(),
    environment: () => new EnvironmentCredential(authority),
    managedIdentity: () => new ManagedIdentityCredential(),
  } as const satisfies Readonly<Record<IdentitySource, () => TokenCredential>>;
  return keepTokens(credentials[source]());
}

/** How long before its end a token is replaced. */
const marginMs = 120_000;

/**
 * Asks again only for another scope or near the end: the Azure CLI takes a second for each token. A claims challenge
 * means that the kept one is not good enough.
 */
export function keepTokens(source: TokenCredential): AzureCredential {
  const kept = new Map<string, AccessToken>();
  return {
    realm: 'microsoft',
    async getToken(scopes, options: GetTokenOptions = {}) {
      const key = JSON.stringify([scopes, options.tenantId]);
      const known = kept.get(key);
      const fresh = known !== undefined && known.expiresOnTimestamp - marginMs > Date.now();
      if (fresh && options.claims === undefined) return known;
      const token = await source.getToken(scopes, options);
      if (token !== null) kept.set(key, token);
      return token;
    },
  };
}
