/** Tokens of the accounts that VS Code knows. Never asks the user: that is the part of the command *Sign In*. */
import { authentication } from 'vscode';
import type { AuthenticationSessionAccountInformation } from 'vscode';
import type { GetTokenOptions } from '@azure/core-auth';
import type { AzureCredential } from '../../azure/credentials.ts';

export interface VscodeIdentity {
  /** `microsoft`, `microsoft-sovereign-cloud`, or a test's. */
  readonly provider: string;
  readonly account: AuthenticationSessionAccountInformation;
  /** Undefined for the account's home. */
  readonly tenantId?: string | undefined;
  readonly realm: AzureCredential['realm'];
}

/**
 * What directories wanted besides a sign-in, such as a second factor, and the silent way could not give: kept until the
 * user signs in. Accounts are listed anew all the time, so this is kept beside them.
 */
const wanted = new Map<string, { readonly identity: VscodeIdentity; readonly claims: string }>();

export class VscodeCredential implements AzureCredential {
  readonly realm: AzureCredential['realm'];
  readonly #identity: VscodeIdentity;

  constructor(identity: VscodeIdentity) {
    this.#identity = identity;
    this.realm = identity.realm;
  }

  async getToken(scopes: string | string[], { claims }: GetTokenOptions = {}) {
    const token = await this.#token(scopes, { claims, silent: true });
    if (token === null && claims !== undefined) {
      wanted.set(this.#key, { identity: this.#identity, claims });
    }
    return token;
  }

  /** Asks the user where that is needed; only from a command. */
  async signIn(scope: string): Promise<void> {
    const claims = wanted.get(this.#key)?.claims;
    await this.#token(scope, { claims, silent: false });
    wanted.delete(this.#key);
  }

  get #key(): string {
    const { account, provider, tenantId = '' } = this.#identity;
    return [provider, account.id, tenantId].join(' ');
  }

  async #token(
    scopes: string | string[],
    { claims, silent }: { readonly claims: string | undefined; readonly silent: boolean },
  ) {
    const { account, provider, tenantId } = this.#identity;
    const plain = tenantScopes(scopes, tenantId);
    const request =
      claims === undefined ? plain : { wwwAuthenticate: challenge(claims), fallbackScopes: plain };
    const how = silent ? ({ silent: true } as const) : ({ createIfNone: true } as const);
    const session = await authentication.getSession(provider, request, { ...how, account });
    if (session === undefined) return null;
    // Asked for anew each time, which costs little: VS Code keeps and renews it, and knows of a sign-out at once.
    return { token: session.accessToken, expiresOnTimestamp: 0 };
  }
}

/** Asks the user for what directories wanted besides. @returns whether there was any such wish. */
export async function answerWishes(provider: string, scope: string): Promise<boolean> {
  const own = [...wanted.values()].filter(({ identity }) => identity.provider === provider);
  for (const { identity } of own) await new VscodeCredential(identity).signIn(scope);
  return own.length > 0;
}

export function tenantScopes(scopes: string | string[], tenantId?: string): string[] {
  const list = typeof scopes === 'string' ? [scopes] : scopes;
  return tenantId === undefined ? list : [...list, `VSCODE_TENANT:${tenantId}`];
}

/** The header that the claims came in. */
function challenge(claims: string): string {
  return `Bearer error="insufficient_claims", claims="${Buffer.from(claims).toString('base64')}"`;
}
