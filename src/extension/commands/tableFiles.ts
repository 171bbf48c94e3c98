/** Files that hold a table or arrays, by their names. */
import type { Uri } from 'vscode';

export const tableEndings: string[] = ['csv', 'tsv', 'json', 'jsonl', 'ndjson'];

/** NumPy arrays, and the packed files of MNIST. */
export const arrayEndings: string[] = ['npz', 'npy', 'gz'];

/** Not a config in JSON. */
export function isTable({ scheme, path }: Uri): boolean {
  const ending = /\.(\w+)$/.exec(path)?.[1]?.toLowerCase() ?? '';
  return scheme === 'file' && tableEndings.includes(ending) && !/\.train\.json$/i.test(path);
}
