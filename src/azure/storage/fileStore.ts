/** File shares of an account: folders and files, as on a disk. */
import {
  AnonymousCredential,
  newPipeline,
  ShareServiceClient,
  StorageSharedKeyCredential,
} from '@azure/storage-file-share';
import type { ShareClient, ShareDirectoryClient, ShareFileClient } from '@azure/storage-file-share';
import { randomUUID } from 'node:crypto';
import type { Page } from '../pagedList.ts';
import type { Entrance } from './access.ts';
import { ends, onePage } from './libraryCalls.ts';
import type { Store, StoredItem, StoreService, Transfer, UploadOptions } from './store.ts';

/** The largest range that the service takes at once. */
const rangeBytes = 4 * 2 ** 20;
const concurrency = 4;

export class FileService implements StoreService {
  readonly #service: ShareServiceClient;

  constructor(accountName: string, { address, key, options }: Entrance) {
    const credential =
      key === null ? new AnonymousCredential() : new StorageSharedKeyCredential(accountName, key);
    // People's own identities reach shares only with a stated intent, and with a role that fits it.
    const intent = key === null ? ({ fileRequestIntent: 'backup' } as const) : {};
    this.#service = new ShareServiceClient(address, newPipeline(credential, options), intent);
    options.additionalPolicies.length = 0; // clients of shares and files share the pipeline, which has them now
  }

  async list(address: string | undefined): Promise<Page<string>> {
    const page = await onePage(this.#service.listShares(), address);
    const names = (page?.shareItems ?? []).map(({ name }) => name);
    return { items: names, next: page?.continuationToken || undefined };
  }

  async create(share: string): Promise<void> {
    await this.#service.createShare(share);
  }

  async remove(share: string): Promise<void> {
    await this.#service.deleteShare(share);
  }

  store(share: string): Store {
    return new FileStore(this.#service.getShareClient(share));
  }
}

class FileStore implements Store {
  readonly #share: ShareClient;
  /** Known to be there: an upload of many files looks once for each folder. */
  readonly #folders = new Map<string, Promise<void>>();

  constructor(share: ShareClient) {
    this.#share = share;
  }

  async page(
    folder: string,
    address: string | undefined,
    signal?: AbortSignal,
  ): Promise<Page<StoredItem>> {
    const list = this.#folder(folder).listFilesAndDirectories({
      includeTimestamps: true,
      ...ends(signal),
    });
    const value = await onePage(list, address);
    if (value === null) return { items: [], next: undefined };
    const { directoryItems, fileItems } = value.segment;
    const pathOf = (name: string) => (folder === '' ? name : `${folder}/${name}`);
    return {
      items: [
        ...directoryItems.map(
          ({ name }) =>
            ({ kind: 'folder', path: pathOf(name), size: null, modified: null }) as const,
        ),
        ...fileItems.map(
          ({ name, properties }) =>
            ({
              kind: 'file',
              path: pathOf(name),
              size: properties.contentLength,
              modified: properties.lastModified ?? null,
            }) as const,
        ),
      ],
      next: value.continuationToken || undefined,
    };
  }

  hasFile(path: string, signal?: AbortSignal): Promise<boolean> {
    return this.#file(path).exists(ends(signal));
  }

  /** Written under another name, which is hidden on most systems, and renamed when it is whole. */
  async upload(localFile: string, path: string, options: UploadOptions): Promise<void> {
    const { onBytes, overwrite, signal } = options;
    const { folder, name } = split(path);
    await this.makeFolder(folder, signal);
    const part = this.#folder(folder).getFileClient(`.${name.slice(0, 100)}.${randomUUID()}.part`);
    try {
      await part.uploadFile(localFile, {
        ...ends(signal),
        rangeSize: rangeBytes,
        concurrency,
        onProgress: ({ loadedBytes }) => onBytes?.(loadedBytes),
      });
      await part.rename(path, { replaceIfExists: overwrite, ...ends(signal) });
    } catch (error) {
      await part.deleteIfExists().catch(() => undefined); // what ended the upload is worth telling
      throw error;
    }
  }

  async download(path: string, localFile: string, transfer: Transfer): Promise<number> {
    const { onBytes, signal } = transfer;
    const { contentLength } = await this.#file(path).downloadToFile(localFile, 0, undefined, {
      ...ends(signal),
      onProgress: ({ loadedBytes }) => onBytes?.(loadedBytes),
    });
    return contentLength ?? 0;
  }

  async makeFolder(path: string, signal?: AbortSignal): Promise<void> {
    if (path === '') return;
    const known = this.#folders.get(path);
    if (known !== undefined) return known;
    const made = (async () => {
      await this.makeFolder(split(path).folder, signal);
      await this.#folder(path).createIfNotExists(ends(signal));
    })();
    this.#folders.set(path, made);
    made.catch(() => this.#folders.delete(path));
    return made;
  }

  async removeFile(path: string, signal?: AbortSignal): Promise<void> {
    await this.#file(path).deleteIfExists(ends(signal));
  }

  async removeFolder(path: string, signal?: AbortSignal): Promise<void> {
    this.#folders.delete(path);
    await this.#folder(path).deleteIfExists(ends(signal));
  }

  #folder(path: string): ShareDirectoryClient {
    return path === '' ? this.#share.rootDirectoryClient : this.#share.getDirectoryClient(path);
  }

  #file(path: string): ShareFileClient {
    const { folder, name } = split(path);
    return this.#folder(folder).getFileClient(name);
  }
}

function split(path: string): { readonly folder: string; readonly name: string } {
  const at = path.lastIndexOf('/');
  return { folder: path.slice(0, Math.max(0, at)), name: path.slice(at + 1) };
}
