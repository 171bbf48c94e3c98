/**
 * A plain Backend over TensorFlow.js (its JavaScript kernels, no native code), for the proof that the
 * interface fits it: programs are interpreted op by op, buffers are tensors, reads are asynchronous.
 */
import * as tfModule from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';
import type { Backend, Executable } from '../../src/core/backends/backend.ts';
import type {
  BinaryFn,
  CompareFn,
  Loop,
  Node,
  Program,
  UnaryFn,
} from '../../src/core/ir/program.ts';
import { loopNodes } from '../../src/core/ir/traverse.ts';
import { AppError } from '../../src/shared/errors.ts';
import {
  type DType,
  type TensorType,
  type TensorValues,
  allocate,
} from '../../src/shared/tensor/tensorType.ts';

// A CommonJS package: its exports are on `default` when Node loads it as a module.
const tf = 'default' in tfModule ? (tfModule.default as typeof tfModule) : tfModule;

/** The element types of TensorFlow.js; bytes are widened. */
const tfTypes = { f32: 'float32', i32: 'int32', u8: 'int32', bool: 'bool' } as const;

export async function tfjsBackend(): Promise<Backend> {
  await tf.setBackend('cpu');
  await tf.ready();
  return {
    name: 'tfjs',
    deviceName: `TensorFlow.js ${tf.version_core}, cpu`,
    choices: {},
    threads: 1,
    compile: (program) => new Promise((resolve) => resolve(new TfjsExecutable(program))),
    destroy: () => undefined,
  };
}

class TfjsExecutable implements Executable {
  private readonly program: Program;
  /** Whole buffers, or for columns one tensor a row. */
  private readonly buffers = new Map<string, { readonly type: TensorType; rows: Tensor[] }>();

  constructor(program: Program) {
    const unknown = program.loops.flatMap(loopNodes).find(({ op }) => !(op.kind in lowerings));
    if (unknown !== undefined) throw unsupported(unknown.op.kind);
    this.program = program;
    for (const { name, type, role } of program.buffers) {
      const [count = 0, ...row] = type.shape;
      const rows =
        role === 'column'
          ? Array.from({ length: count }, () => zeros({ ...type, shape: row }))
          : [zeros(type)];
      this.buffers.set(name, { type, rows });
    }
  }

  write(name: string, values: TensorValues, offset = 0): void {
    const buffer = this.buffers.get(name)!;
    const all = allocate(buffer.type);
    if (values.length < all.length) all.set(buffer.rows[0]!.dataSync());
    all.set(values, offset);
    this.replace(name, 0, tensorOf(all, buffer.type));
  }

  async read(name: string, offset = 0, count?: number): Promise<TensorValues> {
    const { type, rows } = this.buffers.get(name)!;
    const all = allocate(type);
    const width = rows.length === 0 ? 0 : all.length / rows.length;
    for (const [i, row] of rows.entries()) all.set(await row.data(), i * width);
    return all.slice(offset, count === undefined ? undefined : offset + count);
  }

  run(loop: string, from: number, to: number): Promise<void> {
    const found = this.program.loops.find(({ name }) => name === loop)!;
    for (let iteration = from; iteration < to; iteration++) this.step(found, iteration);
    return Promise.resolve();
  }

  describe(): string {
    return 'TensorFlow.js, op by op';
  }

  destroy(): void {
    for (const { rows } of this.buffers.values()) tf.dispose(rows);
  }

  private step(loop: Loop, iteration: number): void {
    const stored = tf.tidy(() => {
      const values = new Map<Node, Tensor>();
      const load = (name: string): Tensor => this.buffers.get(name)!.rows[0]!;
      for (const node of loopNodes(loop)) {
        const args = node.args.map((arg) => values.get(arg)!);
        values.set(node, lowerings[node.op.kind]!(node, args, { load, iteration }));
      }
      return loop.stores.map(({ value }) => tf.clone(values.get(value)!));
    });
    loop.stores.forEach(({ kind, buffer }, i) => {
      this.replace(buffer.name, kind === 'emit' ? iteration : 0, stored[i]!);
    });
  }

  private replace(name: string, row: number, tensor: Tensor): void {
    const { rows } = this.buffers.get(name)!;
    rows[row]?.dispose();
    rows[row] = tensor;
  }
}

function zeros({ dtype, shape }: TensorType): Tensor {
  return tf.zeros([...shape], tfTypes[dtype]);
}

function tensorOf(values: TensorValues, { dtype, shape }: TensorType): Tensor {
  return tf.tensor(dtype === 'f32' ? values : Int32Array.from(values), [...shape], tfTypes[dtype]);
}

interface Turn {
  readonly load: (name: string) => Tensor;
  readonly iteration: number;
}

type Lowering = (node: Node, args: readonly Tensor[], turn: Turn) => Tensor;

