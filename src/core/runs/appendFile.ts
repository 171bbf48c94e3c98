/**
 * A file that only grows. Appends gather in memory; a flush hands them to the operating system at once, a few
 * microseconds for what gathers in a tenth of a second, so that whoever hears of them next can read them.
 */
import { closeSync, fdatasync, fstatSync, openSync, writeSync } from 'node:fs';
import { promisify } from 'node:util';

const syncData = promisify(fdatasync);

export class AppendFile {
  readonly #file: string;
  readonly #header: Uint8Array;
  #pending: Uint8Array[] = [];
  #descriptor: number | null = null;
  #unsynced = false;

  /** `header` begins the file when it is empty or does not exist yet. */
  constructor(file: string, header: Uint8Array = new Uint8Array(0)) {
    this.#file = file;
    this.#header = header;
  }

  /** Takes ownership of `bytes`. */
  append(bytes: Uint8Array): void {
    this.#pending.push(bytes);
  }

  /** Makes the file, with its header, before there is anything to append. @throws errors of the file system */
  create(): void {
    this.#opened();
  }

  /** Survives a killed process, not yet a power loss. @throws errors of the file system */
  flush(): void {
    if (this.#pending.length === 0) return;
    const bytes = this.#pending.length === 1 ? this.#pending[0]! : Buffer.concat(this.#pending);
    this.#pending = [];
    this.#write(this.#opened(), bytes);
  }

  /** As `flush`, and waits until the disk has it. */
  async sync(): Promise<void> {
    this.flush();
    if (this.#descriptor === null || !this.#unsynced) return;
    this.#unsynced = false;
    await syncData(this.#descriptor);
  }

  /** What was not flushed is lost. */
  close(): void {
    if (this.#descriptor !== null) closeSync(this.#descriptor);
    this.#descriptor = null;
  }

  #opened(): number {
    if (this.#descriptor !== null) return this.#descriptor;
    const descriptor = openSync(this.#file, 'a');
    this.#descriptor = descriptor;
    if (fstatSync(descriptor).size === 0) this.#write(descriptor, this.#header);
    return descriptor;
  }

  #write(descriptor: number, bytes: Uint8Array): void {
    this.#unsynced = true;
    for (let done = 0; done < bytes.length;) done += writeSync(descriptor, bytes, done);
  }
}
