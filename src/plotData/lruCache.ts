/** Keeps what was used last, up to a limit in bytes. */

/** In a list by use: thousands are looked up at a touch of the mouse, and a Map that is reordered makes garbage. */
interface Entry<K, V> {
  readonly key: K;
  readonly value: V;
  readonly bytes: number;
  older: Entry<K, V> | null;
  newer: Entry<K, V> | null;
}

export class LruCache<V, K = string> {
  readonly #limit: () => number;
  readonly #entries = new Map<K, Entry<K, V>>();
  #newest: Entry<K, V> | null = null;
  #oldest: Entry<K, V> | null = null;
  #bytes = 0;

  constructor(limit: () => number) {
    this.#limit = limit;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get(key: K): V | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    if (entry !== this.#newest) {
      this.#unlink(entry);
      this.#linkNewest(entry);
    }
    return entry.value;
  }

  /** Set it again when its size has changed. Something larger than the limit is not kept at all. */
  set(key: K, value: V, bytes: number): void {
    this.delete(key);
    const entry: Entry<K, V> = { key, value, bytes, older: null, newer: null };
    this.#entries.set(key, entry);
    this.#linkNewest(entry);
    this.#bytes += bytes;
    this.trim();
  }

  delete(key: K): void {
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

  #linkNewest(entry: Entry<K, V>): void {
    entry.older = this.#newest;
    entry.newer = null;
    if (this.#newest !== null) this.#newest.newer = entry;
    this.#newest = entry;
    this.#oldest ??= entry;
  }

  #unlink({ older, newer }: Entry<K, V>): void {
    if (older === null) this.#oldest = newer;
    else older.newer = newer;
    if (newer === null) this.#newest = older;
    else newer.older = older;
  }
}
