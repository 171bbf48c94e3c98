/** A loop of which much can be done an iteration ahead. */
import { Builder } from '../../src/core/ir/builder.ts';
import type { Program } from '../../src/core/ir/program.ts';

export const [count, rows, width, all] = [9, 32, 700, 300] as const;

/** Takes rows in an order, changes them at length, and learns from them what depends on every one before. */
export function aheadProgram(): Program {
  const b = new Builder();
  const order = b.load(b.buffer('order', 'state', 'i32', [all]));
  const table = b.load(b.buffer('table', 'data', 'u8', [all, width]));
  const labels = b.load(b.buffer('labels', 'data', 'u8', [all]));
  const own = b.dynamicRows(order, b.mul(b.iteration(), rows), rows);
  let x = b.div(b.convert(b.gatherRows(table, own), 'f32'), 255);
  for (let turn = 0; turn < 12; turn++) {
    x = b.div(b.add(b.mul(x, 1.25), b.unary('sin', x)), b.add(b.mul(x, x), 1.5));
  }
  const y = b.convert(b.gatherRows(labels, own), 'f32');
  const weights = b.buffer('weights', 'state', 'f32', [width, 1]);
  const error = b.sub(b.matmul(x, b.load(weights)), b.reshape(y, [rows, 1]));
  const slope = b.matmul(x, error, { transposeA: true });
  const loss = b.buffer('loss', 'column', 'f32', [count]);
  const stores = [
    b.emit(loss, b.reduce('sum', b.mul(error, error))),
    b.assign(weights, b.sub(b.load(weights), b.mul(slope, 1e-5))),
  ];
  return b.program('ahead', [{ name: 'train', count, stores }]);
}
