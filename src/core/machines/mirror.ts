/**
 * Keeps the folder of a run that trains on another machine up to date here, so that every view, `resume` and a look after a
 * lost connection find it as if it had trained here. Series come first, since the plot waits for them; they only grow, so only
 * their new end is read. Whatever else has changed is taken whole, in the order in which it was written there, which is the
 * order that makes crashes harmless (runs/README.md); the record comes last.
 */
import { appendFile, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { stringifyNumbers } from '../../shared/jsonNumbers.ts';
import type { MachineFile } from '../../shared/protocol/machine.ts';
import { startOf } from '../runs/activeRuns.ts';
import { temporarySuffix } from '../runs/atomicFiles.ts';
import { runFiles } from '../runs/runDirectory.ts';
import type { MachineLink } from '../../coreProcess/machineLink.ts';
import type { RemotePaths } from './remotePaths.ts';

export interface MirrorPlace {
  /** The run's folder here and there. */
  readonly here: string;
  readonly there: string;
  readonly paths: RemotePaths;
  /** Name of the machine, for the record. */
  readonly machine: string;
}

interface Copied {
  /** Bytes of the file there that are here. */
  readonly size: number;
  readonly modified: number;
}

const partBytes = 1 << 20;
const filesAtOnce = 8;
const isSeries = (name: string) =>
  /^(columns|epochs)\/[^/]+\.f32$|^(epochs|events)\.jsonl$/.test(name);
const isText = (name: string) =>
  /\.(json|jsonl)$/.test(name) || name.startsWith(`${runFiles.original}/`);

export class Mirror {
  readonly #client: MachineLink['client'];
  readonly #place: MirrorPlace;
  readonly #copied = new Map<string, Copied>();
  /** Files that the last look did not find. */
  #absent: ReadonlySet<string> = new Set();
  #queue: Promise<void> = Promise.resolve();
  #others: Promise<void> | null = null;

  constructor({ client }: MachineLink, place: MirrorPlace) {
    this.#client = client;
    this.#place = place;
  }

  /** Brings the series up to date; the rest follows in the background, so that a large checkpoint delays no curve. */
  async followSeries(): Promise<void> {
    const files = await this.#list();
    await this.#series(files);
    this.#others ??= this.#rest(files)
      .catch(() => undefined) // a lost connection shows elsewhere, what is missing comes with the next look
      .finally(() => (this.#others = null));
  }

  /** Brings everything up to date. @throws AppError when the connection is lost, or a file cannot be written */
  async followAll(): Promise<void> {
    await this.#others;
    const files = await this.#list();
    await this.#series(files);
    await this.#rest(files);
  }

  async #list(): Promise<readonly MachineFile[]> {
    return (await this.#client.request('files/list', { folder: this.#place.there })).files;
  }

  #series(files: readonly MachineFile[]): Promise<void> {
    const grown = files.filter(({ path: name }) => isSeries(name));
    // One look at a time: two that append to the same file would write its end twice.
    const work = this.#queue.then(() => severalAtOnce(grown, (file) => this.#extend(file)));
    this.#queue = work.catch(() => undefined);
    return work;
  }

  async #extend({ path: name, size, modified }: MachineFile): Promise<void> {
    const target = this.#target(name);
    const copied = this.#copied.get(name);
    // One that is shorter than before was cut back by a resume.
    let from = copied !== undefined && copied.size <= size ? copied.size : 0;
    if (copied !== undefined && from === size) return;
    if (from === 0) await this.#replace(name, new Uint8Array(0));
    while (from < size) {
      const length = Math.min(partBytes, size - from);
      const read = await this.#client.request('files/read', this.#part(name, from, length));
      const bytes = isText(name) ? wholeLines(read.bytes) : read.bytes;
      if (bytes.length === 0) break;
      await appendFile(target, isText(name) ? this.#ours(name, bytes) : bytes);
      from += bytes.length;
      this.#copied.set(name, { size: from, modified });
    }
    this.#copied.set(name, { size: from, modified });
  }

  async #rest(files: readonly MachineFile[]): Promise<void> {
    const others = files.filter(({ path: name }) => !isSeries(name) && name !== runFiles.record);
    await severalAtOnce(
      others.filter((file) => !isSeal(file)),
      (file) => this.#take(file),
    );
    const seals = others.filter(isSeal).sort((a, b) => a.modified - b.modified);
    for (const file of seals) await this.#take(file);
    await this.#take(files.find(({ path: name }) => name === runFiles.record) ?? unlistedRecord);
    await this.#removeGone(files);
  }

  async #take({ path: name, size, modified }: MachineFile): Promise<void> {
    const copied = this.#copied.get(name);
    if (copied?.modified === modified && copied.size === size) return;
    const bytes = new Uint8Array(size);
    for (let at = 0; at < size;) {
      // The first part may be longer than the file was: a small one always comes whole, as it is by now.
      const length = at === 0 ? partBytes : Math.min(partBytes, size - at);
      const part = await this.#client
        .request('files/read', this.#part(name, at, length))
        .catch(ignoreGone);
      // Files are replaced whole, so one that came in one part is whole, if newer than it was.
      if (part !== null && at === 0 && part.bytes.length === part.size) {
        return this.#keep(name, part.bytes, part);
      }
      // It has gone or changed meanwhile: the next look finds what is there then.
      if (part === null || part.modified !== modified || part.bytes.length === 0) return;
      bytes.set(part.bytes, at);
      at += part.bytes.length;
    }
    await this.#keep(name, bytes, { size, modified });
  }

  async #keep(name: string, bytes: Uint8Array, { size, modified }: Copied): Promise<void> {
    await this.#replace(name, isText(name) ? this.#ours(name, bytes) : bytes);
    this.#copied.set(name, { size, modified });
  }

  async #removeGone(files: readonly MachineFile[]): Promise<void> {
    const there = new Set(files.map(({ path: name }) => name));
    const absentBefore = this.#absent;
    this.#absent = new Set([...this.#copied.keys()].filter((name) => !there.has(name)));
    for (const name of this.#absent) {
      if (!absentBefore.has(name) || name === runFiles.record) continue;
      this.#copied.delete(name);
      await rm(this.#target(name), { force: true });
    }
  }

  /** With the paths of this machine; the record with the process that answers for the run here. */
  #ours(name: string, bytes: Uint8Array): string {
    const text = new TextDecoder().decode(bytes);
    const mapped = this.#place.paths.toHere(text);
    const isRecord = name === runFiles.record;
    // A quick run has thousands of epochs a second, and their lines name no files.
    if (!isRecord && (mapped === text || !/\.jsonl?$/.test(name))) return mapped;
    if (name.endsWith('.jsonl')) {
      const lines = text.split('\n').map((line) => (line === '' ? '' : this.#json(line, 0)));
      return lines.join('\n');
    }
    return this.#json(text, 1, isRecord ? this.#ownRecord() : {});
  }

  #json(text: string, indent: 0 | 1, more: object = {}): string {
    const value: unknown = this.#place.paths.answer(JSON.parse(text));
    const whole = Object.keys(more).length === 0 ? value : { ...(value as object), ...more };
    return stringifyNumbers(whole, indent);
  }

  /** While it is said to run, its record names the process that would know. */
  #ownRecord() {
    const { machine } = this.#place;
    return { pid: process.pid, processStart: startOf(process.pid), machine };
  }

  async #replace(name: string, content: Uint8Array | string): Promise<void> {
    const target = this.#target(name);
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(`${target}${temporarySuffix}`, content);
    await rename(`${target}${temporarySuffix}`, target);
  }

  #part(name: string, offset: number, length: number) {
    return { file: `${this.#place.there}/${name}`, offset, length };
  }

  #target(name: string): string {
    return path.join(this.#place.here, ...name.split('/'));
  }
}

/** A folder that is listed while a file in it is replaced may come without that file; the record is asked for all the same. */
const unlistedRecord: MachineFile = { path: runFiles.record, size: partBytes, modified: -1 };

/** The JSON of a checkpoint makes it one: its tensors come before, and so does the checkpoint that it refers to. */
function isSeal({ path: name }: MachineFile): boolean {
  return name.startsWith(`${runFiles.checkpoints}/`) && name.endsWith('.json');
}

/** An answer of a core that trains takes as long as one of its slices, whatever is asked: so more is asked at once. */
async function severalAtOnce(
  files: readonly MachineFile[],
  work: (file: MachineFile) => Promise<void>,
): Promise<void> {
  const waiting = [...files];
  const worker = async () => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) await work(file);
  };
  await Promise.all(Array.from({ length: filesAtOnce }, worker));
}

function wholeLines(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(0, bytes.lastIndexOf(0x0a) + 1);
}

function ignoreGone(error: unknown): null {
  if (error instanceof Error && 'code' in error && error.code === 'file.notFound') return null;
  throw error;
}
