import type { Builder } from '../ir/builder.ts';
import type { Node } from '../ir/program.ts';

/** i32[]: which update a step belongs to, both counted from 1, where `every` steps make one. */
export function updateNumber(b: Builder, step: Node, every: number): Node {
  return every === 1 ? step : b.div(b.add(step, every - 1), every);
}

/** bool[]: whether `count` is a multiple of `every`. */
export function isMultiple(b: Builder, count: Node, every: number): Node {
  return b.compare('eq', b.mul(b.div(count, every), every), count);
}
