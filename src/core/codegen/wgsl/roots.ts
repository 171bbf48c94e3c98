/**
 * Contractions: nodes whose element needs a loop. Each is the root of a kernel of its own. Sums (and extremes) run in
 * the order of their index; long ones are cut into parts, each summed on its own, whose results are summed in order
 * (how many parts there are depends on shapes alone).
 */
import { type DType, elementCount } from '../../../shared/tensor/tensorType.ts';
import type { Node, OpKind, OpOf, PoolGeometry, ReduceFn } from '../../ir/program.ts';
import { type ElementWriter, elementOf, guarded } from './elements.ts';
import { type Coordinates, divided, index, plus, times, unflatten } from './indexing.ts';
import { binaryText } from './operators.ts';
import { productOf } from './products.ts';
import { literal, valueType } from './scalars.ts';

const contractions = new Set<OpKind>([
  'reduce',
  'argMax',
  'matmul',
  'conv2d',
  'conv2dInputGrad',
  'conv2dFilterGrad',
  'maxPool2d',
  'maxPool2dInputGrad',
  'scatterAddRows',
]);

export function isContraction({ op }: Node): boolean {
  return contractions.has(op.kind);
}

/** A fold over `count` terms in order. */
export interface Fold {
  readonly fn: ReduceFn;
  readonly dtype: DType;
  readonly count: number;
  /** Term `turn` of the element at `at`. */
  term(w: ElementWriter, at: Coordinates, turn: string): string;
}

/** null for a contraction that is no fold. */
export function foldOf(node: Node): Fold | null {
  if (node.op.kind === 'reduce') return reduction(node, node.op);
  const product = productOf(node);
  if (product === null) return null;
  return {
    fn: 'sum',
    dtype: 'f32',
    count: product.k,
    term: (w, at, k) => {
      const { group, m, n } = product.place(w, at);
      return `${product.left(w, { group, m, k })} * ${product.right(w, { group, k, n })}`;
    },
  };
}

function reduction({ args, type }: Node, { axes, fn }: OpOf<'reduce'>): Fold {
  const x = args[0]!;
  const sizes = axes.map((axis) => x.type.shape[axis]!);
  return {
    fn,
    dtype: type.dtype,
    count: elementCount(sizes),
    term: (w, at, turn) => {
      const inner = unflatten(w, turn, sizes);
      const outer = [...at];
      const place = x.type.shape.map((_, axis) =>
        axes.includes(axis) ? inner[axes.indexOf(axis)]! : outer.shift()!,
      );
      return elementOf(w, x, place);
    },
  };
}

/** What a fold of nothing gives. */
export function neutral({ fn, dtype }: Fold): string {
  if (fn === 'sum') return literal(0, dtype);
  const [low, high] = dtype === 'f32' ? [-Infinity, Infinity] : [-(2 ** 31), 2 ** 31 - 1];
  return literal(fn === 'max' ? low : high, dtype);
}

export function folded(fold: Fold, total: string, term: string): string {
  return fold.fn === 'sum' ? `${total} + ${term}` : binaryText(fold.fn, total, term, fold.dtype);
}

/** Invocations that share a long fold where that is worth it (strategies.ts). */
export const teamLanes = 32;

/** Terms of a fold, from turn `from` to below `to`. */
export interface FoldTerms {
  readonly fold: Fold;
  readonly from: string;
  readonly to: string;
  /** By lanes, in their order (laneKernel.ts), or one after the other. */
  readonly byLanes: boolean;
  readonly term: (turn: string) => string;
}

/** The name of the fold of the terms by one invocation. */
export function foldTerms(w: ElementWriter, terms: FoldTerms): string {
  const { fold, from, to, term } = terms;
  if (terms.byLanes) return foldByLanes(w, terms);
  const total = w.variable(neutral(fold));
  w.loop(from, to, (turn) => w.line(`${total} = ${folded(fold, total, w.let(term(turn)))};`));
  return total;
}

/** What a team of lanes does, by one invocation: the same terms in the same order. */
function foldByLanes(w: ElementWriter, { fold, from, to, term }: FoldTerms): string {
  const none = Array.from({ length: teamLanes }, () => neutral(fold)).join(', ');
  const lanes = w.variable(`array<${valueType(fold.dtype)}, ${teamLanes}>(${none})`);
  w.loop(from, to, (turn) => {
    const lane = `${lanes}[(${turn} - ${from}) % ${index(teamLanes)}]`;
    w.line(`${lane} = ${folded(fold, lane, w.let(term(turn)))};`);
  });
  for (let reach = 1; reach < teamLanes; reach *= 2) {
    w.loop('0u', index(teamLanes / (2 * reach)), (pair) => {
      const first = times(w, pair, 2 * reach);
      const [one, other] = [`${lanes}[${first}]`, `${lanes}[${plus(w, first, index(reach))}]`];
      w.line(`${one} = ${folded(fold, one, other)};`);
    });
  }
  return `${lanes}[0]`;
}

