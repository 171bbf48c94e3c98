/**
 * From a program to WGSL compute shaders: one kernel for each value that has memory of its own, one
 * invocation for each element. What has memory: sums and other contractions, values with several users,
 * and what is stored. Stores are copies after all kernels, so loads see the state before the iteration.
 *
 * It covers what a dense training step needs; any other op is refused by name (`backend.unsupported`).
 */
import { type TensorType, elementCount } from '../../../shared/tensor/tensorType.ts';
import type { Loop, Node, Program } from '../../ir/program.ts';
import { loopNodes } from '../../ir/traverse.ts';
import { computeRoot, isContraction } from './contractions.ts';
import { type KernelWriter, elementOf, isMap, memoryType } from './expressions.ts';
import { unflatten } from './indexing.ts';

export const workgroupSize = 64;

export interface WgslKernel {
  readonly name: string;
  readonly code: string;
  /** Memories by binding: 0 is the uniform `Parameters`, then what is read, then what is written. */
  readonly reads: readonly string[];
  readonly writes: string;
  readonly workgroups: number;
}

export interface WgslCopy {
  readonly from: string;
  readonly to: string;
  readonly bytes: number;
  /** Bytes to move on in `to` for each iteration; 0 for an assignment. */
  readonly stride: number;
}

export interface WgslLoop {
  readonly name: string;
  readonly count: number;
  readonly kernels: readonly WgslKernel[];
  readonly copies: readonly WgslCopy[];
}

export interface WgslPlan {
  /** All memories: the program's buffers by name, and values of the loops. Four bytes an element. */
  readonly memories: readonly { readonly name: string; readonly type: TensorType }[];
  readonly loops: readonly WgslLoop[];
}

/** @throws AppError `backend.unsupported` naming the op it cannot lower. */
export function generateWgsl(program: Program): WgslPlan {
  const values: { name: string; type: TensorType }[] = [];
  const loops = program.loops.map((loop): WgslLoop => {
    const kept = keptNodes(loop);
    const names = new Map(kept.map((node, i) => [node, `${loop.name}/value${i}`]));
    names.forEach((name, { type }) => values.push({ name, type }));
    return {
      name: loop.name,
      count: loop.count,
      kernels: kept.map((node) => generateKernel(node, names)),
      copies: loop.stores.map(({ kind, buffer, value }) => {
        const bytes = 4 * elementCount(value.type.shape);
        const stride = kind === 'emit' ? bytes : 0;
        return { from: names.get(value)!, to: buffer.name, bytes, stride };
      }),
    };
  });
  return { memories: [...program.buffers, ...values], loops };
}

/** Nodes with memory, in an order in which each can be computed. */
function keptNodes(loop: Loop): Node[] {
  const nodes = loopNodes(loop);
  const users = new Map<Node, number>();
  for (const arg of nodes.flatMap((node) => node.args)) users.set(arg, (users.get(arg) ?? 0) + 1);
  const stored = new Set(loop.stores.map((store) => store.value));
  return nodes.filter(
    (node) => isContraction(node) || stored.has(node) || (isMap(node) && users.get(node)! > 1),
  );
}

class Writer implements KernelWriter {
  readonly lines: string[] = [];
  /** Memories that are read, each bound once. */
  readonly reads: { readonly memory: string; readonly dtype: string }[] = [];
  private readonly root: Node;
  private readonly names: ReadonlyMap<Node, string>;
  private count = 0;

  constructor(root: Node, names: ReadonlyMap<Node, string>) {
    this.root = root;
    this.names = names;
  }

  memoryOf(node: Node): string | null {
    const memory = node.op.kind === 'load' ? node.op.buffer.name : this.names.get(node);
    if (memory === undefined || (node === this.root && node.op.kind !== 'load')) return null;
    const known = this.reads.findIndex((read) => read.memory === memory);
    if (known >= 0) return `read${known}`;
    this.reads.push({ memory, dtype: memoryType(node.type.dtype) });
    return `read${this.reads.length - 1}`;
  }

  let(expression: string): string {
    const name = `v${this.count++}`;
    this.lines.push(`let ${name} = ${expression};`);
    return name;
  }
}

function generateKernel(node: Node, names: ReadonlyMap<Node, string>): WgslKernel {
  const writer = new Writer(node, names);
  const { shape, dtype } = node.type;
  const at = unflatten('element', shape);
  const value = isContraction(node) ? computeRoot(writer, node, at) : elementOf(writer, node, at);
  const count = elementCount(shape);
  const stored = dtype === 'bool' ? `select(0, 1, ${value})` : value;
  return {
    name: `${node.op.kind} ${names.get(node)!}`,
    code: kernelText(writer, { count, type: memoryType(dtype), stored }),
    reads: writer.reads.map(({ memory }) => memory),
    writes: names.get(node)!,
    workgroups: Math.ceil(count / workgroupSize),
  };
}

function kernelText(
  { reads, lines }: Writer,
  root: { readonly count: number; readonly type: string; readonly stored: string },
): string {
  const bindings = reads.map(
    ({ dtype }, i) => `@group(0) @binding(${i + 1}) var<storage, read> read${i}: array<${dtype}>;`,
  );
  return `struct Parameters { iteration: i32 }
@group(0) @binding(0) var<uniform> parameters: Parameters;
${bindings.join('\n')}
@group(0) @binding(${reads.length + 1}) var<storage, read_write> result: array<${root.type}>;

@compute @workgroup_size(${workgroupSize})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let element = id.x;
  _ = parameters.iteration; // keeps binding 0 in every layout
  if (element >= ${root.count}u) { return; }
  ${lines.join('\n  ')}
  result[element] = ${root.stored};
}
`;
}
