/** Finds what somebody probably meant. */
import { say } from '../language.ts';

/** Words of PyTorch and of everyday use for things that have a Keras name here. */
const otherWords: Readonly<Record<string, string>> = {
  adamoptimizer: 'Adam',
  batchnorm: 'BatchNormalization',
  batchnorm1d: 'BatchNormalization',
  bceloss: 'binary_crossentropy',
  batch: 'batch_size',
  bs: 'batch_size',
  columns: 'features',
  crossentropyloss: 'sparse_categorical_crossentropy',
  crossentropy: 'sparse_categorical_crossentropy',
  file: 'path',
  fullyconnected: 'Dense',
  gpu: 'webgpu',
  inputs: 'features',
  l1loss: 'mean_absolute_error',
  label: 'target',
  layers: 'model',
  linear: 'Dense',
  lr: 'learning_rate',
  mseloss: 'mean_squared_error',
  neurons: 'units',
  nllloss: 'sparse_categorical_crossentropy',
  numepochs: 'epochs',
  outfeatures: 'units',
  p: 'rate',
  url: 'path',
  val: 'validation',
};

/** The Keras name of a thing known by another; the word itself if there is none. */
export function kerasWord(word: string): string {
  const plain = simplify(word);
  return Object.hasOwn(otherWords, plain) ? otherWords[plain]! : word;
}

/** The candidate nearest to `word`, or null if none is near. */
export function suggest(word: string, candidates: readonly string[]): string | null {
  const synonym = kerasWord(word);
  if (candidates.includes(synonym)) return synonym;
  const plain = simplify(word);
  let best: string | null = null;
  let bestDistance = Math.max(1, Math.floor(plain.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(plain, simplify(candidate));
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** `did you mean ...?`, or what there is to choose from. */
export function suggestion(word: string, candidates: readonly string[]): string {
  const best = suggest(word, candidates);
  return best === null ? say`one of ${listed(candidates)}` : say`did you mean \`${best}\`?`;
}

/** `` `a`, `b`, `c` `` */
export function listed(words: readonly unknown[]): string {
  return words.map((word) => `\`${String(word)}\``).join(', ');
}

function simplify(word: string): string {
  return word.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}

/** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment). */
function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 8) return Infinity;
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replace = rows[i - 1]![j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swap = swapped ? rows[i - 2]![j - 2]! + 1 : Infinity;
      row.push(Math.min(rows[i - 1]![j]! + 1, row[j - 1]! + 1, replace, swap));
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
}
