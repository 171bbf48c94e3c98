/** The rules of the IR that need no context: which argument types each op takes and what it gives. */
import { invariant } from '../../shared/errors.ts';
import {
  type Shape,
  type TensorType,
  elementCount,
  printType,
  sameShape,
} from '../../shared/tensor/tensorType.ts';
import type { ConvGeometry, Node, Op, PoolGeometry, Scan } from './program.ts';

/** NumPy's rule: align at the right; sizes are equal or one of them is 1. */
export function broadcastShape(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const x = a[i - rank + a.length] ?? 1;
    const y = b[i - rank + b.length] ?? 1;
    invariant(
      x === y || x === 1 || y === 1,
      `shapes [${a.join()}] and [${b.join()}] do not broadcast`,
    );
    return x === 1 ? y : x;
  });
}

/** NHWC shape of a convolution's output. */
export function convOutputShape(x: Shape, filter: Shape, geometry: ConvGeometry): Shape {
  const [n = 0, height = 0, width = 0] = x;
  const [kh = 0, kw = 0, , out = 0] = filter;
  const [top, bottom, left, right] = geometry.padding;
  const [sy, sx] = geometry.strides;
  const [dy, dx] = geometry.dilation;
  const rows = Math.floor((height + top + bottom - (kh - 1) * dy - 1) / sy) + 1;
  const columns = Math.floor((width + left + right - (kw - 1) * dx - 1) / sx) + 1;
  return [n, rows, columns, out];
}

/** NHWC shape of pooling: what does not fill a window at the end is left out. */
export function poolOutputShape(x: Shape, geometry: PoolGeometry): Shape {
  const { window, strides, padding } = geometry;
  const filter = [window[0], window[1], 1, x[3] ?? 0];
  return convOutputShape(x, filter, { strides, padding, dilation: [1, 1], groups: 1 });
}

/** Throws `internal:` when `op` does not take these arguments or does not give `type`. */
export function checkArguments(op: Op, args: readonly Node[], type: TensorType): void {
  const problem = argumentProblem(op, args, type);
  invariant(
    problem === null,
    `${op.kind}(${args.map((a) => printType(a.type)).join(', ')}): ${printType(type)}: ${problem}`,
  );
}

function argumentProblem(op: Op, args: readonly Node[], type: TensorType): string | null {
  if (args.length !== arity(op, args.length)) return `takes ${arity(op, args.length)} arguments`;
  if (type.shape.some((size) => !Number.isInteger(size) || size < 0)) return 'shape has a bad size';
  const types = args.map((arg) => arg.type);
  return (
    elementwiseProblem(op, types, type) ??
    shapeProblem(op, types, type) ??
    contractionProblem(op, types, type) ??
    (op.kind === 'scan' ? scanProblem(op.scan, types) : null)
  );
}

function arity(op: Op, given: number): number {
  switch (op.kind) {
    case 'load':
    case 'iteration':
    case 'constant':
    case 'iota':
    case 'scanInput':
      return 0;
    case 'select':
    case 'randomBits':
      return 3;
    case 'binary':
    case 'compare':
    case 'dynamicRows':
    case 'gatherRows':
    case 'scatterAddRows':
    case 'matmul':
    case 'conv2d':
    case 'conv2dInputGrad':
    case 'conv2dFilterGrad':
    case 'maxPool2dInputGrad':
      return 2;
    case 'concat':
      return Math.max(1, given);
    case 'scan':
      return op.scan.inputs.length;
    default:
      return 1;
  }
}

function elementwiseProblem(op: Op, args: readonly TensorType[], type: TensorType): string | null {
  const [a, b, c] = args;
  switch (op.kind) {
    case 'unary':
      if (a && !sameShape(a.shape, type.shape)) return 'changes the shape';
      if (op.fn === 'not') return a?.dtype === 'bool' ? null : 'needs bool';
      if (op.fn === 'uniform24') return a?.dtype === 'i32' ? null : 'needs i32 bits';
      return a?.dtype === 'f32' || (a?.dtype === 'i32' && ['abs', 'neg', 'sign'].includes(op.fn))
        ? null
        : 'needs f32';
    case 'binary':
      if (!a || !b || printType(a) !== printType(b)) return 'operands differ';
      if (op.fn === 'and' || op.fn === 'or') return a.dtype === 'bool' ? null : 'needs bool';
      return a.dtype === 'f32' || a.dtype === 'i32' ? null : 'needs numbers';
    case 'compare':
      return a && b && printType(a) === printType(b) ? null : 'operands differ';
    case 'select':
      if (a?.dtype !== 'bool') return 'condition must be bool';
      return b && c && printType(b) === printType(c) && sameShape(a.shape, b.shape)
        ? null
        : 'operands differ';
    default:
      return null;
  }
}

