/** Adds numbers to others, as a function of its own: (from, to). V8 may fuse its pairs of vectors to 256 bits. */
import { FunctionBuilder } from './asm.ts';
import { loadLanes, storeLanes } from './lanes.ts';

export interface AddSpec {
  /** A multiple of 16, next to each other. */
  readonly numbers: number;
}

/** Vectors that are added in one round. */
const together = 4;

export function addFunction({ numbers }: AddSpec): FunctionBuilder {
  const f = new FunctionBuilder(['i32', 'i32']);
  const [from, to] = [0, 1];
  const at = (pointer: number, vector: number) =>
    ({ address: f.get(pointer), offset: vector * 16, dtype: 'f32', stride: 4, count: 4 }) as const;
  const vectors = Array.from({ length: together }, (_, vector) => vector);
  f.repeat(numbers / (4 * together), () => {
    f.forgetting(() => {
      const load = (pointer: number) => vectors.map((v) => f.keep(loadLanes(f, at(pointer, v))));
      const [added, before] = [load(from), load(to)];
      vectors.forEach((v) => storeLanes(f, at(to, v), f.simd('f32x4Add', before[v]!, added[v]!)));
    });
    for (const pointer of [from, to]) {
      f.set(pointer, f.plain('i32Add', f.get(pointer), f.int(together * 16)));
    }
  });
  return f;
}
