/** The parts of the results; each is measured alone and keeps its place in the file. */
import type { ImageNetName } from './imageNets.ts';

export interface Setting {
  /** The Node that the core runs on. */
  readonly node: string;
  /** For data and programs that are made on the way. */
  readonly folder: string;
  /** Why PyTorch is left out, or null. */
  readonly torchMissing: string | null;
}

/** Markdown of one part, from its heading on. */
export type Part = (setting: Setting) => Promise<string>;

/** Parts that several names stand for. */
export const groups: Readonly<Record<string, readonly string[]>> = {
  images: ['w2', 'w3'] satisfies ImageNetName[],
  scaling: ['batch-w2', 'batch-w3', 'width-w2', 'width-w3', 'rows'],
};

const begins = (name: string): string => `<!-- ${name} -->`;

/** `text` of a results file with one part put in its place: in the order of `names`. */
export function withPart(
  text: string,
  part: { readonly name: string; readonly body: string },
  names: readonly string[],
): string {
  const bodies = new Map(names.map((name) => [name, bodyOf(text, name)]));
  bodies.set(part.name, part.body.trim());
  return [...bodies]
    .filter(([, body]) => body !== '')
    .map(([name, body]) => `${begins(name)}\n\n${body}\n`)
    .join('\n');
}

function bodyOf(text: string, name: string): string {
  const [, after = ''] = text.split(`${begins(name)}\n`);
  return after.split('<!-- ')[0]!.trim();
}
