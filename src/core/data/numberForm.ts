/** Numbers as people write them: with a decimal comma, separators of thousands, a unit. */
import { toNumber, type Cell } from './columns.ts';

export interface NumberForm {
  readonly decimal: '.' | ',';
  /** Null where thousands are not set apart. */
  readonly thousands: string | null;
  /** Stands before or after the number, in any of the cells: `$`, `€`, `kg`. */
  readonly unit: string | null;
}

/** What may be left out, as earlier runs do. */
export interface NumberMarks {
  readonly decimal?: NumberForm['decimal'] | undefined;
  readonly thousands?: string | null | undefined;
}

/** The finite number that a cell holds, or null. */
export type NumberReader = (cell: Cell) => number | null;

/** Reads the numbers of a column; those that JSON has as numbers are what they are. */
export function numberReader(marks: NumberMarks, unit: string | null = null): NumberReader {
  const { decimal = '.', thousands = null } = marks;
  if (decimal === '.' && thousands === null && unit === null) return toNumber;
  const pattern = numberPattern({ decimal, thousands, unit });
  const groups = new RegExp(separator(thousands), 'gu');
  return (cell) => {
    if (typeof cell !== 'string') return toNumber(cell);
    const parts = pattern.exec(cell)?.groups;
    if (parts === undefined) return null;
    const { sign = '', inner = '', whole = '', decimals = '', exponent = '' } = parts;
    if ((sign !== '' && inner !== '') || whole + decimals === '') return null;
    const digits = thousands === null ? whole : whole.replace(groups, '');
    const value = Number(`${sign}${inner}${digits || '0'}.${decimals || '0'}${exponent}`);
    return Number.isFinite(value) ? value : null;
  };
}

/** Thousands come in threes; a point is decimal too where it is not their separator. */
function numberPattern({ decimal, thousands, unit }: NumberForm): RegExp {
  const mark = decimal === ',' && thousands !== '.' ? '[.,]' : escape(decimal);
  const grouped = thousands === null ? '' : `\\d{1,3}(?:${separator(thousands)}\\d{3})+|`;
  const beside = unit === null ? '' : `(?:${escape(unit)})?`;
  const number = `(?<whole>${grouped}\\d*)(?:${mark}(?<decimals>\\d*))?(?<exponent>[eE][-+]?\\d+)?`;
  return new RegExp(
    `^\\s*(?<sign>[-+]?)\\s*${beside}\\s*(?<inner>[-+]?)${number}\\s*${beside}\\s*$`,
    'u',
  );
}

/** A space of any width, as `\s` has the narrow and the unbreakable ones. */
function separator(thousands: string | null): string {
  return thousands === ' ' ? '\\s' : escape(thousands ?? '');
}

function escape(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
