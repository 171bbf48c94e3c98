/**
 * The intermediate representation between training and the backends.
 *
 * A Program is a set of named buffers and a list of loops over them. One iteration of a loop reads
 * buffers, computes values (a graph of immutable nodes with static shapes) and then stores: every
 * load sees the buffers as they were when the iteration began, and all stores happen at its end.
 * So an iteration is a pure function from state to state, like the body of a scan; a backend may
 * run any range of iterations, in order, and stop between two of them.
 *
 * The IR has no notion of training: an epoch is a Program whose loops happen to be train batches,
 * the ragged last batch, and validation batches. That is what keeps backends ignorant of it.
 */
import type { Origin } from '../../shared/kernelInfo.ts';
import type { DType, Shape, TensorType } from '../../shared/tensor/tensorType.ts';

/** What a buffer is for; a backend may keep `data` read-only and must let the host read the rest. */
export type BufferRole = 'data' | 'state' | 'column';

/** Named storage that outlives an iteration. Two buffers with the same name are the same buffer. */
export interface BufferDecl {
  readonly name: string;
  readonly type: TensorType;
  readonly role: BufferRole;
}

export type UnaryFn =
  | 'abs'
  | 'ceil'
  | 'cos'
  | 'erf'
  | 'exp'
  | 'expm1'
  /** The nearest number that IEEE binary16 holds, even at a tie; infinite from 65520 on. */
  | 'float16'
  | 'floor'
  | 'log'
  | 'log1p'
  | 'neg'
  | 'not'
  | 'rsqrt'
  | 'sigmoid'
  | 'sign'
  | 'sin'
  | 'sqrt'
  | 'tanh'
  | 'uniform24';
export type BinaryFn = 'add' | 'and' | 'div' | 'max' | 'min' | 'mul' | 'or' | 'pow' | 'sub';
export type CompareFn = 'eq' | 'ge' | 'gt' | 'le' | 'lt' | 'ne';
export type ReduceFn = 'max' | 'min' | 'sum';

export interface ConvGeometry {
  readonly strides: readonly [number, number];
  /** Rows added above, below, columns left, right. */
  readonly padding: readonly [number, number, number, number];
  readonly dilation: readonly [number, number];
  /**
   * Channels of x and of the output fall into so many runs of equal length, each convolved on its own:
   * 1 for all at once, the channels of x for a depthwise convolution.
   */
  readonly groups: number;
}

/** Windows over the rows and columns of NHWC. Places of the padding hold no value, and no window is all padding. */
export interface PoolGeometry {
  readonly window: readonly [number, number];
  readonly strides: readonly [number, number];
  /** Rows above, below, columns left, right. */
  readonly padding: readonly [number, number, number, number];
}

