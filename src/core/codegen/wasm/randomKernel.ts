/** Threefry-2x32-20 on four counters at a time (../../random/threefry.ts has the scalar form and the vectors). */
import { elementCount } from '../../../shared/tensor/tensorType.ts';
import type { FunctionBuilder, Push } from './asm.ts';
import { Cursors } from './cursors.ts';
import { type KernelContext, viewAccess } from './kernelContext.ts';
import { loadLanes, storeLanes } from './lanes.ts';
import { denseView, type Value } from './values.ts';

const rotations = [13, 15, 26, 6, 17, 29, 16, 24];
const parity = 0x1bd11bda;

/**
 * Writes whole groups of eight words: counters c .. c + 3 give elements 2c .. 2c + 7. What lies past the
 * end of the tensor is padding of its allocation.
 */
export function emitRandomBits(context: KernelContext, value: Value): void {
  const { f } = context;
  const { op } = value;
  if (op.kind !== 'randomBits') return;
  const [seed, epoch, step] = value.inputs.map((view) => {
    const { address } = viewAccess(context, view);
    const at = { address: f.int(0), offset: address, dtype: 'i32', stride: 0, count: 4 } as const;
    return f.keep(loadLanes(f, at));
  }) as [Push, Push, Push];
  const key = threefry(f, [seed, f.ints(op.stream)], [epoch, step]);
  const counter = f.local('v128');
  const access = { ...viewAccess(context, denseView(value)), strides: [4] };
  const cursors = new Cursors(f, [access]);
  const groups = Math.ceil(elementCount(value.shape) / 8);
  const first = (group: Push): Push =>
    f.simd(
      'i32x4Add',
      f.simd('i32x4Splat', f.plain('i32Mul', group, f.int(4))),
      f.vector(new Int32Array([0, 1, 2, 3])),
    );
  cursors.loop(
    0,
    { count: groups, step: 8, team: context.team, before: (group) => f.set(counter, first(group)) },
    () => {
      const [even, odd] = threefry(f, key, [f.get(counter), f.ints(0)]);
      storeLanes(f, cursors.lanes(access, 0, 4), f.shuffle(even, odd, [0, 4, 1, 5]));
      cursors.at(0, 4, () =>
        storeLanes(f, cursors.lanes(access, 0, 4), f.shuffle(even, odd, [2, 6, 3, 7])),
      );
      f.set(counter, f.simd('i32x4Add', f.get(counter), f.ints(4)));
    },
  );
}

/** Both words of the cipher, in locals. */
function threefry(
  f: FunctionBuilder,
  [key0, key1]: readonly [Push, Push],
  [counter0, counter1]: readonly [Push, Push],
): [Push, Push] {
  const add = (a: Push, b: Push): Push => f.simd('i32x4Add', a, b);
  const third = f.keep(f.simd('xor', f.simd('xor', key0, key1), f.ints(parity)));
  const keys = [key0, key1, third];
  const x0 = f.local('v128');
  const x1 = f.local('v128');
  f.set(x0, add(counter0, key0));
  f.set(x1, add(counter1, key1));
  for (let round = 0; round < 20; round++) {
    f.set(x0, add(f.get(x0), f.get(x1)));
    const turn = rotations[round % 8]!;
    const left = f.simd('i32x4Shl', f.get(x1), f.int(turn));
    const right = f.simd('i32x4ShrU', f.get(x1), f.int(32 - turn));
    f.set(x1, f.simd('xor', f.simd('or', left, right), f.get(x0)));
    if (round % 4 !== 3) continue;
    const injection = (round + 1) / 4;
    f.set(x0, add(f.get(x0), keys[injection % 3]!));
    f.set(x1, add(add(f.get(x1), keys[(injection + 1) % 3]!), f.ints(injection)));
  }
  return [f.get(x0), f.get(x1)];
}
