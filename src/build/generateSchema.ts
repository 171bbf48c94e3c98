/** Writes what is generated from the config schema: the JSON Schema for editors and the reference page. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { useLanguage } from '../shared/language.ts';
import { configReference } from './configReference.ts';
import { configJsonSchema } from './jsonSchema.ts';

export interface GeneratedFile {
  /** From the root of the repository. */
  readonly path: string;
  readonly text: string;
}

export async function generateFiles(): Promise<GeneratedFile[]> {
  const files = [
    { path: 'media/train.schema.json', text: JSON.stringify(configJsonSchema()) },
    { path: 'media/train.schema.es.json', text: await spanishSchema() },
    { path: 'samples/CONFIG.md', text: configReference() },
  ];
  const options = await resolveConfig(fileURLToPath(import.meta.url));
  return Promise.all(
    files.map(async ({ path, text }) => ({
      path,
      text: await format(text, { ...options, filepath: path }),
    })),
  );
}

async function spanishSchema(): Promise<string> {
  await useLanguage('es');
  const text = JSON.stringify(configJsonSchema());
  await useLanguage('en');
  return text;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
  for (const { path, text } of await generateFiles()) {
    const file = resolve(root, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}
