/**
 * The remote end: files that a core of another machine sends here, kept by their SHA-256 so that the same data are not sent
 * twice, and linked to the places where a config finds them. Everything lies below one folder; nothing else is touched.
 */
import { randomUUID } from 'node:crypto';
import { copyFile, link, mkdir, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { hashFile } from '../../coreProcess/hashFile.ts';
import { AppError } from '../../shared/errors.ts';
import { say } from '../../shared/language.ts';
import type { MachineFile } from '../../shared/protocol/machine.ts';
import { temporarySuffix } from '../runs/atomicFiles.ts';
import type { Area } from '../session/session.ts';

/** @param root `TRAINBENCH_FILES`; a core that trains for its own machine has none, and refuses. */
export function fileStoreHandlers(root: string | undefined): Area<'files'> {
  const store = new FileStore(root);
  return {
    'files/missing': async ({ sha256 }) => ({ missing: await store.missing(sha256) }),
    'files/put': async (part) => (await store.put(part), {}),
    'files/place': async ({ files }) => {
      for (const file of files) await store.place(file.path, file.sha256);
      return {};
    },
    'files/list': async ({ folder }) => ({ files: await store.list(folder) }),
    'files/read': ({ file, offset, length }) => store.read(file, offset, length),
    'files/remove': async ({ folder }) => {
      await rm(store.inside(folder), { recursive: true, force: true });
      return {};
    },
  };
}

interface Part {
  readonly sha256: string;
  readonly offset: number;
  readonly bytes: Uint8Array;
  readonly isLast: boolean;
}

class FileStore {
  readonly #root: string | undefined;
  /** Files under way: the same file may come from two clients. */
  readonly #partNames = new Map<string, string>();

  constructor(root: string | undefined) {
    this.#root = root;
  }

  async missing(wanted: readonly string[]): Promise<string[]> {
    const missing: string[] = [];
    for (const sha256 of new Set(wanted)) {
      const file = this.#kept(sha256);
      const now = new Date();
      // The time says when it was last of use, for whoever tidies up.
      await utimes(file, now, now).catch(() => missing.push(sha256));
    }
    return missing;
  }

  async put({ sha256, offset, bytes, isLast }: Part): Promise<void> {
    const kept = this.#kept(sha256);
    if (offset === 0) {
      await mkdir(path.dirname(kept), { recursive: true });
      this.#partNames.set(sha256, `${kept}.${randomUUID()}${temporarySuffix}`);
    }
    const part = this.#partNames.get(sha256);
    if (part === undefined) throw damaged(sha256);
    const handle = await open(part, offset === 0 ? 'w' : 'r+');
    try {
      await handle.write(bytes, 0, bytes.length, offset);
    } finally {
      await handle.close();
    }
    if (!isLast) return;
    this.#partNames.delete(sha256);
    if ((await hashFile(part)) !== sha256) {
      await rm(part, { force: true });
      throw damaged(sha256);
    }
    await rename(part, kept);
  }

  /** A link costs nothing; where the file system has none, a copy. */
  async place(target: string, sha256: string): Promise<void> {
    const file = this.inside(target);
    await mkdir(path.dirname(file), { recursive: true });
    await rm(file, { force: true });
    await link(this.#kept(sha256), file).catch(() => copyFile(this.#kept(sha256), file));
  }

  /** All files below a folder; none of a folder that is not there. */
  async list(folder: string): Promise<MachineFile[]> {
    const base = this.inside(folder);
    const entries = await readdir(base, { recursive: true, withFileTypes: true }).catch(() => []);
    const files = entries.filter(
      (entry) => entry.isFile() && !entry.name.endsWith(temporarySuffix),
    );
    const found = await Promise.all(
      files.map(async ({ parentPath, name }) => {
        const file = path.join(parentPath, name);
        const known = await stat(file).catch(() => null); // old checkpoints go at any moment
        if (known === null) return null;
        const { size, mtimeMs: modified } = known;
        return { path: path.relative(base, file).replaceAll(path.sep, '/'), size, modified };
      }),
    );
    return found.filter((file) => file !== null);
  }

  async read(file: string, offset: number, length: number) {
    const handle = await open(this.inside(file), 'r').catch((cause: unknown) => {
      throw new AppError('file.notFound', say`there is no file ${file}`, { cause });
    });
    try {
      const bytes = new Uint8Array(length);
      const { bytesRead } = await handle.read(bytes, 0, length, offset);
      const { size, mtimeMs: modified } = await handle.stat();
      return { bytes: bytes.slice(0, bytesRead), size, modified };
    } finally {
      await handle.close();
    }
  }

  /** @throws AppError for a path that leads out of our folder. */
  inside(file: string): string {
    const root = this.#needed();
    const resolved = path.resolve(file);
    if (resolved.startsWith(root + path.sep)) return resolved;
    throw new AppError('input.invalid', say`${file} lies outside of ${root}`);
  }

  #kept(sha256: string): string {
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw damaged(sha256);
    return path.join(this.#needed(), 'data', sha256.slice(0, 2), sha256);
  }

  #needed(): string {
    if (this.#root) return path.resolve(this.#root);
    const message = say('this core trains for its own machine: it takes no files');
    throw new AppError('input.invalid', message);
  }
}

function damaged(sha256: string): AppError {
  return new AppError('ssh.failed', say`the file ${sha256} came damaged; try again`);
}
