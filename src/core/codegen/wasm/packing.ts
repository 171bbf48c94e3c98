/** Packs panels of B for a large product (tiling.ts): row by row, so that a tile reads them in one line. */
import type { Push } from './asm.ts';
import type { Access, Cursors } from './cursors.ts';
import type { KernelContext } from './kernelContext.ts';
import { loadLanes, storeLanes } from './lanes.ts';
import type { ProductPass } from './productPass.ts';
import type { Panels, Tiling } from './tiling.ts';
import { turned } from './transposedLanes.ts';

/** Working memory. */
export interface Scratch {
  readonly address: number;
  /** Offset of this thread's part. */
  readonly own: Push;
}

export interface Packing {
  readonly context: KernelContext;
  readonly pass: ProductPass;
  readonly tiling: Tiling;
  readonly cursors: Cursors;
  /** The packed panel at the position of `cursors`. */
  readonly packed: Access;
}

/** Without bands always the same one. */
export function packedPanels(
  { m, k }: ProductPass,
  { bands }: Tiling,
  { address, own, isOwn }: Scratch & { readonly isOwn: boolean },
): Access {
  const column = bands?.column ?? 0;
  const still: Access = {
    address,
    dtype: 'f32',
    strides: [...m.map(() => 0), column, ...k.map(() => 0)],
  };
  const isCommon = !isOwn || bands?.shared === 'panels';
  return isCommon ? still : { ...still, dynamic: { key: 'own', push: own } };
}

/** Columns of the matrix in each vector of a panel. */
export function lanesOf({ start, count, vectors }: Panels, columns: number): number[] {
  const valid = count > 1 ? vectors * 4 : columns - start;
  return Array.from({ length: vectors }, (_, v) => Math.max(0, Math.min(4, valid - v * 4)));
}

/** One panel of one block of B, row by row; columns that are not there count as 0. */
export function pack(packing: Packing, panels: Panels, size: number): void {
  const { context, pass, cursors, tiling } = packing;
  const { f } = context;
  const { n, k, b } = pass;
  const to = f.local('i32');
  f.set(to, cursors.addressOf(packing.packed));
  const first = n.axis + 1;
  const last = k.length - 1;
  const nest = (index: number): void => {
    const count = index === tiling.blockAxis ? size : k[index]!;
    if (index < last) {
      cursors.loop(first + index, { count }, () => nest(index + 1));
      return;
    }
    const isTurned = b.strides[first + last] === 4 && b.strides[n.axis] !== 4;
    const rows = isTurned && count % 4 === 0 ? 4 : 1;
    cursors.loop(first + last, { count: count / rows, step: rows }, () => {
      packRows(packing, panels, { rows, to });
      f.set(to, f.plain('i32Add', f.get(to), f.int(rows * panels.vectors * 16)));
    });
  };
  nest(tiling.blockAxis);
}

/** One row of a panel to where `to` points, or four whose columns lie row by row in memory. */
function packRows(
  { context: { f }, pass: { n, k, b }, cursors }: Packing,
  panels: Panels,
  { rows, to }: { rows: number; to: number },
): void {
  const last = n.axis + k.length;
  lanesOf(panels, n.size).forEach((lanes, v) => {
    const store = (row: number, vector: Push): void => {
      const offset = (row * panels.vectors + v) * 16;
      storeLanes(f, { address: f.get(to), offset, dtype: 'f32', stride: 4, count: 4 }, vector);
    };
    const load = (axis: number, count: number): Push =>
      f.keep(loadLanes(f, cursors.lanes(b, axis, count)));
    if (rows === 4 && lanes === 4) {
      const columns = [0, 1, 2, 3].map((column) => {
        let vector: Push = f.floats(0);
        cursors.at(n.axis, v * 4 + column, () => (vector = load(last, 4)));
        return vector;
      });
      turned(f, columns).forEach((vector, row) => store(row, vector));
      return;
    }
    for (let row = 0; row < rows; row++) {
      cursors.at(last, row, () =>
        cursors.at(n.axis, v * 4, () =>
          store(row, lanes === 0 ? f.floats(0) : load(n.axis, lanes)),
        ),
      );
    }
  });
}
