/** Whose Azure the tree shows: accounts of VS Code, another identity by setting, a custom endpoint, the demo. */
import { authentication, l10n } from 'vscode';
import { chinaCloud, customCloud, governmentCloud, publicCloud } from '../../azure/clouds.ts';
import type { AzureCloud } from '../../azure/clouds.ts';
import { AzureConnection } from '../../azure/connection.ts';
import type { ConnectionOptions } from '../../azure/connection.ts';
import { fakeCredential, identityCredential } from '../../azure/credentials.ts';
import type { AzureCredential, IdentitySource } from '../../azure/credentials.ts';
import { listTenants } from '../../azure/subscriptions.ts';
import type { Tenant } from '../../azure/subscriptions.ts';
import { AppError } from '../../shared/errors.ts';
import { azureSettings } from './azureSettings.ts';
import { answerWishes, tenantScopes, VscodeCredential } from './vscodeCredential.ts';

export type ConnectionParts = Pick<ConnectionOptions, 'log' | 'onWait'>;

export interface AzureAccount {
  readonly id: string;
  readonly label: string;
  readonly cloud: AzureCloud;
  /** Ways in, one for each tenant; `null` for a tenant that wants a sign-in of its own. */
  access(): Promise<readonly TenantAccess[]>;
  /** Asks the user; for the home tenant where none is given. */
  signIn?(tenantId?: string): Promise<void>;
}

export interface TenantAccess {
  readonly tenant: Tenant | null;
  readonly connection: AzureConnection | null;
}

/** The provider that stands in for VS Code's own in tests; it only ever meets a custom endpoint. */
export interface AccountOptions {
  readonly parts: ConnectionParts;
  readonly testProvider: string | null;
  /** Address of the demo while it is open. */
  readonly demo: string | null;
}

/** The demo's account while it is open: it is there whatever becomes of others. */
export function demoAccounts({ demo, parts }: AccountOptions): readonly AzureAccount[] {
  if (demo === null) return [];
  return [fixedAccount(customCloud(demo), l10n.t('Demo Cloud (made up)'), parts)];
}

/** All but the demo's. @throws AppError `azure.signIn` where VS Code has no such accounts */
export async function listAccounts(options: AccountOptions): Promise<readonly AzureAccount[]> {
  const { parts, testProvider } = options;
  const { credential, endpoint } = azureSettings();
  if (endpoint !== '' && testProvider === null) {
    const cloud = customCloud(endpoint);
    const label = l10n.t('Test cloud at {0}', new URL(cloud.endpoint).host);
    return [fixedAccount(cloud, label, parts)];
  }
  if (credential !== 'vscode') return [identityAccount(credential, parts)];
  return vscodeAccounts(options);
}

/** Where VS Code's accounts lead, and who gives their tokens. */
export function signInTarget(testProvider: string | null): {
  readonly cloud: AzureCloud;
  readonly provider: string;
  readonly realm: AzureCredential['realm'];
} {
  const { endpoint, sovereign } = azureSettings();
  if (testProvider !== null && endpoint !== '') {
    return { cloud: customCloud(endpoint), provider: testProvider, realm: 'fake' };
  }
  const realm = 'microsoft';
  if (sovereign === 'none') return { cloud: publicCloud, provider: 'microsoft', realm };
  const cloud = sovereign === 'ChinaCloud' ? chinaCloud : governmentCloud;
  return { cloud, provider: 'microsoft-sovereign-cloud', realm };
}

/** Gives what a directory waits for; else adds an account, or lets the user choose one that VS Code has. */
export async function signInAnew(testProvider: string | null): Promise<void> {
  const { cloud, provider } = signInTarget(testProvider);
  if (await answerWishes(provider, cloud.scope)) return;
  await authentication.getSession(provider, tenantScopes(cloud.scope), {
    createIfNone: true,
    clearSessionPreference: true,
  });
}

async function vscodeAccounts({ parts, testProvider }: AccountOptions): Promise<AzureAccount[]> {
  const { cloud, provider, realm } = signInTarget(testProvider);
  const accounts = await known(provider);
  return accounts.map((account) => {
    const credential = (tenantId?: string) =>
      new VscodeCredential({ provider, account, tenantId, realm });
    const connect = (tenantId?: string) =>
      new AzureConnection({ cloud, credential: credential(tenantId), ...parts });
    const access = async (): Promise<readonly TenantAccess[]> => {
      const tenants = await listTenants(connect());
      return Promise.all(
        tenants.map(async (tenant) => {
          const token = await credential(tenant.tenantId).getToken(cloud.scope);
          return { tenant, connection: token === null ? null : connect(tenant.tenantId) };
        }),
      );
    };
    return {
      id: `${provider}/${account.id}`,
      label: account.label,
      cloud,
      access,
      signIn: (tenantId?: string) => credential(tenantId).signIn(cloud.scope),
    };
  });
}

async function known(provider: string) {
  try {
    return await authentication.getAccounts(provider);
  } catch (error) {
    const text = l10n.t(
      'This VS Code has no Microsoft accounts. Set trainbench.azure.credential to azureCli to sign in with the Azure CLI.',
    );
    throw new AppError('azure.signIn', text, { cause: error });
  }
}

function fixedAccount(cloud: AzureCloud, label: string, parts: ConnectionParts): AzureAccount {
  const connection = new AzureConnection({ cloud, credential: fakeCredential, ...parts });
  const access = () => Promise.resolve([{ tenant: null, connection }]);
  return { id: cloud.endpoint, label, cloud, access };
}

const authorities: Readonly<Record<string, string>> = {
  AzureChinaCloud: 'https://login.chinacloudapi.cn',
  AzureUSGovernment: 'https://login.microsoftonline.us',
};

function identityAccount(source: IdentitySource, parts: ConnectionParts): AzureAccount {
  const { cloud } = signInTarget(null);
  const labels: Readonly<Record<IdentitySource, string>> = {
    azureCli: l10n.t('Azure CLI'),
    environment: l10n.t('Service principal of the environment'),
    managedIdentity: l10n.t('Managed identity'),
  };
  const access = async () => {
    const credential = await identityCredential(source, authorities[cloud.name]);
    return [{ tenant: null, connection: new AzureConnection({ cloud, credential, ...parts }) }];
  };
  return { id: source, label: labels[source], cloud, access };
}