/** What a node computes. `args` of each kind are given in the comment; types follow from them. */
export type Op =
  /** The whole buffer as it was at the start of the iteration. No args. */
  | { readonly kind: 'load'; readonly buffer: BufferDecl }
  /** i32 scalar: the index of this iteration, counted from 0. No args. */
  | { readonly kind: 'iteration' }
  /** One number for every element, or all elements row-major. No args. */
  | { readonly kind: 'constant'; readonly values: number | readonly number[] }
  /** i32: the index along `axis`. No args. */
  | { readonly kind: 'iota'; readonly axis: number }
  | { readonly kind: 'unary'; readonly fn: UnaryFn }
  /** (a, b) of one shape and dtype. `and`, `or` take bool. */
  | { readonly kind: 'binary'; readonly fn: BinaryFn }
  /** (a, b) of one shape and dtype, gives bool. */
  | { readonly kind: 'compare'; readonly fn: CompareFn }
  /** (condition: bool, whenTrue, whenFalse), one shape. */
  | { readonly kind: 'select' }
  /** To the node's dtype; f32 to i32 truncates. To its own dtype it only stops gradients. */
  | { readonly kind: 'convert' }
  /** To the node's shape by NumPy's rule (axes aligned at the right). */
  | { readonly kind: 'broadcast' }
  | { readonly kind: 'reshape' }
  /** Result axis i is argument axis `permutation[i]`. */
  | { readonly kind: 'transpose'; readonly permutation: readonly number[] }
  /** The box of the node's shape that begins at `starts`. */
  | { readonly kind: 'slice'; readonly starts: readonly number[] }
  | {
      readonly kind: 'pad';
      readonly before: readonly number[];
      readonly after: readonly number[];
      readonly value: number;
    }
  | { readonly kind: 'concat'; readonly axis: number }
  /** (x: [n, ...], start: i32 scalar): rows start .. start + rows of the node. In bounds by contract. */
  | { readonly kind: 'dynamicRows' }
  /** (x: [n, ...], indices: i32[m]) gives [m, ...]; an index out of range is the builder's fault. */
  | { readonly kind: 'gatherRows' }
  /** (indices: i32[m], updates: [m, ...]) gives [n, ...], zero where no update lands; sums in order of m. */
  | { readonly kind: 'scatterAddRows' }
  /** Over `axes`, which disappear. Sums run in index order or a fixed tree the backend states. */
  | { readonly kind: 'reduce'; readonly fn: ReduceFn; readonly axes: readonly number[] }
  /** i32 index of the first largest element along `axis`, which disappears. NaN never wins; else 0. */
  | { readonly kind: 'argMax'; readonly axis: number }
  /** (a: [m, k] or [k, m] if transposeA, b: [k, n] or [n, k] if transposeB) gives [m, n]. */
  | { readonly kind: 'matmul'; readonly transposeA: boolean; readonly transposeB: boolean }
  /** (x: NHWC, filter: HWIO with I = channels of x / groups) gives NHWC. */
  | { readonly kind: 'conv2d'; readonly geometry: ConvGeometry }
  /** (gradient of the output: NHWC, filter: HWIO) gives the gradient of x. */
  | { readonly kind: 'conv2dInputGrad'; readonly geometry: ConvGeometry }
  /** (x: NHWC, gradient of the output: NHWC) gives the gradient of the filter. */
  | { readonly kind: 'conv2dFilterGrad'; readonly geometry: ConvGeometry }
  /** (x: NHWC) gives NHWC: the largest value of each window; NaN where one is in it. */
  | { readonly kind: 'maxPool2d'; readonly geometry: PoolGeometry }
  /**
   * (x: NHWC, gradient of the output: NHWC) gives the gradient of x: each output's goes to the first largest
   * of its window, row by row, to the first NaN where there is one.
   */
  | { readonly kind: 'maxPool2dInputGrad'; readonly geometry: PoolGeometry }
  /**
   * (seed, epoch, step: i32 scalars) gives i32 random bits. Threefry-2x32-20: the key of the step is
   * threefry(key (seed, stream), counter (epoch, step)); element e is word e mod 2 of
   * threefry(key of the step, counter (floor(e / 2), 0)). `uniform24` makes floats of them. The node holds the elements
   * from `first` on, which is even.
   */
  | { readonly kind: 'randomBits'; readonly stream: number; readonly first: number }
  /** (carries..., sequences [count, ...]...): see Scan. Its own type is that of result 0. */
  | { readonly kind: 'scan'; readonly scan: Scan }
  /** (scan): result `index`; first the final carries, then the stacked outputs. */
  | { readonly kind: 'scanResult'; readonly index: number }
  /** Stands for a carry or a sequence element inside a scan body. No args. */
  | { readonly kind: 'scanInput'; readonly name: string };

export type OpKind = Op['kind'];
export type OpOf<K extends OpKind> = Extract<Op, { readonly kind: K }>;

/** A recurrence over axis 0: carries go from one turn to the next, outputs are stacked. */
export interface Scan {
  readonly count: number;
  /** Placeholders of the body: first the carries, then one element of each sequence. */
  readonly inputs: readonly Node[];
  readonly carries: readonly Node[];
  readonly outputs: readonly Node[];
}

/** An immutable value of the IR. Made only by the builder, which interns equal nodes. */
export interface Node {
  readonly id: number;
  readonly op: Op;
  readonly args: readonly Node[];
  readonly type: TensorType;
  /** Of who made it first; equal nodes of two origins are one node. */
  readonly origin: Origin | null;
  /**
   * Of which block of an iteration that is computed in blocks, by who made it first; 0 for all else. It says when best to
   * compute a node, blocks in order, and changes no value.
   */
  readonly block: number;
}

/** `assign` replaces the whole buffer; `emit` writes row `iteration` of a column buffer. */
export interface Store {
  readonly kind: 'assign' | 'emit';
  readonly buffer: BufferDecl;
  readonly value: Node;
}

export interface Loop {
  readonly name: string;
  readonly count: number;
  readonly stores: readonly Store[];
}

export interface Program {
  readonly name: string;
  /** Every buffer that a loop loads or stores, in first-use order. */
  readonly buffers: readonly BufferDecl[];
  readonly loops: readonly Loop[];
}

export type { DType, Shape, TensorType };
