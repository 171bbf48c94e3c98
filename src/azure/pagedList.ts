/** A list that the service gives page by page, read only as far as somebody looks. */
import { getContinuationToken } from '@azure/arm-machinelearning';

export interface Page<T> {
  readonly items: readonly T[];
  /** Address of the next page; undefined at the last one. */
  readonly next: string | undefined;
}

/** Reads the page at an address; the first one for undefined. */
export type ReadPage<T> = (address: string | undefined) => Promise<Page<T>>;

export class PagedList<T> {
  readonly #readPage: ReadPage<T>;
  #items: readonly T[] = [];
  #next: string | undefined = undefined;
  #loadedAt: Date | null = null;
  #loading: Promise<void> | null = null;

  constructor(readPage: ReadPage<T>) {
    this.#readPage = readPage;
  }

  get items(): readonly T[] {
    return this.#items;
  }

  /** The service has more than what is here. */
  get hasMore(): boolean {
    return this.#loadedAt === null || this.#next !== undefined;
  }

  /** When the first page came; null before. */
  get loadedAt(): Date | null {
    return this.#loadedAt;
  }

  /** Reads the first page, once. */
  async first(): Promise<readonly T[]> {
    while (this.#loadedAt === null) await this.more(); // anew where it was reset meanwhile
    return this.#items;
  }

  /** Reads one more page; asked for twice at a time, it reads one. A failure leaves what is here. */
  more(): Promise<void> {
    const loading = (this.#loading ??= this.#read().finally(() => {
      if (this.#loading === loading) this.#loading = null;
    }));
    return loading;
  }

  /** Forgets all, so that the next look reads anew; what is under way does not count any more. */
  reset(): void {
    this.#items = [];
    this.#next = undefined;
    this.#loadedAt = null;
    this.#loading = null;
  }

  async #read(): Promise<void> {
    const before = this.#items;
    let next = this.#next;
    // Azure gives empty pages with a link to the next; nobody should have to ask again for them.
    while (this.hasMore) {
      const page = await this.#readPage(next);
      if (this.#items !== before) return; // reset meanwhile
      next = page.next;
      this.#next = next;
      this.#loadedAt ??= new Date();
      if (page.items.length > 0) {
        this.#items = [...before, ...page.items];
        return;
      }
    }
  }
}

/** A page of one of the library's lists. */
export async function libraryPage<T>(
  list: {
    byPage(settings: { continuationToken?: string }): AsyncIterableIterator<readonly T[]>;
  },
  address: string | undefined,
): Promise<Page<T>> {
  const settings = address === undefined ? {} : { continuationToken: address };
  const result = await list.byPage(settings).next();
  if (result.done === true) return { items: [], next: undefined };
  return { items: result.value, next: getContinuationToken(result.value) };
}
