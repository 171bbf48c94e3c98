/** Keeps what was used last, up to a limit in bytes. */

/** In a list by use: thousands are looked up at a touch of the mouse, and a Map that is reordered makes garbage. */
interface Entry<V> {
  readonly key: string;
  readonly value: V;
  readonly bytes: number;
  older: Entry<V> | null;
  newer: Entry<V> | null;
}

export class LruCache<V> {
  readonly #limit: () => number;
  readonly #entries = new Map<string, Entry<V>>();
  #newest: Entry<V> | null = null;
  #oldest: Entry<V> | null = null;
  #bytes = 0;

  constructor(limit: () => number) {
    this.#limit = limit;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get(key: string): V | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    if (entry !== this.#newest) {
      this.#unlink(entry);
      this.#linkNewest(entry);
    }
    return entry.value;
  }

  /** Set it again when its size has changed. Something larger than the limit is not kept at all. */
  set(key: string, value: V, bytes: number): void {
    this.delete(key);
    const entry: Entry<V> = { key, value, bytes, older: null, newer: null };
    this.#entries.set(key, entry);
    this.#linkNewest(entry);
    this.#bytes += bytes;
    this.trim();
  }

  delete(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#bytes -= entry.bytes;
    this.#entries.delete(key);
    this.#unlink(entry);
  }

  /** For when the limit has become lower. */
  trim(): void {
    while (this.#oldest !== null && this.#bytes > this.#limit()) this.delete(this.#oldest.key);
  }

  #linkNewest(entry: Entry<V>): void {
    entry.older = this.#newest;
    entry.newer = null;
    if (this.#newest !== null) this.#newest.newer = entry;
    this.#newest = entry;
    this.#oldest ??= entry;
  }

  #unlink({ older, newer }: Entry<V>): void {
    if (older === null) this.#oldest = newer;
    else older.newer = newer;
    if (newer === null) this.#newest = older;
    else newer.older = older;
  }
}
