/**
 * Programs as text, for goldens, dumps and `describe`. Values are numbered in order of printing, not by
 * node id, so equal programs print alike however they were built.
 */
import { printType } from '../../shared/tensor/tensorType.ts';
import type { Loop, Node, Op, OpOf, Program } from './program.ts';
import { topological } from './traverse.ts';

/** Constants with more values than this are shortened. */
const shownValues = 8;

export function printProgram(program: Program): string {
  const buffers = program.buffers.map(
    ({ name, role, type }) => `${role} ${name}: ${printType(type)}`,
  );
  return [`program ${program.name}`, ...buffers, ...program.loops.flatMap(printLoop), ''].join(
    '\n',
  );
}

function printLoop(loop: Loop): string[] {
  const names = new Map<Node, string>();
  const values = printNodes(
    loop.stores.map((store) => store.value),
    names,
  );
  const stores = loop.stores.map(
    ({ kind, buffer, value }) => `${kind} ${buffer.name} = ${names.get(value)!}`,
  );
  const body = [...values, ...stores].map((line) => `  ${line}`);
  return ['', `loop ${loop.name} x ${loop.count}`, ...body];
}

function printNodes(roots: readonly Node[], names: Map<Node, string>): string[] {
  const lines: string[] = [];
  for (const node of topological(roots)) {
    if (names.has(node)) continue;
    if (node.op.kind === 'scan') lines.push(...printScanBody(node.op, names));
    const name = `%${names.size}`;
    names.set(node, name);
    lines.push(`${name} = ${printNode(node, names)}`);
  }
  return lines;
}

function printNode({ op, args, type }: Node, names: ReadonlyMap<Node, string>): string {
  const words = [opWords(op), ...args.map((arg) => names.get(arg)!)].join(' ');
  return `${words}: ${printType(type)}`;
}

/** The body comes before the scan itself; its values are numbered on. */
function printScanBody({ scan }: OpOf<'scan'>, names: Map<Node, string>): string[] {
  const inputs = printNodes(scan.inputs, names);
  const body = printNodes([...scan.carries, ...scan.outputs], names);
  const results = (nodes: readonly Node[]): string => nodes.map((n) => names.get(n)!).join(' ');
  return [
    'body',
    ...[
      ...inputs,
      ...body,
      `carries ${results(scan.carries)}`,
      `outputs ${results(scan.outputs)}`,
    ].map((line) => `  ${line.trimEnd()}`),
  ];
}

function opWords(op: Op): string {
  switch (op.kind) {
    case 'load':
      return `load ${op.buffer.name}`;
    case 'constant':
      return `constant ${printValues(op.values)}`;
    case 'unary':
    case 'binary':
    case 'compare':
      return op.fn;
    case 'reduce':
      return `reduce_${op.fn} axes=${list(op.axes)}`;
    case 'iota':
    case 'argMax':
    case 'concat':
      return `${op.kind} axis=${op.axis}`;
    case 'transpose':
      return `transpose ${list(op.permutation)}`;
    case 'slice':
      return `slice from=${list(op.starts)}`;
    case 'pad':
      return `pad before=${list(op.before)} after=${list(op.after)} value=${printNumber(op.value)}`;
    case 'matmul':
      return `matmul${op.transposeA ? ' transposeA' : ''}${op.transposeB ? ' transposeB' : ''}`;
    case 'conv2d':
    case 'conv2dInputGrad':
    case 'conv2dFilterGrad': {
      const { strides, padding, dilation, groups } = op.geometry;
      const words = `${op.kind} strides=${list(strides)} padding=${list(padding)} dilation=${list(dilation)}`;
      return groups === 1 ? words : `${words} groups=${groups}`;
    }
    case 'maxPool2d':
    case 'maxPool2dInputGrad': {
      const { window, strides, padding } = op.geometry;
      return `${op.kind} window=${list(window)} strides=${list(strides)} padding=${list(padding)}`;
    }
    case 'randomBits':
      return `randomBits stream=${op.stream}${op.first === 0 ? '' : ` first=${op.first}`}`;
    case 'scan':
      return `scan x ${op.scan.count}`;
    case 'scanResult':
      return `scanResult ${op.index}`;
    default:
      return op.kind;
  }
}

function list(values: readonly number[]): string {
  return `[${values.join()}]`;
}

function printValues(values: number | readonly number[]): string {
  if (typeof values === 'number') return printNumber(values);
  const shown = values.slice(0, shownValues).map(printNumber).join(', ');
  return values.length > shownValues ? `[${shown}, ... ${values.length} values]` : `[${shown}]`;
}

function printNumber(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}
