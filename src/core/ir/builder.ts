/**
 * Makes nodes. The builder infers every type, checks every rule of the IR at once (a broken rule is a
 * bug of ours, so it throws `internal:`), and interns: asking twice for the same value gives the same node.
 */
import type { Origin } from '../../shared/kernelInfo.ts';
import { invariant } from '../../shared/errors.ts';
import {
  type DType,
  type Shape,
  type TensorType,
  elementCount,
  printType,
  sameShape,
  tensorType,
} from '../../shared/tensor/tensorType.ts';
import type {
  BinaryFn,
  BufferDecl,
  BufferRole,
  CompareFn,
  ConvGeometry,
  Loop,
  Node,
  Op,
  PoolGeometry,
  Program,
  ReduceFn,
  Scan,
  Store,
  UnaryFn,
} from './program.ts';
import { broadcastShape, checkArguments, convOutputShape, poolOutputShape } from './typeRules.ts';
import { collectBuffers } from './traverse.ts';

/** A number stands for a constant of the other operand's dtype. */
export type Operand = Node | number;

/** i32 scalars that say which random numbers to draw. */
export interface RandomCounter {
  readonly seed: Node;
  readonly epoch: Node;
  readonly step: Node;
  /** Where axis 0 is rows of a batch and these are not its first: the number of the first. 0 by default. */
  readonly firstRow?: number;
}

export class Builder {
  private readonly interned = new Map<string, Node>();
  private readonly buffers = new Map<string, BufferDecl>();
  private nextId = 0;
  private origin: Origin | null = null;
  private block = 0;
  private halvesFactors = false;

  /** What `make` makes anew comes from `origin`. */
  from<T>(origin: Origin | null, make: () => T): T {
    const before = this.origin;
    this.origin = origin;
    try {
      return make();
    } finally {
      this.origin = before;
    }
  }

  /** What `make` makes anew belongs to a block of the iteration. */
  inBlock<T>(block: number, make: () => T): T {
    const before = this.block;
    this.block = block;
    try {
      return make();
    } finally {
      this.block = before;
    }
  }

  /**
   * Matrix products and convolutions that `make` makes multiply factors rounded to float16, and sum in float32: what
   * tensor cores do. All else, and what is stored, stays float32.
   */
  withHalfFactors<T>(make: () => T): T {
    const before = this.halvesFactors;
    this.halvesFactors = true;
    try {
      return make();
    } finally {
      this.halvesFactors = before;
    }
  }

  /** Declares a buffer, or gives the one of that name. */
  buffer(name: string, role: BufferRole, dtype: DType, shape: Shape): BufferDecl {
    const known = this.buffers.get(name);
    if (known !== undefined) {
      invariant(
        known.role === role && known.type.dtype === dtype && sameShape(known.type.shape, shape),
        `buffer ${name} declared twice with different types`,
      );
      return known;
    }
    const declared: BufferDecl = { name, role, type: tensorType(dtype, shape) };
    this.buffers.set(name, declared);
    return declared;
  }

  load(buffer: BufferDecl): Node {
    return this.make({ kind: 'load', buffer }, [], buffer.type);
  }

  iteration(): Node {
    return this.make({ kind: 'iteration' }, [], tensorType('i32', []));
  }

  constant(values: number | readonly number[], shape: Shape = [], dtype: DType = 'f32'): Node {
    invariant(
      typeof values === 'number' || values.length === elementCount(shape),
      `constant of ${shape.join('x')} needs ${elementCount(shape)} values`,
    );
    return this.make({ kind: 'constant', values }, [], tensorType(dtype, shape));
  }

  iota(shape: Shape, axis: number): Node {
    invariant(axis >= 0 && axis < shape.length, `iota axis ${axis} of rank ${shape.length}`);
    return this.make({ kind: 'iota', axis }, [], tensorType('i32', shape));
  }

  unary(fn: UnaryFn, x: Node): Node {
    const dtype = fn === 'uniform24' ? 'f32' : x.type.dtype;
    return this.make({ kind: 'unary', fn }, [x], tensorType(dtype, x.type.shape));
  }

  /** Broadcasts both operands to one shape first. */
  binary(fn: BinaryFn, a: Operand, b: Operand): Node {
    const [x, y] = this.aligned(a, b);
    return this.make({ kind: 'binary', fn }, [x, y], x.type);
  }

  compare(fn: CompareFn, a: Operand, b: Operand): Node {
    const [x, y] = this.aligned(a, b);
    return this.make({ kind: 'compare', fn }, [x, y], tensorType('bool', x.type.shape));
  }

  select(condition: Node, whenTrue: Operand, whenFalse: Operand): Node {
    const [x, y] = this.aligned(whenTrue, whenFalse);
    const shape = broadcastShape(condition.type.shape, x.type.shape);
    const args = [condition, x, y].map((arg) => this.broadcast(arg, shape));
    return this.make({ kind: 'select' }, args, tensorType(x.type.dtype, shape));
  }

