/**
 * Writes the body of one WebAssembly function. Code is composed of `Push`es: functions that emit the
 * instructions which leave one value on the stack, so that expressions nest as they read.
 */
import { ByteBuffer } from './byteBuffer.ts';
import type { ConstantPool } from './constantPool.ts';
import { atomic, memory, plain, simd, valueType, type ValueType } from './opcodes.ts';

/** Emits instructions that leave one value on the stack. */
export type Push = () => void;

/** `v128.load` from i32.const 0 with 16-byte alignment, up to its offset. */
const loadFromZero = [0x41, 0, 0xfd, memory.load, 4];

export class FunctionBuilder {
  code = new ByteBuffer();
  readonly params: readonly ValueType[];
  private readonly pool: ConstantPool | undefined;
  private readonly locals: ValueType[] = [];
  private readonly free: Record<ValueType, number[]> = { i32: [], f32: [], v128: [] };
  private readonly knownFloats = new Map<number, Push>();
  private readonly knownInts = new Map<number, Push>();
  private readonly body = new ByteBuffer();
  private readonly preamble = new ByteBuffer();
  private readonly hoisted = new Map<string, Push>();
  /** Vectors of `forgetting`. */
  private passing: number[] | undefined;

  constructor(params: readonly ValueType[] = [], pool?: ConstantPool) {
    this.params = params;
    this.pool = pool;
  }

  /** A local that no one else holds; its content is undefined. */
  local(type: ValueType): number {
    const local = this.free[type].pop() ?? this.newLocal(type);
    if (type === 'v128') this.passing?.push(local);
    return local;
  }

  private newLocal(type: ValueType): number {
    this.locals.push(type);
    return this.params.length + this.locals.length - 1;
  }

  /**
   * Emits one kernel: what `body` hoists comes before the rest of it. Locals are the kernel's own;
   * nothing is carried from one kernel to the next in locals.
   */
  kernel(body: () => void): void {
    const before = this.code;
    this.code = this.body.cleared();
    this.preamble.cleared();
    this.hoisted.clear();
    body();
    before.bytes(this.preamble.view());
    before.bytes(this.code.view());
    this.code = before;
    this.releaseAll();
  }

  /** A value that is the same through the whole kernel, evaluated once before its loops. */
  hoist(key: string, value: Push, type: ValueType = 'v128'): Push {
    const known = this.hoisted.get(key);
    if (known !== undefined) return known;
    const rest = this.code;
    this.code = this.preamble;
    const { passing } = this;
    this.passing = undefined;
    const kept = this.keep(value, type);
    this.passing = passing;
    this.code = rest;
    this.hoisted.set(key, kept);
    return kept;
  }

  private releaseAll(): void {
    for (const type of ['i32', 'f32', 'v128'] as const) this.free[type] = [];
    this.locals.forEach((type, index) => this.free[type].push(this.params.length + index));
    for (const type of ['i32', 'f32', 'v128'] as const) this.free[type].reverse();
  }

  get(index: number): Push {
    return () => {
      this.code.byte(0x20);
      this.code.unsigned(index);
    };
  }

  set(index: number, value: Push): void {
    value();
    this.code.byte(0x21);
    this.code.unsigned(index);
  }

  tee(index: number, value: Push): Push {
    return () => {
      value();
      this.code.byte(0x22);
      this.code.unsigned(index);
    };
  }

  /** Evaluates once, now; the result can be pushed any number of times. */
  keep(value: Push, type: ValueType = 'v128'): Push {
    const index = this.local(type);
    this.set(index, value);
    return this.get(index);
  }

  int(value: number): Push {
    return () => {
      this.code.byte(0x41);
      this.code.signed(value);
    };
  }

  /** A plain instruction after its operands. */
  plain(op: keyof typeof plain, ...operands: Push[]): Push {
    return () => {
      for (const operand of operands) operand();
      this.code.byte(plain[op]);
    };
  }

  /** A SIMD instruction after its operands. */
  simd(op: keyof typeof simd, ...operands: Push[]): Push {
    return () => {
      for (const operand of operands) operand();
      this.prefixed(simd[op]);
    };
  }

  /** A lane instruction after its operands. */
  lane(op: 'i32x4ExtractLane' | 'i32x4ReplaceLane', lane: number, ...operands: Push[]): Push {
    return () => {
      for (const operand of operands) operand();
      this.prefixed(simd[op]);
      this.code.byte(lane);
    };
  }

  /** Lanes 0-3 are of `a`, 4-7 of `b`. */
  shuffle(a: Push, b: Push, lanes: readonly number[]): Push {
    return () => {
      a();
      b();
      this.prefixed(simd.shuffle);
      for (const lane of lanes) for (let i = 0; i < 4; i++) this.code.byte(lane * 4 + i);
    };
  }

