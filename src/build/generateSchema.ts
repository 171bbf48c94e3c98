/** Writes what is generated from the config schema, in each language: the JSON Schema for editors and the reference page. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { useLanguage, type Language } from '../shared/language.ts';
import { computeJsonSchema } from './computeSchema.ts';
import { configReference } from './configReference.ts';
import { configJsonSchema } from './jsonSchema.ts';

export interface GeneratedFile {
  /** From the root of the repository. */
  readonly path: string;
  readonly text: string;
}

/** Leaves the process in English. */
export async function generateFiles(): Promise<GeneratedFile[]> {
  const files = [...(await filesIn('es')), ...(await filesIn('en'))];
  const options = await resolveConfig(fileURLToPath(import.meta.url));
  return Promise.all(
    files.map(async ({ path, text }) => ({
      path,
      text: await format(text, { ...options, filepath: path }),
    })),
  );
}

async function filesIn(language: Language): Promise<readonly GeneratedFile[]> {
  await useLanguage(language);
  const ending = language === 'en' ? '' : `.${language}`;
  return [
    { path: `media/train.schema${ending}.json`, text: JSON.stringify(configJsonSchema()) },
    { path: `media/compute.schema${ending}.json`, text: JSON.stringify(computeJsonSchema()) },
    { path: `samples/CONFIG${ending}.md`, text: configReference() },
  ];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
  for (const { path, text } of await generateFiles()) {
    const file = resolve(root, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}