function shapeProblem(op: Op, args: readonly TensorType[], type: TensorType): string | null {
  const [a, b] = args;
  switch (op.kind) {
    case 'broadcast':
      return a && sameShape(broadcastShape(a.shape, type.shape), type.shape)
        ? null
        : 'does not broadcast';
    case 'reshape':
      return a && elementCount(a.shape) === elementCount(type.shape)
        ? null
        : 'changes the element count';
    case 'transpose':
      return a &&
        sameShape(
          [...op.permutation].sort((x, y) => x - y),
          a.shape.map((_, i) => i),
        )
        ? null
        : 'is no permutation';
    case 'slice':
      return a?.shape.every(
        (size, i) => (op.starts[i] ?? -1) >= 0 && op.starts[i]! + (type.shape[i] ?? 0) <= size,
      )
        ? null
        : 'out of bounds';
    case 'concat':
      return args.every((t) => t.shape.every((size, i) => i === op.axis || size === type.shape[i]))
        ? null
        : 'parts differ off the axis';
    case 'dynamicRows':
      return a &&
        b?.dtype === 'i32' &&
        b.shape.length === 0 &&
        (type.shape[0] ?? 0) <= (a.shape[0] ?? 0)
        ? null
        : 'needs rows and an i32 scalar start';
    case 'gatherRows':
      return b?.dtype === 'i32' && b.shape.length === 1 ? null : 'needs i32[m] indices';
    case 'scatterAddRows':
      return a?.dtype === 'i32' && a.shape.length === 1 && b?.shape[0] === a.shape[0]
        ? null
        : 'needs one index for each update';
    case 'reduce':
      return a && op.axes.every((axis) => axis >= 0 && axis < a.shape.length)
        ? null
        : 'axis out of range';
    case 'argMax':
      return a && op.axis >= 0 && op.axis < a.shape.length ? null : 'axis out of range';
    case 'randomBits':
      if (op.first < 0 || op.first % 2 !== 0) return 'begins between two pairs';
      return args.every((t) => t.dtype === 'i32' && t.shape.length === 0)
        ? null
        : 'needs i32 scalars';
    default:
      return null;
  }
}

function contractionProblem(op: Op, args: readonly TensorType[], type: TensorType): string | null {
  const [a, b] = args;
  switch (op.kind) {
    case 'matmul': {
      if (a?.shape.length !== 2 || b?.shape.length !== 2) return 'needs two matrices';
      const inner = a.shape[op.transposeA ? 0 : 1];
      if (inner !== b.shape[op.transposeB ? 1 : 0]) return 'inner sizes differ';
      return a.dtype === 'f32' && b.dtype === 'f32' ? null : 'needs f32';
    }
    case 'conv2d':
      return convProblem(op.geometry, { x: a, filter: b, output: type });
    case 'conv2dInputGrad':
      return convProblem(op.geometry, { x: type, filter: b, output: a });
    case 'conv2dFilterGrad':
      return convProblem(op.geometry, { x: a, filter: type, output: b });
    case 'maxPool2d':
      return poolProblem(op.geometry, a, type);
    case 'maxPool2dInputGrad':
      return poolProblem(op.geometry, a, b);
    default:
      return null;
  }
}

interface ConvTypes {
  readonly x: TensorType | undefined;
  readonly filter: TensorType | undefined;
  readonly output: TensorType | undefined;
}

/** The three tensors of a convolution must fit, whichever of them is computed. */
function convProblem(geometry: ConvGeometry, { x, filter, output }: ConvTypes): string | null {
  if (x?.shape.length !== 4 || filter?.shape.length !== 4) return 'needs NHWC and HWIO';
  const [channels = 0, perGroup = 0, out = 0] = [x.shape[3], ...filter.shape.slice(2)];
  if (channels !== perGroup * geometry.groups) return 'channels differ';
  if (out % geometry.groups !== 0) return 'groups of the output differ in size';
  const expected = convOutputShape(x.shape, filter.shape, geometry);
  return output && sameShape(output.shape, expected)
    ? null
    : `the output should be [${expected.join()}]`;
}

function poolProblem(
  geometry: PoolGeometry,
  x: TensorType | undefined,
  output: TensorType | undefined,
): string | null {
  if (x?.shape.length !== 4) return 'needs NHWC';
  const { window, padding } = geometry;
  if (padding.some((size, side) => size >= window[side < 2 ? 0 : 1])) return 'pads a whole window';
  const expected = poolOutputShape(x.shape, geometry);
  return output && sameShape(output.shape, expected)
    ? null
    : `the output should be [${expected.join()}]`;
}

function scanProblem(scan: Scan, args: readonly TensorType[]): string | null {
  const { count, inputs, carries } = scan;
  const carried = carries.every((carry, i) => {
    const type = printType(carry.type);
    return inputs[i] && type === printType(inputs[i].type) && type === printType(args[i]!);
  });
  if (!carried) return 'a carry changes its type';
  const sequenced = inputs.slice(carries.length).every(({ type }, i) => {
    const rows = { dtype: type.dtype, shape: [count, ...type.shape] };
    return printType(args[carries.length + i]!) === printType(rows);
  });
  return sequenced ? null : 'a sequence does not have one element for each turn';
}