/** Writes the loop for the element at `at` and gives the name of its value. */
export function rootElement(
  w: ElementWriter,
  node: Node,
  { at, byLanes }: { readonly at: Coordinates; readonly byLanes: boolean },
): string {
  const { op, args } = node;
  const fold = foldOf(node);
  if (fold !== null) {
    const term = (turn: string): string => fold.term(w, at, turn);
    return foldTerms(w, { fold, from: '0u', to: index(fold.count), byLanes, term });
  }
  if (op.kind === 'argMax') return argMaxElement(w, args[0]!, op.axis, at);
  if (op.kind === 'scatterAddRows') return scatterElement(w, node, at);
  if (op.kind === 'maxPool2d') return largestOf(w, args[0]!, op.geometry, at).value;
  if (op.kind === 'maxPool2dInputGrad') return poolGradient(w, node, op.geometry, at);
  throw new Error(`internal: ${op.kind} is no contraction`);
}

/** The first largest; NaN never wins, as no comparison with it holds. */
function argMaxElement(w: ElementWriter, x: Node, axis: number, at: Coordinates): string {
  const best = w.variable(literal(x.type.dtype === 'f32' ? -Infinity : -(2 ** 31), x.type.dtype));
  const winner = w.variable('0i');
  w.loop('0u', index(x.type.shape[axis]!), (turn) => {
    const value = elementOf(w, x, [...at.slice(0, axis), turn, ...at.slice(axis)]);
    w.block(`if (${value} > ${best})`, () =>
      w.line(`${best} = ${value}; ${winner} = i32(${turn});`),
    );
  });
  return winner;
}

/** Every row looks through all updates: slow, but its sum has a fixed order. */
function scatterElement(w: ElementWriter, { args, type }: Node, at: Coordinates): string {
  const [indices, updates] = args as [Node, Node];
  const [row = '0u', ...rest] = at;
  const total = w.variable(literal(0, type.dtype));
  w.loop('0u', index(indices.type.shape[0]!), (turn) => {
    w.block(`if (u32(${elementOf(w, indices, [turn])}) == ${row})`, () =>
      w.line(`${total} += ${elementOf(w, updates, [turn, ...rest])};`),
    );
  });
  return total;
}

/** Value and place (row-major in the window) of the first largest of a window, or of its first NaN. */
function largestOf(
  w: ElementWriter,
  x: Node,
  { window, strides, padding }: PoolGeometry,
  [image = '0u', row = '0u', column = '0u', channel = '0u']: Coordinates,
): { readonly value: string; readonly place: string } {
  const [, height = 0, width = 0] = x.type.shape;
  const value = w.variable('0f');
  const place = w.variable('0xffffffffu');
  w.loop('0u', index(window[0] * window[1]), (turn) => {
    const [dy = '0u', dx = '0u'] = unflatten(w, turn, window);
    const y = w.let(`${plus(w, times(w, row, strides[0]), dy)} - ${index(padding[0])}`);
    const xAxis = w.let(`${plus(w, times(w, column, strides[1]), dx)} - ${index(padding[2])}`);
    w.block(`if (${y} < ${index(height)} && ${xAxis} < ${index(width)})`, () => {
      const next = elementOf(w, x, [image, y, xAxis, channel]);
      const wins = `${place} == 0xffffffffu || ${next} > ${value} || (isNan(${next}) && !isNan(${value}))`;
      w.block(`if (${wins})`, () => w.line(`${value} = ${next}; ${place} = ${turn};`));
    });
  });
  return { value, place };
}

/** Adds the gradients of all windows in which this place of x is the first largest, in the order of the output. */
function poolGradient(
  w: ElementWriter,
  { args }: Node,
  geometry: PoolGeometry,
  [image = '0u', row = '0u', column = '0u', channel = '0u']: Coordinates,
): string {
  const [x, grad] = args as [Node, Node];
  const { window, strides, padding } = geometry;
  const [, height = 0, width = 0] = grad.type.shape;
  const sides = [
    windowsOver(w, {
      place: row,
      window: window[0],
      stride: strides[0],
      before: padding[0],
      outputs: height,
    }),
    windowsOver(w, {
      place: column,
      window: window[1],
      stride: strides[1],
      before: padding[2],
      outputs: width,
    }),
  ];
  const [rows, columns] = sides as [Windows, Windows];
  const total = w.variable('0f');
  w.loop(rows.first, rows.end, (oy) =>
    w.loop(columns.first, columns.end, (ox) => {
      const { place } = largestOf(w, x, geometry, [image, oy, ox, channel]);
      const dy = w.let(`${rows.padded} - ${times(w, oy, strides[0])}`);
      const dx = w.let(`${columns.padded} - ${times(w, ox, strides[1])}`);
      w.block(`if (${place} == ${plus(w, times(w, dy, window[1]), dx)})`, () =>
        w.line(`${total} += ${elementOf(w, grad, [image, oy, ox, channel])};`),
      );
    }),
  );
  return total;
}

interface Windows {
  readonly padded: string;
  readonly first: string;
  readonly end: string;
}

/** Which windows along one axis have a place of x in them. */
function windowsOver(
  w: ElementWriter,
  side: {
    readonly place: string;
    readonly window: number;
    readonly stride: number;
    readonly before: number;
    readonly outputs: number;
  },
): Windows {
  const { window, stride, outputs } = side;
  const padded = plus(w, side.place, index(side.before));
  const past = w.let(`${padded} - ${index(window - 1)} + ${index(stride - 1)}`);
  const first = guarded(w, `${padded} + 1u > ${index(window)}`, '0u', () =>
    divided(w, past, stride),
  );
  const end = w.let(`min(${divided(w, padded, stride)} + 1u, ${index(outputs)})`);
  return { padded, first, end };
}
