/** The samples that ship with the extension, and copies of them for the user. No `vscode`. */
import { copyFile, cp, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Language } from '../../shared/language.ts';

/** Where a newcomer does well to begin; the others follow by name. */
const first = ['penguins', 'digits'];

/** Comments of the configs by their English text; none in English. */
type Comments = Readonly<Record<string, string>>;

export interface Sample {
  readonly name: string;
  readonly folder: string;
  /** The config to open: the one named like the sample. */
  readonly config: string;
  /** The comment that its config begins with; empty where there is none. */
  readonly about: string;
  readonly comments: Comments;
  /** The page that explains every key, in the same language. */
  readonly reference: string;
}

/** Every folder with a config of its own name. @param language of what they say of themselves, and of their copies. */
export async function listSamples(
  parent: string,
  language: Language = 'en',
): Promise<readonly Sample[]> {
  const comments = await readComments(parent, language);
  const reference = path.join(parent, language === 'en' ? 'CONFIG.md' : `CONFIG.${language}.md`);
  const entries = await readdir(parent, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory());
  const samples = await Promise.all(folders.map(({ name }) => readSample(parent, name)));
  return samples
    .filter((sample) => sample !== null)
    .map((sample) => ({
      ...sample,
      about: comments[sample.about] ?? sample.about,
      comments,
      reference,
    }))
    .sort((a, b) => placeOf(a) - placeOf(b));
}

function placeOf({ name }: Sample): number {
  const place = first.indexOf(name);
  return place < 0 ? first.length : place;
}

async function readComments(parent: string, language: Language): Promise<Comments> {
  if (language === 'en') return {};
  const text = await readFile(path.join(parent, `comments.${language}.json`), 'utf8');
  return JSON.parse(text) as Comments;
}

type SampleFolder = Omit<Sample, 'comments' | 'reference'>;

/** Null for a folder that is no sample. */
async function readSample(parent: string, name: string): Promise<SampleFolder | null> {
  const [folder, config] = [path.join(parent, name), `${name}.train.yaml`];
  const text = await readFile(path.join(folder, config), 'utf8').catch(() => null);
  if (text === null) return null;
  return { name, folder, config, about: /^# (.*)/.exec(text)?.[1] ?? '' };
}

/** Copies a sample to a new folder below `parent`, never over what is there. @returns the copy's folder. */
export async function copySample(sample: Sample, parent: string): Promise<string> {
  const { name, folder } = sample;
  await mkdir(parent, { recursive: true });
  for (let attempt = 1; ; attempt++) {
    const target = path.join(parent, attempt === 1 ? name : `${name}-${attempt}`);
    if (await exists(target)) continue;
    const filter = (file: string) => path.basename(file) !== 'runs';
    await cp(folder, target, { recursive: true, filter });
    await settle(sample, target);
    return target;
  }
}

/** In its new place the copy has the reference page of its configs beside them, and speaks the user's language. */
async function settle({ comments, reference }: Sample, target: string): Promise<void> {
  const page = path.basename(reference);
  await copyFile(reference, path.join(target, page));
  const configs = (await readdir(target)).filter((name) => name.endsWith('.train.yaml'));
  for (const name of configs) {
    const file = path.join(target, name);
    const text = await readFile(file, 'utf8');
    const told = text.replace(/# (.*)$/gm, (_, comment: string) => {
      const said = comments[comment] ?? comment;
      return `# ${said.replace('../CONFIG.md', page)}`;
    });
    await writeFile(file, told);
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