  convert(x: Node, dtype: DType): Node {
    if (x.type.dtype === dtype) return x;
    return this.make({ kind: 'convert' }, [x], tensorType(dtype, x.type.shape));
  }

  /** x as a constant to gradients: none flows through. */
  detach(x: Node): Node {
    return this.make({ kind: 'convert' }, [x], x.type);
  }

  broadcast(x: Node, shape: Shape): Node {
    if (sameShape(x.type.shape, shape)) return x;
    if (x.op.kind === 'constant' && typeof x.op.values === 'number') {
      return this.constant(x.op.values, shape, x.type.dtype);
    }
    return this.make({ kind: 'broadcast' }, [x], tensorType(x.type.dtype, shape));
  }

  reshape(x: Node, shape: Shape): Node {
    if (sameShape(x.type.shape, shape)) return x;
    return this.make({ kind: 'reshape' }, [x], tensorType(x.type.dtype, shape));
  }

  transpose(x: Node, permutation: readonly number[]): Node {
    const shape = permutation.map((axis) => x.type.shape[axis] ?? 0);
    return this.make({ kind: 'transpose', permutation }, [x], tensorType(x.type.dtype, shape));
  }

  slice(x: Node, starts: readonly number[], shape: Shape): Node {
    if (sameShape(x.type.shape, shape)) return x;
    return this.make({ kind: 'slice', starts }, [x], tensorType(x.type.dtype, shape));
  }

  pad(x: Node, before: readonly number[], after: readonly number[], value = 0): Node {
    const shape = x.type.shape.map((size, axis) => size + (before[axis] ?? 0) + (after[axis] ?? 0));
    return this.make({ kind: 'pad', before, after, value }, [x], tensorType(x.type.dtype, shape));
  }

  concat(parts: readonly Node[], axis: number): Node {
    const [first] = parts;
    invariant(first !== undefined, 'concat of nothing');
    const size = parts.reduce((sum, part) => sum + (part.type.shape[axis] ?? 0), 0);
    const shape = first.type.shape.map((old, a) => (a === axis ? size : old));
    return this.make({ kind: 'concat', axis }, parts, tensorType(first.type.dtype, shape));
  }

  dynamicRows(x: Node, start: Node, rows: number): Node {
    const shape = [rows, ...x.type.shape.slice(1)];
    return this.make({ kind: 'dynamicRows' }, [x, start], tensorType(x.type.dtype, shape));
  }

  gatherRows(x: Node, indices: Node): Node {
    const shape = [...indices.type.shape, ...x.type.shape.slice(1)];
    return this.make({ kind: 'gatherRows' }, [x, indices], tensorType(x.type.dtype, shape));
  }

  scatterAddRows(indices: Node, updates: Node, rows: number): Node {
    const shape = [rows, ...updates.type.shape.slice(1)];
    const type = tensorType(updates.type.dtype, shape);
    return this.make({ kind: 'scatterAddRows' }, [indices, updates], type);
  }

  /** All axes by default. `keepAxes` leaves them with size 1. */
  reduce(fn: ReduceFn, x: Node, axes?: readonly number[], keepAxes = false): Node {
    const over = axes ?? x.type.shape.map((_, axis) => axis);
    const kept = x.type.shape.filter((_, axis) => !over.includes(axis));
    const node =
      over.length === 0
        ? x
        : this.make({ kind: 'reduce', fn, axes: over }, [x], tensorType(x.type.dtype, kept));
    if (!keepAxes) return node;
    const shape = x.type.shape.map((size, axis) => (over.includes(axis) ? 1 : size));
    return this.reshape(node, shape);
  }

  argMax(x: Node, axis: number): Node {
    const shape = x.type.shape.filter((_, a) => a !== axis);
    return this.make({ kind: 'argMax', axis }, [x], tensorType('i32', shape));
  }

  matmul(a: Node, b: Node, options: { transposeA?: boolean; transposeB?: boolean } = {}): Node {
    const { transposeA = false, transposeB = false } = options;
    const m = a.type.shape[transposeA ? 1 : 0] ?? 0;
    const n = b.type.shape[transposeB ? 0 : 1] ?? 0;
    const type = tensorType('f32', [m, n]);
    return this.make({ kind: 'matmul', transposeA, transposeB }, this.factors(a, b), type);
  }

  conv2d(x: Node, filter: Node, geometry: ConvGeometry): Node {
    const shape = convOutputShape(x.type.shape, filter.type.shape, geometry);
    return this.make(
      { kind: 'conv2d', geometry },
      this.factors(x, filter),
      tensorType('f32', shape),
    );
  }

  conv2dInputGrad(grad: Node, filter: Node, inputShape: Shape, geometry: ConvGeometry): Node {
    const type = tensorType('f32', inputShape);
    return this.make({ kind: 'conv2dInputGrad', geometry }, this.factors(grad, filter), type);
  }

  conv2dFilterGrad(x: Node, grad: Node, filterShape: Shape, geometry: ConvGeometry): Node {
    const type = tensorType('f32', filterShape);
    return this.make({ kind: 'conv2dFilterGrad', geometry }, this.factors(x, grad), type);
  }

