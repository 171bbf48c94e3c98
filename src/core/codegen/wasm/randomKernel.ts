/** Threefry-2x32-20 on four counters at a time (../../random/threefry.ts has the scalar form and the vectors). */
import { elementCount } from '../../../shared/tensor/tensorType.ts';
import type { FunctionBuilder, Push } from './asm.ts';
import { type Access, Cursors } from './cursors.ts';
import { type KernelContext, viewAccess } from './kernelContext.ts';
import { loadLanes, storeLanes } from './lanes.ts';
import { onOneThread } from './team.ts';
import { denseView, type Value } from './values.ts';

const rotations = [13, 15, 26, 6, 17, 29, 16, 24];
const parity = 0x1bd11bda;

/** Groups computed side by side: the rounds of one are a chain, of which a processor does several at once. */
const sideBySide = 2;

/**
 * Writes whole groups of eight words: counters c .. c + 3 give elements 2c .. 2c + 7 of those of which the value holds
 * some. What lies past the end of the tensor is padding of its allocation.
 */
export function emitRandomBits(context: KernelContext, value: Value): void {
  const { f, team } = context;
  const { op } = value;
  if (op.kind !== 'randomBits') return;
  const [seed, epoch, step] = value.inputs.map((view) => {
    const { address } = viewAccess(context, view);
    const at = { address: f.int(0), offset: address, dtype: 'i32', stride: 0, count: 4 } as const;
    return f.keep(loadLanes(f, at));
  }) as [Push, Push, Push];
  const [key] = threefry(f, [seed, f.ints(op.stream)], [[epoch, step]]) as [Pair];
  const access = { ...viewAccess(context, denseView(value)), strides: [4] };
  const cursors = new Cursors(f, [access]);
  const groups = Math.ceil(elementCount(value.shape) / 8);
  const counter = f.local('v128');
  const emitGroups = (count: number): void => {
    const counters = Array.from({ length: count }, (_, i): Pair => {
      const own = f.simd('i32x4Add', f.get(counter), f.ints(4 * i));
      return [i === 0 ? f.get(counter) : own, f.ints(0)];
    });
    threefry(f, key, counters).forEach((words, i) => storeGroup(f, cursors, access, { i, words }));
    f.set(counter, f.simd('i32x4Add', f.get(counter), f.ints(4 * count)));
  };
  const whole = Math.floor(groups / sideBySide);
  const lowest = Int32Array.from({ length: 4 }, (_, i) => op.first / 2 + i);
  const start = (push: Push) =>
    f.set(counter, f.simd('i32x4Add', f.simd('i32x4Splat', push), f.vector(lowest)));
  const before = (run: Push) => start(f.plain('i32Mul', run, f.int(4 * sideBySide)));
  cursors.loop(0, { count: whole, step: 8 * sideBySide, team, before }, () =>
    emitGroups(sideBySide),
  );
  if (groups === whole * sideBySide) return;
  onOneThread(f, team, () =>
    cursors.at(0, whole * sideBySide * 8, () => {
      start(f.int(whole * sideBySide * 4));
      emitGroups(groups - whole * sideBySide);
    }),
  );
}

function storeGroup(
  f: FunctionBuilder,
  cursors: Cursors,
  access: Access,
  { i, words: [even, odd] }: { i: number; words: Pair },
): void {
  cursors.at(0, 8 * i, () => {
    storeLanes(f, cursors.lanes(access, 0, 4), f.shuffle(even, odd, [0, 4, 1, 5]));
    cursors.at(0, 4, () =>
      storeLanes(f, cursors.lanes(access, 0, 4), f.shuffle(even, odd, [2, 6, 3, 7])),
    );
  });
}

type Pair = readonly [Push, Push];

/** Both words of the cipher for each pair of counters, in locals. */
function threefry(f: FunctionBuilder, [key0, key1]: Pair, counters: readonly Pair[]): Pair[] {
  const add = (a: Push, b: Push): Push => f.simd('i32x4Add', a, b);
  const third = f.keep(f.simd('xor', f.simd('xor', key0, key1), f.ints(parity)));
  const keys = [key0, key1, third];
  const states = counters.map(([counter0, counter1]) => {
    const state = { x0: f.local('v128'), x1: f.local('v128') };
    f.set(state.x0, add(counter0, key0));
    f.set(state.x1, add(counter1, key1));
    return state;
  });
  for (let round = 0; round < 20; round++) {
    const turn = rotations[round % 8]!;
    for (const { x0, x1 } of states) {
      f.set(x0, add(f.get(x0), f.get(x1)));
      const left = f.simd('i32x4Shl', f.get(x1), f.int(turn));
      const right = f.simd('i32x4ShrU', f.get(x1), f.int(32 - turn));
      f.set(x1, f.simd('xor', f.simd('or', left, right), f.get(x0)));
    }
    if (round % 4 !== 3) continue;
    const injection = (round + 1) / 4;
    for (const { x0, x1 } of states) {
      f.set(x0, add(f.get(x0), keys[injection % 3]!));
      f.set(x1, add(add(f.get(x1), keys[(injection + 1) % 3]!), f.ints(injection)));
    }
  }
  return states.map(({ x0, x1 }) => [f.get(x0), f.get(x1)]);
}
