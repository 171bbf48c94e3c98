/** What goes to another machine: the Node that we ship for it, the core's bundles, and Dawn for its GPU. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { hashFile } from '../coreProcess/hashFile.ts';
import { shipped } from '../coreProcess/runtime.ts';

export interface ParcelFile {
  /** Within the parcel, with `/`. */
  readonly name: string;
  /** Here. */
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface Parcel {
  readonly kind: 'node' | 'core' | 'webgpu';
  /** Named after its content: `core-3f2a...`. */
  readonly folder: string;
  readonly files: readonly ParcelFile[];
}

/** What our Node runs on. */
export const shippedSystem = 'Linux x86_64';

const bundles = ['core.cjs', 'matrix.cjs', 'tensorflow.cjs', 'language.es.json'];

/** @param system as `uname` names it; for any but `shippedSystem` only the bundles go */
export async function parcelsFor(system: string, bundleFolder: string): Promise<readonly Parcel[]> {
  const core = await parcel('core', bundleFolder, bundles);
  if (system !== shippedSystem) return [core];
  const node = shipped({ bundleFolder, platform: 'linux', architecture: 'x64' });
  const webgpu = findWebgpu(bundleFolder);
  return [
    core,
    ...(node === null
      ? []
      : [await parcel('node', path.dirname(node.executable), [path.basename(node.executable)])]),
    ...(webgpu === null ? [] : [await parcel('webgpu', webgpu, webgpuFiles(webgpu))]),
  ];
}

/** The package's folder, where it holds what a Linux machine needs. */
function findWebgpu(bundleFolder: string): string | null {
  for (let at = path.resolve(bundleFolder); at !== path.dirname(at); at = path.dirname(at)) {
    const folder = path.join(at, 'node_modules', 'webgpu');
    if (existsSync(path.join(folder, 'dist', 'linux-x64'))) return folder;
  }
  return null;
}

function webgpuFiles(folder: string): string[] {
  const native = readdirSync(path.join(folder, 'dist', 'linux-x64'));
  return ['index.js', 'package.json', ...native.map((name) => `dist/linux-x64/${name}`)];
}

/** Hashing a hundred megabytes takes a moment, and they do not change while we run. */
const known = new Map<string, Promise<Parcel>>();

function parcel(kind: Parcel['kind'], from: string, names: readonly string[]): Promise<Parcel> {
  const key = `${kind} ${from}`;
  const made = known.get(key) ?? pack(kind, from, names);
  known.set(key, made);
  made.catch(() => known.delete(key));
  return made;
}

async function pack(kind: Parcel['kind'], from: string, names: readonly string[]): Promise<Parcel> {
  const there = names.filter((name) => existsSync(path.join(from, name)));
  const files = await Promise.all(
    there.map(async (name): Promise<ParcelFile> => {
      const file = path.join(from, name);
      return { name, file, bytes: statSync(file).size, sha256: await hashFile(file) };
    }),
  );
  const hash = createHash('sha256');
  for (const { name, sha256 } of files) hash.update(`${name} ${sha256}\n`);
  return { kind, folder: `${kind}-${hash.digest('hex').slice(0, 16)}`, files };
}
