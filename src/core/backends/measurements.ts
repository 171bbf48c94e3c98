/**
 * What was measured on this machine, kept between processes: a JSON file of texts by key. Only speed depends on it, never
 * a number: a file that is lost or damaged costs another measurement.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** The oldest are dropped. */
const mostEntries = 2000;

export class Measurements {
  readonly #file: string | null;
  /** null until they are needed. */
  #known: Map<string, string> | null = null;

  /** null keeps them in this process alone. */
  constructor(file: string | null) {
    this.#file = file;
  }

  get(key: string): string | undefined {
    this.#known ??= read(this.#file);
    return this.#known.get(key);
  }

  /** Other processes may have added theirs meanwhile. */
  add(measured: ReadonlyMap<string, string>): void {
    if (measured.size === 0) return;
    const all = new Map([...(this.#known ?? []), ...read(this.#file), ...measured]);
    this.#known = new Map([...all].slice(-mostEntries));
    this.#write(this.#known);
  }

  #write(known: ReadonlyMap<string, string>): void {
    if (this.#file === null) return;
    const aside = `${this.#file}.${process.pid}.part`;
    try {
      mkdirSync(path.dirname(this.#file), { recursive: true });
      writeFileSync(aside, JSON.stringify(Object.fromEntries(known), null, 1));
      renameSync(aside, this.#file);
    } catch {
      // A folder that cannot be written to: then it is measured again next time.
    }
  }
}

function read(file: string | null): Map<string, string> {
  try {
    const stored: unknown = file === null ? {} : JSON.parse(readFileSync(file, 'utf8'));
    const entries = Object.entries(stored ?? {});
    return new Map(entries.filter((e): e is [string, string] => typeof e[1] === 'string'));
  } catch {
    return new Map(); // there is none yet
  }
}