  maxPool2d(x: Node, geometry: PoolGeometry): Node {
    const type = tensorType('f32', poolOutputShape(x.type.shape, geometry));
    return this.make({ kind: 'maxPool2d', geometry }, [x], type);
  }

  maxPool2dInputGrad(x: Node, grad: Node, geometry: PoolGeometry): Node {
    return this.make({ kind: 'maxPool2dInputGrad', geometry }, [x, grad], x.type);
  }

  randomBits(stream: number, counter: RandomCounter, shape: Shape): Node {
    const { seed, epoch, step, firstRow = 0 } = counter;
    const first = firstRow * elementCount(shape.slice(1));
    const type = tensorType('i32', shape);
    return this.make({ kind: 'randomBits', stream, first }, [seed, epoch, step], type);
  }

  /** A placeholder for use inside a scan body. */
  scanInput(name: string, type: TensorType): Node {
    return this.make({ kind: 'scanInput', name: `${name}#${this.nextId}` }, [], type);
  }

  /** Runs `scan` over `carries` and `sequences`; gives final carries, then stacked outputs. */
  scan(scan: Scan, carries: readonly Node[], sequences: readonly Node[]): Node[] {
    const types = [
      ...scan.carries.map((node) => node.type),
      ...scan.outputs.map((o) => tensorType(o.type.dtype, [scan.count, ...o.type.shape])),
    ];
    const [first] = types;
    invariant(first !== undefined, 'scan without results');
    const node = this.make({ kind: 'scan', scan }, [...carries, ...sequences], first);
    return types.map((type, index) => this.make({ kind: 'scanResult', index }, [node], type));
  }

  assign(buffer: BufferDecl, value: Node): Store {
    invariant(
      buffer.role === 'state' && printType(buffer.type) === printType(value.type),
      `assign ${printType(value.type)} to ${buffer.role} ${buffer.name}: ${printType(buffer.type)}`,
    );
    return { kind: 'assign', buffer, value };
  }

  emit(buffer: BufferDecl, value: Node): Store {
    invariant(
      buffer.role === 'column' &&
        buffer.type.dtype === value.type.dtype &&
        sameShape(buffer.type.shape.slice(1), value.type.shape),
      `emit ${printType(value.type)} to ${buffer.role} ${buffer.name}: ${printType(buffer.type)}`,
    );
    return { kind: 'emit', buffer, value };
  }

  program(name: string, loops: readonly Loop[]): Program {
    return { name, loops, buffers: collectBuffers(loops) };
  }

  // Short names for the arithmetic that most lowerings are made of.
  add(a: Operand, b: Operand): Node {
    return this.binary('add', a, b);
  }
  sub(a: Operand, b: Operand): Node {
    return this.binary('sub', a, b);
  }
  mul(a: Operand, b: Operand): Node {
    return this.binary('mul', a, b);
  }
  div(a: Operand, b: Operand): Node {
    return this.binary('div', a, b);
  }

  /** Makes any node; the methods above are the usual way in, passes use this one to rebuild nodes. */
  make(op: Op, args: readonly Node[], type: TensorType): Node {
    checkArguments(op, args, type);
    const key = `${opKey(op)}(${args.map((arg) => arg.id).join()})${printType(type)}`;
    const known = this.interned.get(key);
    if (known !== undefined) return known;
    const { origin, block } = this;
    const node: Node = { id: this.nextId++, op, args, type, origin, block };
    this.interned.set(key, node);
    return node;
  }

  private factors(...sides: readonly [Node, Node]): Node[] {
    const rounded = (x: Node): boolean => x.op.kind === 'unary' && x.op.fn === 'float16';
    return sides.map((x) => (!this.halvesFactors || rounded(x) ? x : this.unary('float16', x)));
  }

  private aligned(a: Operand, b: Operand): [Node, Node] {
    const dtype =
      typeof a !== 'number' ? a.type.dtype : typeof b !== 'number' ? b.type.dtype : 'f32';
    const x = typeof a === 'number' ? this.constant(a, [], dtype) : a;
    const y = typeof b === 'number' ? this.constant(b, [], dtype) : b;
    const shape = broadcastShape(x.type.shape, y.type.shape);
    return [this.broadcast(x, shape), this.broadcast(y, shape)];
  }
}

/** Interning key of an op; a scan body is known by its node ids, a buffer by its name. */
function opKey(op: Op): string {
  if (op.kind === 'load') return `load ${op.buffer.name}`;
  if (op.kind !== 'scan')
    return JSON.stringify(op, (_, v: unknown) =>
      Object.is(v, -0) ? '-0' : v === Infinity ? 'inf' : v === -Infinity ? '-inf' : v,
    );
  const { count, inputs, carries, outputs } = op.scan;
  const ids = [inputs, carries, outputs].map((nodes) => nodes.map((n) => n.id).join()).join(';');
  return `scan ${count};${ids}`;
}
