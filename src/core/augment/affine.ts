/**
 * Affine maps from the pixels of a result to places in the image it is taken from: the way in which an image is
 * resampled. A map of a batch has a matrix for each image.
 *
 * Coefficients that are plain numbers stay numbers, so that a mere translation or flip costs what it must, and maps
 * along one axis keep coordinates that depend on that axis alone.
 */
import type { Builder, Operand } from '../ir/builder.ts';

/** row = rr r + rc c + r0 and column = cr r + cc c + c0; numbers, or f32 [batch]. */
export interface Affine {
  readonly rr: Operand;
  readonly rc: Operand;
  readonly r0: Operand;
  readonly cr: Operand;
  readonly cc: Operand;
  readonly c0: Operand;
}

export const identity: Affine = { rr: 1, rc: 0, r0: 0, cr: 0, cc: 1, c0: 0 };

/** The map that goes through `last` first and then through `first`: of an image changed by `first`, then by `last`. */
export function compose(b: Builder, first: Affine, last: Affine): Affine {
  if (first === identity) return last;
  const row = (r: Operand, c: Operand): Operand =>
    plus(b, times(b, first.rr, r), times(b, first.rc, c));
  const column = (r: Operand, c: Operand): Operand =>
    plus(b, times(b, first.cr, r), times(b, first.cc, c));
  return {
    rr: row(last.rr, last.cr),
    rc: row(last.rc, last.cc),
    r0: plus(b, row(last.r0, last.c0), first.r0),
    cr: column(last.rr, last.cr),
    cc: column(last.rc, last.cc),
    c0: plus(b, column(last.r0, last.c0), first.c0),
  };
}

/** A linear map about a point that it leaves where it is. */
export function about(
  b: Builder,
  [row, column]: readonly [number, number],
  { rr, rc, cr, cc }: Omit<Affine, 'r0' | 'c0'>,
): Affine {
  const offset = (middle: number, r: Operand, c: Operand): Operand =>
    minus(b, middle, plus(b, times(b, r, row), times(b, c, column)));
  return { rr, rc, r0: offset(row, rr, rc), cr, cc, c0: offset(column, cr, cc) };
}

export function plus(b: Builder, x: Operand, y: Operand): Operand {
  if (typeof x === 'number' && typeof y === 'number') return x + y;
  if (x === 0) return y;
  return y === 0 ? x : b.add(x, y);
}

export function minus(b: Builder, x: Operand, y: Operand): Operand {
  if (typeof x === 'number' && typeof y === 'number') return x - y;
  return y === 0 ? x : b.sub(x, y);
}

export function times(b: Builder, x: Operand, y: Operand): Operand {
  if (typeof x === 'number' && typeof y === 'number') return x * y;
  if (x === 0 || y === 0) return 0;
  if (x === 1) return y;
  return y === 1 ? x : b.mul(x, y);
}
