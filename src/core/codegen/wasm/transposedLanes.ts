/**
 * Moves a block of four dense rows between memory and one register for each column: whole vectors and
 * shuffles, where lane by lane would take a memory instruction for each element.
 */
import type { FunctionBuilder, Push } from './asm.ts';
import { type LaneAddress, loadLanes, storeLanes } from './lanes.ts';

/** The first element of a block of four rows of `width` 32-bit elements, one row after the other. */
export type BlockAddress = Omit<LaneAddress, 'stride' | 'count'>;

/** One push for each column: its elements of the four rows. */
export function loadColumns(f: FunctionBuilder, at: BlockAddress, width: number): Push[] {
  const vectors = Array.from({ length: width }, (_, i) =>
    f.keep(loadLanes(f, { ...at, offset: at.offset + i * 16, stride: 4, count: 4 })),
  );
  const element = (row: number, column: number): Place => {
    const index = row * width + column;
    return { vector: vectors[index >> 2]!, lane: index & 3 };
  };
  return Array.from({ length: width }, (_, column) =>
    f.keep(
      gather(
        f,
        [0, 1, 2, 3].map((row) => element(row, column)),
      ),
    ),
  );
}

/** `columns`: registers as `loadColumns` gives them. */
export function storeColumns(f: FunctionBuilder, at: BlockAddress, columns: readonly Push[]): void {
  const width = columns.length;
  for (let i = 0; i < width; i++) {
    const places = [0, 1, 2, 3].map((lane): Place => {
      const index = i * 4 + lane;
      return { vector: columns[index % width]!, lane: Math.floor(index / width) };
    });
    const vector = gather(f, places);
    storeLanes(f, { ...at, offset: at.offset + i * 16, stride: 4, count: 4 }, vector);
  }
}

/** Rows and columns of four vectors exchanged. */
export function turned(f: FunctionBuilder, vectors: readonly Push[]): Push[] {
  const [a, b, c, d] = vectors as [Push, Push, Push, Push];
  return [
    [0, 4, 1, 5],
    [2, 6, 3, 7],
  ].flatMap((lanes) => {
    const [left, right] = [f.keep(f.shuffle(a, b, lanes)), f.keep(f.shuffle(c, d, lanes))];
    return [
      [0, 1, 4, 5],
      [2, 3, 6, 7],
    ].map((both) => f.keep(f.shuffle(left, right, both)));
  });
}

interface Place {
  readonly vector: Push;
  readonly lane: number;
}

/** Four elements from anywhere: two pairs, each of one vector or first brought into one. */
function gather(f: FunctionBuilder, places: readonly Place[]): Push {
  const [a, b, c, d] = places as [Place, Place, Place, Place];
  const left = pair(f, a, b);
  const right = pair(f, c, d);
  const lanes = [...left.lanes, ...right.lanes.map((lane) => lane + 4)];
  return f.shuffle(left.vector, right.vector, lanes);
}

function pair(f: FunctionBuilder, a: Place, b: Place): { vector: Push; lanes: number[] } {
  if (a.vector === b.vector) return { vector: a.vector, lanes: [a.lane, b.lane] };
  const both = f.shuffle(a.vector, b.vector, [a.lane, a.lane, b.lane + 4, b.lane + 4]);
  return { vector: both, lanes: [0, 2] };
}
