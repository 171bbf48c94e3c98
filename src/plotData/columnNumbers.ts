/** The arrays of a series' columns, one entry a column: made for them, or where columns are points, the points themselves. */
import type { SeriesColumns } from '../shared/plot/plotAnswer.ts';
import type { FilledColumns } from '../shared/plot/view.ts';
import { bucketPoints } from './pyramid.ts';

export type ColumnNumbers = Pick<SeriesColumns, 'firsts' | 'lasts' | 'mins' | 'maxs' | 'flags'>;

/**
 * All arrays share one buffer: there may be a thousand such answers. Where columns have one point each, it is the first,
 * the last, the lowest and the highest, and those are one array.
 */
export function ownNumbers({ columns: { length } }: FilledColumns, isOne: boolean): ColumnNumbers {
  const arrays = isOne ? 1 : 4;
  const buffer = new ArrayBuffer((4 * arrays + 1) * length);
  const firsts = new Float32Array(buffer, 0, length);
  const numbers = (i: number) =>
    isOne ? firsts : new Float32Array(buffer, 4 * i * length, length);
  const flags = new Uint8Array(buffer, 4 * arrays * length, length);
  return { firsts, lasts: numbers(1), mins: numbers(2), maxs: numbers(3), flags };
}

/** Of a series that is hardly more than these points: then nothing is copied. Else all of it would be held for them. */
export function sharedNumbers(values: Float32Array): ColumnNumbers {
  const isShort = values.buffer.byteLength <= bucketPoints * values.BYTES_PER_ELEMENT;
  const firsts = isShort ? values : values.slice();
  const flags = noFlags(values.length);
  return { firsts, lasts: firsts, mins: firsts, maxs: firsts, flags };
}

let zeros = new Uint8Array();

/** Of lines without marks, which are nearly all: those of a plot are mostly of one length. */
function noFlags(length: number): Uint8Array {
  if (zeros.length !== length) zeros = new Uint8Array(length);
  return zeros;
}
