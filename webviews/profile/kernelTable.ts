/** The kernels of a step as a table; a click on a head sorts by it, once more turns the order round. */
import { fillIn, formatBytes, formatShare, formatValue } from '../../src/shared/numberFormat.ts';
import type { Profile, ProfiledKernel } from '../../src/shared/protocol/profile.ts';
import { figuresOf, kernelTitle, layersText } from '../../src/shared/protocol/profileFigures.ts';
import type { ProfileText } from '../../src/shared/protocol/views/profile.ts';
import { element } from '../kit/dom.ts';
import { speedText, type Words } from './words.ts';

interface Column {
  readonly id: string;
  /** A text of ours, or a unit that is written alike everywhere. */
  readonly head: ProfileText | { readonly unit: string };
  /** Numbers stand at the right, and are sorted the largest first. */
  readonly number: boolean;
  readonly key: (kernel: ProfiledKernel, context: Context) => number | string;
  readonly text: (kernel: ProfiledKernel, context: Context) => string;
}

interface Context {
  readonly profile: Profile;
  readonly words: Words;
}

const figures = (kernel: ProfiledKernel, { profile }: Context) => figuresOf(kernel, profile);
const layer = (kernel: ProfiledKernel, { words }: Context): string =>
  layersText(kernel, (count) => fillIn(words.texts.layers, count));
const pass = ({ origins: [main] }: ProfiledKernel, { words }: Context): string =>
  main === undefined ? '' : words.texts[main.pass];
const computes = (kernel: ProfiledKernel): string => {
  const how = kernel.form === null ? '' : ` (${kernel.form})`;
  return `${kernelTitle(kernel)} [${kernel.shape.join(', ')}]${how}`;
};

const columns: readonly Column[] = [
  {
    id: 'share',
    head: 'share',
    number: true,
    key: (kernel) => kernel.milliseconds,
    text: (kernel, context) => formatShare(figures(kernel, context).share, context.words.locale),
  },
  {
    id: 'time',
    head: { unit: 'ms' },
    number: true,
    key: (kernel) => kernel.milliseconds,
    text: ({ milliseconds }, { words }) => formatValue(milliseconds, words.locale),
  },
  {
    id: 'gigaflops',
    head: { unit: 'GFLOP/s' },
    number: true,
    key: (kernel, context) => figures(kernel, context).gigaflops,
    text: (kernel, context) => speedText(figures(kernel, context).gigaflops, context.words.locale),
  },
  {
    id: 'gigabytes',
    head: { unit: 'GB/s' },
    number: true,
    key: (kernel, context) => figures(kernel, context).gigabytes,
    text: (kernel, context) => speedText(figures(kernel, context).gigabytes, context.words.locale),
  },
  {
    id: 'bytes',
    head: 'bytes',
    number: true,
    key: ({ bytes }) => bytes,
    text: ({ bytes }, { words }) => formatBytes(bytes, words.locale),
  },
  { id: 'layer', head: 'layer', number: false, key: layer, text: layer },
  { id: 'pass', head: 'pass', number: false, key: pass, text: pass },
  { id: 'computes', head: 'computes', number: false, key: computes, text: computes },
];

export interface Sorting {
  readonly column: string;
  readonly reversed: boolean;
}

export const byShare: Sorting = { column: 'share', reversed: false };

export class KernelTable {
  readonly node = element('table', { id: 'kernels' });
  readonly #sorted: (sorting: Sorting) => void;
  #context: Context | null = null;
  #sorting = byShare;

  /** @param sorted the user wants another order. */
  constructor(sorted: (sorting: Sorting) => void) {
    this.#sorted = sorted;
  }

  show(profile: Profile, words: Words, sorting: Sorting): void {
    this.#context = { profile, words };
    this.#sorting = sorting;
    this.#draw(this.#context);
  }

  #draw(context: Context): void {
    const head = element('tr', {}, ...columns.map((column) => this.#head(column, context)));
    const rows = this.#inOrder(context).map((kernel) =>
      element('tr', {}, ...columns.map((column) => cell(column, column.text(kernel, context)))),
    );
    const all = element('tfoot', {}, totalRow(context));
    this.node.replaceChildren(element('thead', {}, head), element('tbody', {}, ...rows), all);
  }

  #head(column: Column, { words }: Context): HTMLElement {
    const text = typeof column.head === 'string' ? words.texts[column.head] : column.head.unit;
    const button = element('button', { text, attributes: { type: 'button' } });
    button.addEventListener('click', () => this.#sort(column));
    const attributes = { scope: 'col', 'aria-sort': this.#order(column) };
    return element('th', { className: kindOf(column), attributes }, button);
  }

  #order({ id, number }: Column): string {
    if (id !== this.#sorting.column) return 'none';
    return number === this.#sorting.reversed ? 'ascending' : 'descending';
  }

  #sort({ id }: Column): void {
    const again = id === this.#sorting.column;
    this.#sorting = { column: id, reversed: again && !this.#sorting.reversed };
    this.#sorted(this.#sorting);
    if (this.#context !== null) this.#draw(this.#context);
    const at = columns.findIndex((column) => column.id === id);
    this.node.querySelectorAll<HTMLElement>('th button')[at]?.focus();
  }

  #inOrder(context: Context): ProfiledKernel[] {
    const column = columns.find(({ id }) => id === this.#sorting.column) ?? columns[0]!;
    const compare = (a: ProfiledKernel, b: ProfiledKernel): number => {
      const [x, y] = [column.key(a, context), column.key(b, context)];
      if (typeof x === 'number' && typeof y === 'number') return y - x;
      return String(x).localeCompare(String(y), context.words.locale);
    };
    const sorted = context.profile.kernels.toSorted(compare);
    return this.#sorting.reversed ? sorted.reverse() : sorted;
  }
}

function totalRow({ profile, words }: Context): HTMLElement {
  const { kernels, kernelMilliseconds: milliseconds } = profile;
  const sum = (of: (kernel: ProfiledKernel) => number) =>
    kernels.reduce((total, kernel) => total + of(kernel), 0);
  const all = { milliseconds, operations: sum((k) => k.operations), bytes: sum((k) => k.bytes) };
  const { share, gigaflops, gigabytes } = figuresOf(all, profile);
  const { locale, texts } = words;
  const texts8 = [
    formatShare(share, locale),
    formatValue(milliseconds, locale),
    speedText(gigaflops, locale),
    speedText(gigabytes, locale),
    formatBytes(all.bytes, locale),
    '',
    '',
    texts.allKernels,
  ];
  return element('tr', {}, ...columns.map((column, i) => cell(column, texts8[i]!)));
}

function cell(column: Column, text: string): HTMLElement {
  return element('td', { className: kindOf(column), text });
}

function kindOf({ number }: Column): string {
  return number ? 'number' : 'text';
}
