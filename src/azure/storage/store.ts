/** A blob container or a file share: files in folders, whichever service keeps them. */
import type { Page } from '../pagedList.ts';

export interface StoredItem {
  readonly kind: 'file' | 'folder';
  /** From the top of the store, parts joined by `/`, none at either end. */
  readonly path: string;
  /** Bytes; null for folders. */
  readonly size: number | null;
  /** Null where the service does not say. */
  readonly modified: Date | null;
}

export interface Transfer {
  readonly signal?: AbortSignal | undefined;
  /** Bytes of this file so far. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

export interface UploadOptions extends Transfer {
  /** Else a file of that name stays as it is and the upload fails. */
  readonly overwrite: boolean;
}

/** Every call rejects with the service's RestError, or an AbortError where its signal ends it. */
export interface Store {
  /** A page of what lies in a folder. @param folder '' for the top. @param address of the page; undefined for the first. */
  page(
    folder: string,
    address: string | undefined,
    signal?: AbortSignal,
  ): Promise<Page<StoredItem>>;
  /** There is a file. */
  hasFile(path: string, signal?: AbortSignal): Promise<boolean>;
  /** All or nothing: nobody sees a part of the file under its name. Makes the folders above it. */
  upload(localFile: string, path: string, options: UploadOptions): Promise<void>;
  /** Writes into a local file, which the caller names only for this. @returns the bytes that it should have. */
  download(path: string, localFile: string, transfer: Transfer): Promise<number>;
  /** Folders above it, too. Where folders are only parts of names, there is nothing to make. */
  makeFolder(path: string, signal?: AbortSignal): Promise<void>;
  removeFile(path: string, signal?: AbortSignal): Promise<void>;
  /** An empty one. */
  removeFolder(path: string, signal?: AbortSignal): Promise<void>;
}

/** The containers or the shares of an account. */
export interface StoreService {
  /** A page of names. */
  list(address: string | undefined): Promise<Page<string>>;
  create(name: string): Promise<void>;
  /** With all that is in it. */
  remove(name: string): Promise<void>;
  store(name: string): Store;
}

/** All files below a folder, and the folders after what lies in them. */
export async function* walk(
  store: Store,
  folder: string,
  signal?: AbortSignal,
): AsyncGenerator<StoredItem> {
  let address: string | undefined;
  do {
    const page = await store.page(folder, address, signal);
    for (const item of page.items) {
      if (item.kind === 'folder') yield* walk(store, item.path, signal);
      yield item;
    }
    address = page.next;
  } while (address !== undefined);
}
