/**
 * Moves up to four elements between memory and a vector register. In registers f32 are floats, i32 and
 * u8 are 32-bit integers and bool is a mask of all ones or zeros; in memory u8 is a byte and bool a word 0 or 1.
 * A contiguous load of fewer than four elements reads on (every memory has slack at its end); a store
 * never writes more than its elements.
 */
import type { DType } from '../../../shared/tensor/tensorType.ts';
import type { FunctionBuilder, Push } from './asm.ts';
import { memory } from './opcodes.ts';

/** Elements `stride` bytes apart, the first at `address` + `offset`. */
export interface LaneAddress {
  readonly address: Push;
  readonly offset: number;
  readonly dtype: DType;
  readonly stride: number;
  readonly count: number;
}

export function loadLanes(f: FunctionBuilder, at: LaneAddress): Push {
  const raw = at.dtype === 'u8' ? loadBytes(f, at) : loadWords(f, at);
  return at.dtype === 'bool' ? f.simd('i32x4Ne', raw, f.ints(0)) : raw;
}

/** One or two contiguous words at `at`, twice: x0 x1 x0 x1 (lanes 1 and 3 mean nothing for a count of 1). */
export function loadTwice(f: FunctionBuilder, at: LaneAddress): Push {
  return load(f, at, at.count === 1 ? 'splat32' : 'splat64');
}

export function storeLanes(f: FunctionBuilder, at: LaneAddress, value: Push): void {
  const { dtype, stride, count } = at;
  const stored = dtype === 'bool' ? f.simd('and', value, f.ints(1)) : value;
  if (dtype === 'u8') {
    const kept = f.keep(stored);
    for (let lane = 0; lane < count; lane++) storeLane(f, at, { kept, op: 'store8Lane', lane });
  } else if (stride === 4 && count === 4) {
    at.address();
    stored();
    f.prefixed(memory.store);
    f.memarg(2, at.offset);
  } else if (stride === 4 && count >= 2) {
    const kept = f.keep(stored);
    storeLane(f, at, { kept, op: 'store64Lane', lane: 0 });
    if (count === 3) storeLane(f, at, { kept, op: 'store32Lane', lane: 2 });
  } else {
    const kept = count === 1 ? stored : f.keep(stored);
    for (let lane = 0; lane < count; lane++) storeLane(f, at, { kept, op: 'store32Lane', lane });
  }
}

function storeLane(
  f: FunctionBuilder,
  at: LaneAddress,
  what: { kept: Push; op: 'store8Lane' | 'store32Lane' | 'store64Lane'; lane: number },
): void {
  const { kept, op, lane } = what;
  at.address();
  kept();
  f.prefixed(memory[op]);
  f.memarg(op === 'store8Lane' ? 0 : 2, at.offset + lane * at.stride);
  f.code.byte(op === 'store8Lane' ? lane * 4 : lane);
}

/** A plain or widening load without an operand but the address. */
function load(f: FunctionBuilder, at: LaneAddress, op: keyof typeof memory): Push {
  return () => {
    at.address();
    f.prefixed(memory[op]);
    f.memarg(at.dtype === 'u8' ? 0 : 2, at.offset);
  };
}

function loadWords(f: FunctionBuilder, at: LaneAddress): Push {
  if (at.stride === 0) return load(f, at, 'splat32');
  if (at.stride === 4 && at.count > 1) return load(f, at, 'load');
  let vector = load(f, at, 'load32Zero');
  for (let lane = 1; lane < at.count; lane++) {
    const before = vector;
    vector = () => {
      at.address();
      before();
      f.prefixed(memory.load32Lane);
      f.memarg(2, at.offset + lane * at.stride);
      f.code.byte(lane);
    };
  }
  return vector;
}

function loadBytes(f: FunctionBuilder, at: LaneAddress): Push {
  if (at.stride === 1 && at.count > 1) {
    return f.simd('i32x4ExtendLowU16', f.simd('i16x8ExtendLowU8', load(f, at, 'load32Zero')));
  }
  const byte = (lane: number): Push => {
    return () => {
      at.address();
      f.code.byte(0x2d);
      f.memarg(0, at.offset + lane * at.stride);
    };
  };
  let vector = f.simd('i32x4Splat', byte(0));
  if (at.stride === 0) return vector;
  for (let lane = 1; lane < at.count; lane++) {
    vector = f.lane('i32x4ReplaceLane', lane, vector, byte(lane));
  }
  return vector;
}
