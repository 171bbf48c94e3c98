/** What the played storage accounts hold: containers and shares with their files, in memory. */

export interface RigFile {
  bytes: Buffer;
  modified: number;
}

export interface RigStore {
  readonly service: 'blob' | 'file';
  readonly account: string;
  readonly name: string;
  /** By path from the top, without slashes at the ends. */
  readonly files: Map<string, RigFile>;
  /** Of shares, where folders are things of their own. */
  readonly folders: Set<string>;
}

/** The one key of all played accounts. It is no secret: it opens nothing but a rig. */
export const rigKey = Buffer.alloc(64, 'trainbench-demo-').toString('base64');

export function newStore(service: RigStore['service'], account: string, name: string): RigStore {
  return { service, account, name, files: new Map(), folders: new Set() };
}

/** Puts a file there as if it had been there before, with the folders above it. */
export function addFile(store: RigStore, path: string, text: string): void {
  store.files.set(path, { bytes: Buffer.from(text), modified: Date.UTC(2026, 0, 2, 3, 4, 5) });
  if (store.service === 'blob') return;
  const parts = path.split('/');
  for (let i = 1; i < parts.length; i++) store.folders.add(parts.slice(0, i).join('/'));
}