  /** A 16-byte constant: from the pool, except those that V8 makes with one instruction. */
  vector(values: ArrayBufferView): Push {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, 16);
    const easy = bytes.every((byte) => byte === 0) || bytes.every((byte) => byte === 0xff);
    if (this.pool !== undefined && !easy) return this.pooled(this.pool.addressOf(bytes));
    return () => {
      this.prefixed(0x0c);
      this.code.bytes(bytes);
    };
  }

  floats(value: number): Push {
    return this.repeated(this.knownFloats, value, () => new Float32Array(4).fill(value));
  }

  ints(value: number): Push {
    return this.repeated(this.knownInts, value, () => new Int32Array(4).fill(value));
  }

  private repeated(known: Map<number, Push>, value: number, make: () => ArrayBufferView): Push {
    // As a key of a map, -0 is 0.
    if (Object.is(value, -0)) return this.vector(make());
    const before = known.get(value);
    if (before !== undefined) return before;
    const made = this.vector(make());
    known.set(value, made);
    return made;
  }

  private pooled(address: number): Push {
    return () => {
      this.code.bytes(loadFromZero);
      this.code.unsigned(address);
    };
  }

  prefixed(op: number): void {
    this.code.byte(0xfd);
    if (op >= 0x80) {
      this.code.byte((op & 0x7f) | 0x80);
      this.code.byte(op >> 7);
    } else {
      this.code.byte(op);
    }
  }

  /** Alignment as log2 of bytes and the static offset of a memory instruction. */
  memarg(align: number, offset: number): void {
    this.code.byte(align);
    this.code.unsigned(offset);
  }

  loadInt(address: Push, offset: number): Push {
    return () => {
      address();
      this.code.byte(0x28);
      this.memarg(2, offset);
    };
  }

  storeInt(address: Push, value: Push, offset: number): void {
    address();
    value();
    this.code.byte(0x36);
    this.memarg(2, offset);
  }

  /** Sets `bytes` bytes from `address` on to 0. */
  fill(address: Push, bytes: Push): void {
    for (const operand of [address, this.int(0), bytes]) operand();
    this.code.bytes([0xfc, 0x0b, 0]);
  }

  call(index: number, ...operands: Push[]): void {
    for (const operand of operands) operand();
    this.code.byte(0x10);
    this.code.unsigned(index);
  }

  /** Runs `body` while it is true at the end that `condition`. */
  loopWhile(condition: Push, body: () => void): void {
    this.code.bytes([0x03, 0x40]);
    body();
    condition();
    this.code.bytes([0x0d, 0, 0x0b]);
  }

  /** Runs `body` `count` times; without a loop where that is at most once. */
  repeat(count: number, body: () => void): void {
    if (count <= 0) return;
    if (count === 1) {
      body();
      return;
    }
    this.times(this.int(count), body);
  }

  /** Runs `body` so many times, at least once. */
  times(count: Push, body: () => void): void {
    const counter = this.local('i32');
    this.set(counter, count);
    const left = this.tee(counter, this.plain('i32Sub', this.get(counter), this.int(1)));
    this.loopWhile(left, body);
  }

  /**
   * Runs `body`, whose vectors nobody needs afterwards. In a loop V8 would carry them to its next round, and takes that for a
   * reason not to fuse pairs of them.
   */
  forgetting(body: () => void): void {
    const zero = this.get(this.newLocal('v128')); // a local is 0 until it is set
    this.passing = [];
    body();
    for (const local of this.passing) this.set(local, zero);
    this.passing = undefined;
  }

  ifThen(condition: Push, body: () => void): void {
    condition();
    this.code.bytes([0x04, 0x40]);
    body();
    this.code.byte(0x0b);
  }

  ifElse(condition: Push, body: () => void, otherwise: () => void): void {
    condition();
    this.code.bytes([0x04, 0x40]);
    body();
    this.code.byte(0x05);
    otherwise();
    this.code.byte(0x0b);
  }

  drop(value: Push): void {
    value();
    this.code.byte(0x1a);
  }

  /** An atomic instruction on the i32 at `address`, after its operands. */
  atomic(op: keyof typeof atomic, address: number, ...operands: Push[]): Push {
    return () => {
      for (const operand of [this.int(0), ...operands]) operand();
      this.code.bytes([0xfe, atomic[op]]);
      this.memarg(2, address);
    };
  }

  /** Sleeps while the i32 at `address` is `expected`, until it is notified. */
  atomicWait(address: number, expected: Push): Push {
    const forever: Push = () => {
      this.code.byte(0x42); // i64.const
      this.code.signed(-1);
    };
    return this.atomic('wait', address, expected, forever);
  }

  /** Size, declarations of locals, instructions: an entry of the code section. */
  finish(): ByteBuffer {
    const body = new ByteBuffer();
    body.unsigned(this.locals.length);
    for (const type of this.locals) {
      body.byte(1);
      body.byte(valueType[type]);
    }
    body.bytes(this.code.view());
    body.byte(0x0b);
    return body;
  }
}
