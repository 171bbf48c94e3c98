/**
 * Several threads that run the same code over the same memory and share the iterations of outer loops. Each element is
 * computed by one thread in the order in which a single one would, so the number of threads never changes bits.
 */
import { FunctionBuilder, type Push } from './asm.ts';
import { barrierAddress } from './staticMemory.ts';

export interface Team {
  /** i32: the index of this thread, from 0. */
  readonly thread: Push;
  /** At least 2. */
  readonly size: number;
  /** Waits until all threads are here. */
  readonly barrier: () => void;
}

/** Runs `body` on the last thread only; on this one where there is no team. */
export function onOneThread(f: FunctionBuilder, team: Team | undefined, body: () => void): void {
  if (team === undefined) body();
  else f.ifThen(f.plain('i32Eq', team.thread, f.int(team.size - 1)), body);
}

/** Runs `body` with the first of `count` iterations that are this thread's and their number, if there are any. */
export function ownShare(
  f: FunctionBuilder,
  team: Team,
  count: number,
  body: (first: Push, number: Push) => void,
): void {
  const bound = (index: Push): Push =>
    f.plain('i32DivS', f.plain('i32Mul', index, f.int(count)), f.int(team.size));
  const first = f.keep(bound(team.thread), 'i32');
  const end = bound(f.plain('i32Add', team.thread, f.int(1)));
  const number = f.keep(f.plain('i32Sub', end, first), 'i32');
  f.ifThen(f.plain('i32Ne', number, f.int(0)), () => body(first, number));
}

/**
 * How often a thread looks before it sleeps: some hundred microseconds, longer than most kernels that one thread runs alone.
 * Waking up a sleeping one can take as long (W2 with two threads: 0.15 ms a step; 0.67 ms with a tenth of it).
 */
const spins = 50_000;

/**
 * The function that waits for all of `size` threads. The last to come starts the next round; the others look for a
 * while, then sleep.
 */
export function barrierFunction(size: number): FunctionBuilder {
  const f = new FunctionBuilder();
  const [arrived, round] = [barrierAddress, barrierAddress + 4];
  const zero = f.int(0);
  const before = f.keep(f.atomic('load', round), 'i32');
  const last = f.plain('i32Eq', f.atomic('add', arrived, f.int(1)), f.int(size - 1));
  f.ifElse(
    last,
    () => {
      f.atomic('store', arrived, zero)();
      f.drop(f.atomic('add', round, f.int(1)));
      f.drop(f.atomic('notify', round, f.int(size)));
    },
    () => {
      const isOld = f.plain('i32Eq', f.atomic('load', round), before);
      const left = f.local('i32');
      f.set(left, f.int(spins));
      const mayLook = f.plain('i32Ne', f.tee(left, f.plain('i32Sub', f.get(left), f.int(1))), zero);
      f.loopWhile(f.plain('i32And', isOld, mayLook), () => undefined);
      f.ifThen(isOld, () => f.loopWhile(isOld, () => f.drop(f.atomicWait(round, before))));
    },
  );
  return f;
}
