/**
 * From a loop of the IR to values and views (values.ts). Input: the stores of a loop. Output: every
 * computed value after its inputs, and what to store where. A view that no strides can express becomes
 * a `copy`; a store of something that is not a computed value in row-major order becomes one, too.
 */
import { unreachable } from '../../../shared/errors.ts';
import { type Shape, elementCount, rowMajorStrides } from '../../../shared/tensor/tensorType.ts';
import type { BufferDecl, Loop, Node, OpOf } from '../../ir/program.ts';
import { loopNodes } from '../../ir/traverse.ts';
import { lowerConv2d, lowerConv2dFilterGrad, lowerConv2dInputGrad } from './lowerConv.ts';
import { lowerMaxPool, lowerMaxPoolInputGrad } from './lowerPool.ts';
import { lowerScan, type ScanLowering } from './lowerScan.ts';
import { isLargeProduct } from './tiling.ts';
import {
  type Value,
  type ValueOp,
  type ValueSource,
  type View,
  denseView,
  isComputed,
  isDense,
  reshapeStrides,
} from './values.ts';
import { broadcastView, dynamicRows, permuted, sliceView, transposed } from './viewMoves.ts';

export interface ValueStore {
  readonly kind: 'assign' | 'emit';
  readonly buffer: BufferDecl;
  readonly value: Value;
}

export interface LoopValues {
  /** Computed values, each after its inputs. */
  readonly computed: readonly Value[];
  readonly stores: readonly ValueStore[];
}

export function lowerValues(loop: Loop): LoopValues {
  const lowering = new Lowering();
  for (const node of loopNodes(loop)) lowering.lower(node);
  const assigned = new Set<Value>();
  const stores = loop.stores.map(({ kind, buffer, value }): ValueStore => {
    const view = lowering.view(value);
    // One value cannot live in two buffers.
    const usable = isComputed(view.value) && isDense(view) && !assigned.has(view.value);
    const stored = usable ? view.value : lowering.copy(view).value;
    if (kind === 'assign') assigned.add(stored);
    return { kind, buffer, value: stored };
  });
  return { computed: lowering.computed, stores };
}

class Lowering implements ScanLowering {
  readonly computed: Value[] = [];
  readonly views = new Map<Node, View>();
  /** Results of recurrences. */
  private readonly scans = new Map<Node, View[]>();
  private readonly copies = new Map<View, View>();
  private readonly buffers = new Map<string, View>();
  private readonly transposes = new Map<View, View>();
  private nextId = 0;
  private source: ValueSource | null = null;

  view(node: Node): View {
    return this.views.get(node)!;
  }

  lower(node: Node): void {
    const { op, origin, block } = node;
    this.source = { op: op.kind, origin, block };
    this.views.set(node, this.lowered(node));
  }

  /** The same elements in storage of their own. */
  copy(view: View): View {
    const known = this.copies.get(view);
    if (known !== undefined) return known;
    const made = this.make({ kind: 'copy' }, [view], {
      shape: view.shape,
      dtype: view.value.dtype,
    });
    this.copies.set(view, made);
    return made;
  }

  make(op: ValueOp, inputs: readonly View[], type: Pick<Value, 'shape' | 'dtype'>): View {
    const { shape, dtype } = type;
    const { source } = this;
    const value: Value = { id: this.nextId++, source, op, inputs, shape, dtype };
    if (isComputed(value)) this.computed.push(value);
    return denseView(value);
  }

