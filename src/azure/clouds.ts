/** The Azure clouds and their addresses, and which addresses a token may go to. */
import { AppError } from '../shared/errors.ts';
import { say } from '../shared/language.ts';

export interface AzureCloud {
  readonly name: 'AzureCloud' | 'AzureChinaCloud' | 'AzureUSGovernment' | 'custom';
  /** Address of the resource manager, without a slash at its end. */
  readonly endpoint: string;
  /** What a token for the resource manager is asked for. */
  readonly scope: string;
  /** Address of Azure Machine Learning studio; empty where there is none. */
  readonly studio: string;
  /** Where users ask for quota and the like; empty where there is none. */
  readonly portal: string;
  /** What the names of storage accounts' hosts end with; of a custom cloud its own host. */
  readonly storageSuffix: string;
}

/** Where a token may go, and what it is asked for. */
export type TokenTarget = Pick<AzureCloud, 'endpoint' | 'scope'>;

export const publicCloud: AzureCloud = {
  name: 'AzureCloud',
  endpoint: 'https://management.azure.com',
  scope: 'https://management.core.windows.net/.default',
  studio: 'https://ml.azure.com',
  portal: 'https://portal.azure.com',
  storageSuffix: 'core.windows.net',
};

export const chinaCloud: AzureCloud = {
  name: 'AzureChinaCloud',
  endpoint: 'https://management.chinacloudapi.cn',
  scope: 'https://management.core.chinacloudapi.cn/.default',
  studio: 'https://ml.azure.cn',
  portal: 'https://portal.azure.cn',
  storageSuffix: 'core.chinacloudapi.cn',
};

export const governmentCloud: AzureCloud = {
  name: 'AzureUSGovernment',
  endpoint: 'https://management.usgovcloudapi.net',
  scope: 'https://management.core.usgovcloudapi.net/.default',
  studio: 'https://ml.azure.us',
  portal: 'https://portal.azure.us',
  storageSuffix: 'core.usgovcloudapi.net',
};

/**
 * A cloud at any address, such as the demo's. No real token goes there: see `AzureConnection`.
 * @param endpoint `https:`, or `http:` on this machine. @throws AppError `input.invalid`
 */
export function customCloud(endpoint: string): AzureCloud {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : null;
  const safe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url));
  if (url === null || !safe) {
    throw new AppError(
      'input.invalid',
      say`${endpoint} is no address for a cloud: use https, or http on 127.0.0.1.`,
    );
  }
  const { hostname, origin } = url;
  return {
    name: 'custom',
    endpoint: origin,
    scope: `${origin}/.default`,
    studio: '',
    portal: '',
    storageSuffix: hostname,
  };
}

/**
 * Holds every request to the chosen cloud, also those whose address came in an answer (next page, state of an
 * operation): a hostile one would get the user's token. @throws AppError `azure.foreignHost`
 */
export function requireCloudHost(cloud: TokenTarget, address: string): void {
  const own = new URL(cloud.endpoint);
  const url = URL.canParse(address) ? new URL(address) : null;
  // Host names have no upper case after parsing; a user part would hide the true host from people.
  if (url !== null && url.origin === own.origin && url.username === '' && url.password === '') {
    return;
  }
  throw new AppError(
    'azure.foreignHost',
    say`An answer of Azure leads to ${url?.host ?? address}, which is not ${own.host}. Nothing was sent there; try again, and tell your administrator if it stays so.`,
  );
}

/**
 * Holds what is sent for a storage account, its key's signature among it, to the hosts that the cloud gives such accounts.
 * @param address from the account's description. @throws AppError `azure.foreignHost`
 */
export function requireStorageHost(cloud: AzureCloud, address: string): void {
  const url = URL.canParse(address) ? new URL(address) : null;
  const suffixes = [cloud.storageSuffix];
  // Accounts with `dnsEndpointType: AzureDnsZone`.
  if (cloud.name === 'AzureCloud') suffixes.push('storage.azure.net');
  const isOwn =
    cloud.name === 'custom'
      ? url?.hostname === cloud.storageSuffix
      : url?.protocol === 'https:' && suffixes.some((end) => url.hostname.endsWith(`.${end}`));
  if (isOwn && url?.username === '') return;
  throw new AppError(
    'azure.foreignHost',
    say`The storage account leads to ${url?.host ?? address}, which is not of ${cloud.storageSuffix}. Nothing was sent there; tell your administrator.`,
  );
}

/** Only there may a request go without TLS. */
export function isLoopback(url: URL): boolean {
  return ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
}
