/** Columns of a table as they grow while rows are read: typed arrays, no row objects. */

/** A cell as a reader gives it: text from CSV; text, numbers, booleans, null or worse from JSON. */
export type Cell = unknown;

export interface NumberColumn {
  readonly kind: 'number';
  /** NaN where missing. */
  readonly values: Float64Array;
}

export interface CategoryColumn {
  readonly kind: 'category';
  /** Index into `categories`; -1 where missing. */
  readonly codes: Int32Array;
  /** In order of first appearance. */
  readonly categories: readonly string[];
  /** Line of the file where each category appears first. */
  readonly firstLines: readonly number[];
}

export type Column = NumberColumn | CategoryColumn;

/** What became of a cell; anything but `ok` is stored as missing. */
export type CellStatus = 'ok' | 'missing' | 'wrong' | 'tooMany';

export interface ColumnBuilder {
  /** Takes the cell of the next row. */
  add(cell: Cell, line: number): CellStatus;
  finish(): Column;
}

/** Texts that stand for a missing value; the ones pandas reads so, as far as they are common. */
const missingTexts = new Set([
  '',
  'NA',
  'N/A',
  'n/a',
  '#N/A',
  'NaN',
  'nan',
  'NULL',
  'null',
  'None',
]);

/** More distinct values than this are no categories but text or numbers. */
export const maxCategories = 10_000;

export function isMissing(cell: Cell): boolean {
  if (typeof cell === 'string') return missingTexts.has(cell.trim());
  return cell === null || cell === undefined || (typeof cell === 'number' && Number.isNaN(cell));
}

/** The finite number that a cell holds, or null. Decimal notation only: `0x10` is no number here. */
export function toNumber(cell: Cell): number | null {
  if (typeof cell === 'number') return Number.isFinite(cell) ? cell : null;
  if (typeof cell !== 'string') return null;
  const text = cell.charCodeAt(0) > 32 ? cell : cell.trim();
  const value = text === '' ? NaN : Number(text);
  if (!Number.isFinite(value)) return null;
  const hasLetterSecond = text.charCodeAt(1) > 64;
  return hasLetterSecond && /^0[xob]/i.test(text) ? null : value;
}

/** The name of the category in a cell, or null for nested data. Integers are spelt one way: `1.0` is `1`. */
export function toCategory(cell: Cell): string | null {
  if (typeof cell === 'number' || typeof cell === 'boolean') return String(cell);
  if (typeof cell !== 'string') return null;
  const text = cell.trim();
  return /^-?(0|[1-9]\d{0,14})\.0*$/.test(text) ? text.slice(0, text.indexOf('.')) : text;
}

export function numberColumn(read: (cell: Cell) => number | null = toNumber): ColumnBuilder {
  const values = growing((size) => new Float64Array(size));
  return {
    add(cell) {
      const value = read(cell);
      values.push(value ?? NaN);
      if (value !== null) return 'ok';
      return isMissing(cell) ? 'missing' : 'wrong';
    },
    finish: () => ({ kind: 'number', values: values.finish() }),
  };
}

export function categoryColumn(): ColumnBuilder {
  const codes = growing((size) => new Int32Array(size));
  const seen = categoryCodes();
  return {
    add(cell, line) {
      const code = seen.code(cell, line);
      codes.push(code ?? -1);
      if (code === null) return 'tooMany';
      if (code >= 0) return 'ok';
      return isMissing(cell) ? 'missing' : 'wrong';
    },
    finish: () => ({ kind: 'category', codes: codes.finish(), ...seen.finish() }),
  };
}

/** Numbers the categories as they appear. Two spellings of one category share its code. */
function categoryCodes() {
  const codeByCell = new Map<Cell, number>();
  const codeByName = new Map<string, number>();
  const firstLines: number[] = [];
  const newCode = (cell: Cell, line: number): number => {
    const name = isMissing(cell) ? null : toCategory(cell);
    if (name === null) return -1;
    const code = codeByName.get(name) ?? codeByName.size;
    if (code === codeByName.size) {
      codeByName.set(name, code);
      firstLines.push(line);
    }
    return code;
  };
  return {
    /** -1 for what is no category; null when there are too many. */
    code(cell: Cell, line: number): number | null {
      const known = codeByCell.get(cell);
      if (known !== undefined) return known;
      if (codeByCell.size > maxCategories) return null;
      const own = typeof cell === 'string' ? ownText(cell) : cell;
      const code = newCode(own, line);
      codeByCell.set(own, code);
      return code;
    },
    finish: () => ({ categories: [...codeByName.keys()], firstLines }),
  };
}

/** A cell in quotes, cut to a readable length. */
export function describeCell(cell: Cell): string {
  const text = typeof cell === 'string' ? `"${cell}"` : (JSON.stringify(cell) ?? String(cell));
  return text.length > 40 ? `${text.slice(0, 37)}...` : text;
}

/** A copy, because a slice keeps the whole piece of the file alive that it was cut from. */
export function ownText(text: string): string {
  return Buffer.from(text, 'utf16le').toString('utf16le');
}

const blockSize = 1 << 16;

/** An array that grows by blocks, so that growing never copies and needs no spare room. */
export function growing<T extends Float64Array | Int32Array>(allocate: (size: number) => T) {
  const full: T[] = [];
  let block = allocate(blockSize);
  let used = 0;
  return {
    push(value: number): void {
      if (used === blockSize) {
        full.push(block);
        block = allocate(blockSize);
        used = 0;
      }
      block[used++] = value;
    },
    finish(): T {
      const values = allocate(full.length * blockSize + used);
      full.forEach((part, i) => values.set(part, i * blockSize));
      values.set(block.subarray(0, used), full.length * blockSize);
      full.length = 0;
      return values;
    },
  };
}
