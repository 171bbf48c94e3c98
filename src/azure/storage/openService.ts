/** Opens the service of an account that keeps containers or shares. The Azure SDK's clients are loaded with the first. */
import { AppError } from '../../shared/errors.ts';
import { say } from '../../shared/language.ts';
import type { StorageAccess } from './access.ts';
import type { StorageAccount } from './storageAccounts.ts';
import type { StoreService } from './store.ts';

export const storeKinds = ['container', 'share'] as const;
export type StoreKind = (typeof storeKinds)[number];

/** @throws AppError `input.invalid` where accounts of its kind have no such service, `azure.*` where there is no way in. */
export async function openService(
  access: StorageAccess,
  account: StorageAccount,
  kind: StoreKind,
): Promise<StoreService> {
  const address = kind === 'container' ? account.blobs : account.files;
  if (address === undefined) {
    const text =
      kind === 'container'
        ? say`The storage account ${account.name} keeps no blobs: its kind has none.`
        : say`The storage account ${account.name} keeps no file shares: its kind has none.`;
    throw new AppError('input.invalid', text);
  }
  const entrance = await access.enter(account, address);
  if (kind === 'container') {
    const { BlobService } = await import('./blobStore.ts');
    return new BlobService(account.name, entrance);
  }
  const { FileService } = await import('./fileStore.ts');
  return new FileService(account.name, entrance);
}

/** 3 to 63 lower case letters, digits and single hyphens between them: the same for containers and shares. */
export const storeNamePattern = /^(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*$/;
