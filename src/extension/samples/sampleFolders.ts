/** The samples that ship with the extension, and copies of them for the user. No `vscode`. */
import { cp, mkdir, readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';

export interface Sample {
  readonly name: string;
  readonly folder: string;
  /** The config to open: the one named like the sample. */
  readonly config: string;
  /** The comment that its config begins with; empty where there is none. */
  readonly about: string;
}

/** Every folder with a config of its own name. */
export async function listSamples(parent: string): Promise<readonly Sample[]> {
  const entries = await readdir(parent, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory());
  const samples = await Promise.all(folders.map(({ name }) => readSample(parent, name)));
  return samples.filter((sample) => sample !== null);
}

/** Null for a folder that is no sample. */
async function readSample(parent: string, name: string): Promise<Sample | null> {
  const [folder, config] = [path.join(parent, name), `${name}.train.yaml`];
  const text = await readFile(path.join(folder, config), 'utf8').catch(() => null);
  if (text === null) return null;
  return { name, folder, config, about: /^# (.*)/.exec(text)?.[1] ?? '' };
}

/** Copies a sample to a new folder below `parent`, never over what is there. @returns the copy's folder. */
export async function copySample({ name, folder }: Sample, parent: string): Promise<string> {
  await mkdir(parent, { recursive: true });
  for (let attempt = 1; ; attempt++) {
    const target = path.join(parent, attempt === 1 ? name : `${name}-${attempt}`);
    if (await exists(target)) continue;
    const filter = (file: string) => path.basename(file) !== 'runs';
    await cp(folder, target, { recursive: true, filter });
    return target;
  }
}

/** The copy below `parent`, made where there is none: a user who comes again finds his own work. */
export async function keptCopy(sample: Sample, parent: string): Promise<string> {
  const target = path.join(parent, sample.name);
  return (await exists(path.join(target, sample.config))) ? target : copySample(sample, parent);
}

function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