  private lowered(node: Node): View {
    const { op, type } = node;
    const inputs = node.args.map((arg) => this.view(arg));
    const [a, b] = inputs;
    switch (op.kind) {
      case 'load':
        return this.bufferView(op.buffer);
      case 'constant':
        return this.constantView(op.values, type);
      case 'iota':
        return this.iotaView(type.shape, op.axis);
      case 'iteration':
      case 'unary':
      case 'binary':
      case 'compare':
      case 'select':
      case 'reduce':
      case 'argMax':
      case 'concat':
      case 'randomBits':
      case 'gatherRows':
      case 'scatterAddRows':
        return this.make(op, inputs, type);
      case 'convert': // to its own type it only stops gradients
        return a!.value.dtype === type.dtype ? a! : this.make(op, inputs, type);
      case 'pad':
        return this.make({ kind: 'pad', before: op.before, fill: op.value }, inputs, type);
      case 'conv2d':
      case 'conv2dInputGrad':
      case 'conv2dFilterGrad':
        return this.convolution(op, [a!, b!], type.shape);
      case 'maxPool2d':
        return lowerMaxPool(this, op.geometry, a!, type.shape);
      case 'maxPool2dInputGrad':
        return lowerMaxPoolInputGrad(this, op.geometry, [a!, b!]);
      case 'matmul':
        return this.matmulView(node);
      case 'broadcast':
        return broadcastView(a!, type.shape);
      case 'reshape':
        return this.reshape(a!, type.shape);
      case 'transpose':
        return permuted(a!, op.permutation);
      case 'slice':
        return sliceView(a!, op.starts, type.shape);
      case 'dynamicRows':
        return dynamicRows(a!, b!, type.shape);
      case 'scan': {
        const results = lowerScan(this, op.scan, inputs);
        this.scans.set(node, results);
        return results[0]!;
      }
      case 'scanResult':
        return this.scans.get(node.args[0]!)![op.index]!;
      case 'scanInput':
        throw new Error('internal: a scan input outside of its scan');
      default:
        return unreachable(op);
    }
  }

  private convolution(
    { kind, geometry }: OpOf<'conv2d' | 'conv2dInputGrad' | 'conv2dFilterGrad'>,
    operands: readonly [View, View],
    shape: Shape,
  ): View {
    if (kind === 'conv2d') return lowerConv2d(this, geometry, operands, shape);
    if (kind === 'conv2dInputGrad') return lowerConv2dInputGrad(this, geometry, operands, shape);
    return lowerConv2dFilterGrad(this, geometry, operands, shape);
  }

  private bufferView(buffer: BufferDecl): View {
    const known = this.buffers.get(buffer.name);
    if (known !== undefined) return known;
    const view = this.make({ kind: 'buffer', buffer }, [], buffer.type);
    this.buffers.set(buffer.name, view);
    return view;
  }

  constant(values: readonly number[], type: Pick<Value, 'shape' | 'dtype'>): View {
    return this.make({ kind: 'constant', values }, [], type);
  }

  private constantView(values: number | readonly number[], type: Value | Node['type']): View {
    if (typeof values !== 'number') return this.constant(values, type);
    const scalar = this.make({ kind: 'constant', values: [values] }, [], {
      shape: [],
      dtype: type.dtype,
    });
    return broadcastView(scalar, type.shape);
  }

  /** The indices along one axis, the same for all others. */
  private iotaView(shape: Shape, axis: number): View {
    const values = Array.from({ length: shape[axis]! }, (_, i) => i);
    const line = this.make({ kind: 'constant', values }, [], {
      shape: [values.length],
      dtype: 'i32',
    });
    return { ...line, shape, strides: shape.map((_, i) => (i === axis ? 1 : 0)) };
  }

  reshape(view: View, shape: Shape): View {
    if (elementCount(shape) === 0) return { ...view, shape, strides: rowMajorStrides(shape) };
    const strides = reshapeStrides(view, shape);
    if (strides !== null) return { ...view, shape, strides };
    return this.reshape(this.copy(view), shape);
  }

  private matmulView(node: Node): View {
    const [a, b] = node.args.map((arg) => this.view(arg));
    const { op } = node;
    const flags = op.kind === 'matmul' ? op : { transposeA: false, transposeB: false };
    const left = flags.transposeA ? transposed(a!) : a!;
    const right = this.transposedOnce(b!, flags.transposeB);
    return this.product(left, right, 1);
  }

  product(left: View, right: View, inner: number): View {
    const shape = [...left.shape.slice(0, -inner), right.shape.at(-1)!];
    // A large product packs its right side anyway.
    const isLarge = isLargeProduct(elementCount(shape.slice(0, -1)), right);
    const inputs = [left, isLarge ? right : this.contiguousColumns(right)];
    return this.make({ kind: 'matmul', inner }, inputs, { shape, dtype: 'f32' });
  }

  /** One object per transposed view, so that a copy of it is shared. */
  private transposedOnce(view: View, wanted: boolean): View {
    if (!wanted) return view;
    const known = this.transposes.get(view) ?? transposed(view);
    this.transposes.set(view, known);
    return known;
  }

  private contiguousColumns(view: View): View {
    return view.shape.at(-1) === 1 || view.strides.at(-1) === 1 ? view : this.copy(view);
  }
}
