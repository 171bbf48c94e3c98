/** Blob containers of an account. Folders are parts of the names of blobs. */
import {
  AnonymousCredential,
  BlobServiceClient,
  newPipeline,
  StorageSharedKeyCredential,
} from '@azure/storage-blob';
import type { ContainerClient } from '@azure/storage-blob';
import { stat } from 'node:fs/promises';
import type { Page } from '../pagedList.ts';
import type { Entrance } from './access.ts';
import { ends, onePage } from './libraryCalls.ts';
import type { Store, StoredItem, StoreService, Transfer, UploadOptions } from './store.ts';

/** Files up to this size go in one request, larger ones in blocks of it: each tells of progress and can be sent again. */
const blockBytes = 4 * 2 ** 20;
/** Blocks that a blob may have. */
const mostBlocks = 50_000;
const concurrency = 4;

export class BlobService implements StoreService {
  readonly #service: BlobServiceClient;

  constructor(accountName: string, { address, key, options }: Entrance) {
    const credential =
      key === null ? new AnonymousCredential() : new StorageSharedKeyCredential(accountName, key);
    this.#service = new BlobServiceClient(address, newPipeline(credential, options));
    options.additionalPolicies.length = 0; // clients of containers and blobs share the pipeline, which has them now
  }

  async list(address: string | undefined): Promise<Page<string>> {
    const page = await onePage(this.#service.listContainers(), address);
    const names = (page?.containerItems ?? []).map(({ name }) => name);
    return { items: names, next: page?.continuationToken || undefined };
  }

  async create(container: string): Promise<void> {
    await this.#service.createContainer(container);
  }

  async remove(container: string): Promise<void> {
    await this.#service.deleteContainer(container);
  }

  store(container: string): Store {
    return new BlobStore(this.#service.getContainerClient(container));
  }
}

class BlobStore implements Store {
  readonly #container: ContainerClient;

  constructor(container: ContainerClient) {
    this.#container = container;
  }

  async page(
    folder: string,
    address: string | undefined,
    signal?: AbortSignal,
  ): Promise<Page<StoredItem>> {
    const prefix = folder === '' ? '' : `${folder}/`;
    const list = this.#container.listBlobsByHierarchy('/', { prefix, ...ends(signal) });
    const value = await onePage(list, address);
    if (value === null) return { items: [], next: undefined };
    const folders = (value.segment.blobPrefixes ?? []).map(({ name }) => name.slice(0, -1));
    const files = value.segment.blobItems.filter(
      // Accounts with a hierarchy of names list their folders twice; some tools make an empty blob for a folder.
      ({ name }) => !folders.includes(name) && name !== prefix,
    );
    return {
      items: [
        ...folders.map((path) => ({ kind: 'folder', path, size: null, modified: null }) as const),
        ...files.map(
          ({ name, properties }) =>
            ({
              kind: 'file',
              path: name,
              size: properties.contentLength ?? 0,
              modified: properties.lastModified,
            }) as const,
        ),
      ],
      next: value.continuationToken || undefined,
    };
  }

  hasFile(path: string, signal?: AbortSignal): Promise<boolean> {
    return this.#container.getBlobClient(path).exists(ends(signal));
  }

  /** Blocks become a blob only once all of them are there. */
  async upload(localFile: string, path: string, options: UploadOptions): Promise<void> {
    const { onBytes, overwrite, signal } = options;
    const { size } = await stat(localFile);
    await this.#container.getBlockBlobClient(path).uploadFile(localFile, {
      ...ends(signal),
      blockSize: Math.max(blockBytes, Math.ceil(size / mostBlocks)),
      maxSingleShotSize: blockBytes,
      concurrency,
      conditions: overwrite ? {} : { ifNoneMatch: '*' },
      onProgress: ({ loadedBytes }) => onBytes?.(loadedBytes),
    });
  }

  async download(path: string, localFile: string, transfer: Transfer): Promise<number> {
    const { onBytes, signal } = transfer;
    const { contentLength } = await this.#container
      .getBlobClient(path)
      .downloadToFile(localFile, 0, undefined, {
        ...ends(signal),
        onProgress: ({ loadedBytes }) => onBytes?.(loadedBytes),
      });
    return contentLength ?? 0;
  }

  makeFolder(): Promise<void> {
    return Promise.resolve(); // it comes with the first blob in it
  }

  async removeFile(path: string, signal?: AbortSignal): Promise<void> {
    const options = { deleteSnapshots: 'include', ...ends(signal) } as const;
    await this.#container.getBlobClient(path).deleteIfExists(options);
  }

  removeFolder(): Promise<void> {
    return Promise.resolve(); // it goes with the last blob in it
  }
}
