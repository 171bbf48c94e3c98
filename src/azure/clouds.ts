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
}

export const publicCloud: AzureCloud = {
  name: 'AzureCloud',
  endpoint: 'https://management.azure.com',
  scope: 'https://management.core.windows.net/.default',
  studio: 'https://ml.azure.com',
  portal: 'https://portal.azure.com',
};

export const chinaCloud: AzureCloud = {
  name: 'AzureChinaCloud',
  endpoint: 'https://management.chinacloudapi.cn',
  scope: 'https://management.core.chinacloudapi.cn/.default',
  studio: 'https://ml.azure.cn',
  portal: 'https://portal.azure.cn',
};

export const governmentCloud: AzureCloud = {
  name: 'AzureUSGovernment',
  endpoint: 'https://management.usgovcloudapi.net',
  scope: 'https://management.core.usgovcloudapi.net/.default',
  studio: 'https://ml.azure.us',
  portal: 'https://portal.azure.us',
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
  const { origin } = url;
  return { name: 'custom', endpoint: origin, scope: `${origin}/.default`, studio: '', portal: '' };
}

/**
 * Holds every request to the chosen cloud, also those whose address came in an answer (next page, state of an
 * operation): a hostile one would get the user's token. @throws AppError `azure.foreignHost`
 */
export function requireCloudHost(cloud: AzureCloud, address: string): void {
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

/** Only there may a request go without TLS. */
export function isLoopback(url: URL): boolean {
  return ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
}
