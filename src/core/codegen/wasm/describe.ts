/** Generated code as text for people: what each kernel computes and where memory goes. */
import { byteSize, printType } from '../../../shared/tensor/tensorType.ts';
import type { Cluster } from './clusters.ts';
import { disassemble } from './disassemble.ts';
import type { Generated } from './generate.ts';
import type { LoopPlan } from './memoryPlan.ts';
import type { Value } from './values.ts';

/** As WebAssembly text, with what each kernel computes as a comment before it. */
export function describeCode(generated: Generated): string {
  const about = describeGenerated(generated).trimEnd().split('\n');
  return `${about.map((line) => `;; ${line}`).join('\n')}\n${disassemble(generated.bytes)}`;
}

export function describeGenerated(generated: Generated): string {
  const { bytes, memory, arenaBytes, loops } = generated;
  const buffers = [...memory.buffers.values()];
  const total = buffers.reduce((sum, { decl }) => sum + byteSize(decl.type), 0);
  return [
    `wasm module of ${bytes.length} bytes; ${total} bytes in ${buffers.length} buffers, ${arenaBytes} bytes of arena`,
    ...buffers.map(
      ({ address, decl }) => `  ${decl.role} ${decl.name}: ${printType(decl.type)} at ${address}`,
    ),
    ...loops.flatMap(({ name, plan, ahead }) => [
      ...(ahead === null ? [] : [`loop ${name}, an iteration ahead:`, ...describePlan(ahead.plan)]),
      `loop ${name}:`,
      ...describePlan(plan),
    ]),
    '',
  ].join('\n');
}

function describePlan(plan: LoopPlan): string[] {
  return [
    ...plan.clusters.map((cluster) => `  ${describeCluster(cluster, plan)}`),
    ...plan.copies.map(
      ({ kind, buffer, value }) => `  ${kind} ${buffer.name} from ${plan.homes.get(value)}`,
    ),
  ];
}

/** Of siblings the first stands for all. */
function describeCluster({ kind, shape, members, parts }: Cluster, plan: LoopPlan): string {
  const values = (parts?.[0] ?? members).map((value) => {
    const home = plan.homes.get(value);
    return home === undefined ? opName(value) : `${opName(value)} -> ${home}`;
  });
  const title = parts === undefined ? kind : `${kind} of ${parts.length} siblings`;
  return `${title} [${shape.join(',')}]: ${values.join('; ')}`;
}

function opName({ op }: Value): string {
  return 'fn' in op ? (op.kind === 'reduce' ? `${op.kind} ${op.fn}` : op.fn) : op.kind;
}
