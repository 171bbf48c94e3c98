/**
 * The rules of the IR that need the whole program; those of a single node are in typeRules.ts.
 * A broken rule is a bug of ours: debug builds and tests verify after building and after each pass.
 */
import { invariant } from '../../shared/errors.ts';
import { printType, sameShape } from '../../shared/tensor/tensorType.ts';
import type { BufferDecl, Loop, Node, Program, Store } from './program.ts';
import { rangeOf } from './ranges.ts';
import { collectBuffers, topological } from './traverse.ts';

/** @throws `internal:` with every broken rule, one a line. */
export function verify(program: Program): Program {
  const problems = programProblems(program);
  invariant(problems.length === 0, `program ${program.name}:\n${problems.join('\n')}`);
  return program;
}

/** Every broken rule in words, empty for a good program. */
export function programProblems(program: Program): string[] {
  return [
    ...repeated(program.loops.map(({ name }) => name)).map((name) => `loop ${name} is there twice`),
    ...repeated(program.buffers.map(({ name }) => name)).map(
      (name) => `buffer ${name} is there twice`,
    ),
    ...bufferProblems(program),
    ...program.loops.flatMap((loop) => loopProblems(loop).map((p) => `loop ${loop.name}: ${p}`)),
  ];
}

function bufferProblems({ loops, buffers }: Program): string[] {
  const declared = new Set(buffers.map(({ name }) => name));
  return collectBuffers(loops)
    .filter(({ name }) => !declared.has(name))
    .map(({ name }) => `buffer ${name} is used but not listed`);
}

function loopProblems(loop: Loop): string[] {
  const counted = Number.isInteger(loop.count) && loop.count >= 0;
  const names = loop.stores.map(({ buffer }) => buffer.name);
  const declared = new Map<string, BufferDecl>();
  return [
    ...(counted ? [] : [`runs ${loop.count} times`]),
    ...repeated(names).map((name) => `stores ${name} twice`),
    ...loop.stores.flatMap((store) => storeProblems(loop, store)),
    ...bodyProblems(
      loop.stores.map(({ value }) => value),
      { loop, declared, known: new Set() },
    ),
  ];
}

function storeProblems(loop: Loop, { kind, buffer, value }: Store): string[] {
  const { name, role, type } = buffer;
  const wanted = kind === 'assign' ? 'state' : 'column';
  if (role !== wanted) return [`${kind} to ${role} ${name}`];
  const row = kind === 'assign' ? type.shape : type.shape.slice(1);
  if (value.type.dtype !== type.dtype || !sameShape(value.type.shape, row)) {
    return [`${kind} of ${printType(value.type)} to ${name}: ${printType(type)}`];
  }
  return kind === 'emit' && type.shape[0] !== loop.count
    ? [`emits ${loop.count} rows to ${name}: ${printType(type)}`]
    : [];
}

interface Scope {
  readonly loop: Loop;
  readonly declared: Map<string, BufferDecl>;
  /** Scan inputs that may be used here. */
  readonly known: ReadonlySet<Node>;
}

function bodyProblems(roots: readonly Node[], scope: Scope): string[] {
  return topological(roots).flatMap((node) => nodeProblems(node, scope));
}

function nodeProblems(node: Node, scope: Scope): string[] {
  const { op } = node;
  switch (op.kind) {
    case 'load':
      return loadProblems(node, op.buffer, scope);
    case 'scanInput':
      return scope.known.has(node) ? [] : [`uses ${op.name} outside of its scan`];
    case 'scan': {
      const known = new Set([...scope.known, ...op.scan.inputs]);
      return bodyProblems([...op.scan.carries, ...op.scan.outputs], { ...scope, known });
    }
    case 'dynamicRows':
      return dynamicRowsProblems(node, scope.loop);
    case 'gatherRows':
      return indexProblems(node.args[1]!, node.args[0]!.type.shape[0] ?? 0);
    case 'scatterAddRows':
      return indexProblems(node.args[0]!, node.type.shape[0] ?? 0);
    default:
      return [];
  }
}

function loadProblems(node: Node, buffer: BufferDecl, { declared }: Scope): string[] {
  const { name, role, type } = buffer;
  const known = declared.get(name) ?? buffer;
  declared.set(name, known);
  if (role === 'column') return [`loads column ${name}`];
  const agree =
    printType(node.type) === printType(type) && printType(known.type) === printType(type);
  return agree ? [] : [`loads ${name} as ${printType(node.type)}, not ${printType(known.type)}`];
}

function dynamicRowsProblems(node: Node, loop: Loop): string[] {
  const [x, start] = node.args as [Node, Node];
  const range = rangeOf(start, loop.count);
  const last = (x.type.shape[0] ?? 0) - (node.type.shape[0] ?? 0);
  if (range === null || loop.count === 0 || (range.low >= 0 && range.high <= last)) return [];
  return [`takes rows from ${range.low} .. ${range.high}, but the last good start is ${last}`];
}

function indexProblems(indices: Node, rows: number): string[] {
  if (indices.op.kind !== 'constant') return [];
  const values = [indices.op.values].flat();
  const bad = values.find((index) => index < 0 || index >= rows);
  return bad === undefined || indices.type.shape[0] === 0 ? [] : [`row index ${bad} of ${rows}`];
}

function repeated(names: readonly string[]): string[] {
  return [...new Set(names.filter((name, i) => names.indexOf(name) !== i))];
}
