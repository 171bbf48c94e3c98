/** Keeps what was used last, up to a limit in bytes. */
export class LruCache<V> {
  readonly #limit: () => number;
  /** In order of use: a Map keeps the order in which keys were set. */
  readonly #entries = new Map<string, { readonly value: V; readonly bytes: number }>();
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
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.value;
  }

  /** Set it again when its size has changed. Something larger than the limit is not kept at all. */
  set(key: string, value: V, bytes: number): void {
    this.delete(key);
    this.#entries.set(key, { value, bytes });
    this.#bytes += bytes;
    this.trim();
  }

  delete(key: string): void {
    this.#bytes -= this.#entries.get(key)?.bytes ?? 0;
    this.#entries.delete(key);
  }

  /** For when the limit has become lower. */
  trim(): void {
    for (const key of this.#entries.keys()) {
      if (this.#bytes <= this.#limit()) return;
      this.delete(key);
    }
  }
}
