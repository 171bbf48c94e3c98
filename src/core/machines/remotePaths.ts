/**
 * Paths of this machine and of another one. There, below a folder of ours, each file has the place that it has here, so that
 * relative paths hold; `C:\a\b` is `/C:/a/b`. In what comes back, the other machine's paths become ours, also within sentences.
 */
import path from 'node:path';

export class RemotePaths {
  /** Of the other machine, without a slash at its end. */
  readonly #root: string;
  /** Folders that have other places than the rule says: a run's, where its own was taken. */
  readonly #exceptions: { readonly here: string; readonly there: string }[] = [];

  constructor(root: string) {
    this.#root = root;
  }

  except(here: string, there: string): void {
    if (this.toThere(here) !== there) this.#exceptions.push({ here, there });
  }

  toThere(file: string): string {
    const resolved = path.resolve(file);
    const moved = this.#exceptions.find(({ here }) => isWithin(resolved, here, path.sep));
    if (moved !== undefined) return moved.there + slashed(resolved.slice(moved.here.length));
    const below = slashed(resolved);
    return this.#root + (below.startsWith('/') ? below : `/${below}`);
  }

  /** Every path of the other machine in a text; one that is the whole text gets the separators of this machine. */
  toHere(text: string): string {
    let ours = text;
    for (const { here, there } of this.#exceptions) ours = ours.replace(folder(there), () => here);
    ours = ours.replace(folder(this.#root), '');
    if (ours === text || path.sep === '/') return ours;
    const undriven = ours.replace(/(^|[\s"'`])\/(?=[A-Za-z]:)/g, '$1'); // `/C:/a` is `C:/a`
    const isSentence = /: | \//.test(undriven);
    return isSentence ? undriven : undriven.replaceAll('/', path.sep);
  }

  /** Maps the texts anywhere in plain data; what is no plain data, as typed arrays, stays. */
  answer<T>(value: T): T {
    return mapTexts(value, (text) => this.toHere(text)) as T;
  }

  /** Paths of these folders, anywhere in the arguments of a request. */
  request<T>(value: T, folder: string): T {
    const there = (text: string) => (isWithin(text, folder, path.sep) ? this.toThere(text) : text);
    return mapTexts(value, there) as T;
  }
}

function mapTexts(value: unknown, map: (text: string) => string): unknown {
  if (typeof value === 'string') return map(value);
  if (Array.isArray(value)) return value.map((each) => mapTexts(each, map));
  if (typeof value !== 'object' || value === null) return value;
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, mapTexts(each, map)]));
}

function isWithin(file: string, folder: string, separator: string): boolean {
  return file === folder || file.startsWith(folder + separator);
}

const slashed = (file: string) => (path.sep === '/' ? file : file.replaceAll(path.sep, '/'));

/** A folder of this name, and none whose name is longer. */
function folder(name: string): RegExp {
  return new RegExp(`${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w.-])`, 'g');
}