/** One entry for each kind of op; those without one are refused when compiling. */
const lowerings: Readonly<Record<string, Lowering>> = {
  load: ({ op }, _, { load }) => (op.kind === 'load' ? load(op.buffer.name) : wrong(op.kind)),
  iteration: (_, __, { iteration }) => tf.scalar(iteration, 'int32'),
  constant: ({ op, type }) => {
    if (op.kind !== 'constant') return wrong(op.kind);
    const values = allocate(type);
    if (typeof op.values === 'number') values.fill(op.values);
    else values.set(op.values);
    return tensorOf(values, type);
  },
  iota: ({ op, type: { shape } }) => {
    if (op.kind !== 'iota') return wrong(op.kind);
    const along = shape.map((size, axis) => (axis === op.axis ? size : 1));
    return tf
      .range(0, shape[op.axis]!, 1, 'int32')
      .reshape(along)
      .broadcastTo([...shape]);
  },
  unary: ({ op }, [x]) => (op.kind === 'unary' ? unaryFn(op.fn)(x!) : wrong(op.kind)),
  binary: ({ op }, [x, y]) => (op.kind === 'binary' ? binaryFns[op.fn](x!, y!) : wrong(op.kind)),
  compare: ({ op }, [x, y]) => (op.kind === 'compare' ? compareFns[op.fn](x!, y!) : wrong(op.kind)),
  select: (_, [condition, x, y]) => tf.where(condition!.cast('bool'), x!, y!),
  convert: ({ type }, [x]) => cast(x!, type.dtype),
  broadcast: ({ type: { shape } }, [x]) => {
    const ones = Array.from({ length: shape.length - x!.rank }, () => 1);
    return x!.reshape([...ones, ...x!.shape]).broadcastTo([...shape]);
  },
  reshape: ({ type }, [x]) => x!.reshape([...type.shape]),
  transpose: ({ op }, [x]) =>
    op.kind === 'transpose' ? tf.transpose(x!, [...op.permutation]) : wrong(op.kind),
  slice: ({ op, type }, [x]) =>
    op.kind === 'slice' ? tf.slice(x!, [...op.starts], [...type.shape]) : wrong(op.kind),
  pad: ({ op }, [x]) =>
    op.kind === 'pad'
      ? tf.pad(
          x!,
          op.before.map((before, axis): [number, number] => [before, op.after[axis]!]),
          op.value,
        )
      : wrong(op.kind),
  concat: ({ op }, parts) =>
    op.kind === 'concat' ? tf.concat([...parts], op.axis) : wrong(op.kind),
  dynamicRows: ({ type }, [x, start]) => {
    const rows = tf.range(0, type.shape[0]!, 1, 'int32').add(start!);
    return tf.gather(x!, rows.cast('int32'));
  },
  gatherRows: (_, [x, indices]) => tf.gather(x!, indices!.cast('int32')),
  scatterAddRows: ({ type }, [indices, updates]) =>
    tf.unsortedSegmentSum(updates!, indices!.cast('int32').as1D(), type.shape[0]!),
  reduce: ({ op }, [x]) =>
    op.kind === 'reduce' ? tf[op.fn]<Tensor>(x!, [...op.axes]) : wrong(op.kind),
  argMax: ({ op }, [x]) => (op.kind === 'argMax' ? tf.argMax(x!, op.axis) : wrong(op.kind)),
  matmul: ({ op }, [a, b]) =>
    op.kind === 'matmul' ? tf.matMul(a!, b!, op.transposeA, op.transposeB) : wrong(op.kind),
};

function cast(x: Tensor, dtype: DType): Tensor {
  return dtype === 'bool' ? tf.notEqual(x, 0) : x.cast(tfTypes[dtype]);
}

function unaryFn(fn: UnaryFn): (x: Tensor) => Tensor {
  if (fn === 'uniform24' || fn === 'float16') throw unsupported(fn);
  if (fn === 'not') return (x) => tf.logicalNot(x.cast('bool'));
  return (x) => tf[fn](x);
}

const binaryFns: Readonly<Record<BinaryFn, (x: Tensor, y: Tensor) => Tensor>> = {
  add: (x, y) => tf.add(x, y),
  and: (x, y) => tf.logicalAnd(x, y),
  div: (x, y) => tf.div(x, y),
  max: (x, y) => tf.maximum(x, y),
  min: (x, y) => tf.minimum(x, y),
  mul: (x, y) => tf.mul(x, y),
  or: (x, y) => tf.logicalOr(x, y),
  pow: (x, y) => tf.pow(x, y),
  sub: (x, y) => tf.sub(x, y),
};

const compareFns: Readonly<Record<CompareFn, (x: Tensor, y: Tensor) => Tensor>> = {
  eq: (x, y) => tf.equal(x, y),
  ge: (x, y) => tf.greaterEqual(x, y),
  gt: (x, y) => tf.greater(x, y),
  le: (x, y) => tf.lessEqual(x, y),
  lt: (x, y) => tf.less(x, y),
  ne: (x, y) => tf.notEqual(x, y),
};

function wrong(kind: string): never {
  throw new AppError('internal', `internal: lowering of another op than ${kind}`);
}

function unsupported(what: string): AppError {
  return new AppError('backend.unsupported', `TensorFlow.js does not run ${what} here.`);
}
