/** A file that only grows. Appends gather in memory and reach the disk when somebody flushes. */
import { open, type FileHandle } from 'node:fs/promises';

export class AppendFile {
  readonly #file: string;
  readonly #header: Uint8Array;
  #pending: Uint8Array[] = [];
  #handle: FileHandle | null = null;
  #unsynced = false;

  /** `header` begins the file when it does not exist yet. */
  constructor(file: string, header: Uint8Array = new Uint8Array(0)) {
    this.#file = file;
    this.#header = header;
  }

  /** Takes ownership of `bytes`. */
  append(bytes: Uint8Array): void {
    this.#pending.push(bytes);
  }

  /** Hands everything appended so far to the operating system. */
  async flush(): Promise<void> {
    if (this.#pending.length === 0) return;
    const bytes = Buffer.concat(this.#pending);
    this.#pending = [];
    const handle = await this.#opened();
    await handle.appendFile(bytes);
    this.#unsynced = true;
  }

  /** As `flush`, and waits until the disk has it. */
  async sync(): Promise<void> {
    await this.flush();
    if (!this.#unsynced) return;
    await this.#handle?.datasync();
    this.#unsynced = false;
  }

  async close(): Promise<void> {
    await this.sync();
    await this.#handle?.close();
    this.#handle = null;
  }

  async #opened(): Promise<FileHandle> {
    if (this.#handle !== null) return this.#handle;
    const handle = await open(this.#file, 'a');
    this.#handle = handle;
    const { size } = await handle.stat();
    if (size === 0) await handle.appendFile(this.#header);
    return handle;
  }
}
