/**
 * From the stages of a loop to shaders. Parts of one element for each invocation share a dispatch, whose
 * workgroups go to one part or another; each product by tiles has its own. Where a whole iteration is little
 * work, one workgroup runs all stages, with barriers between them, and many iterations in one dispatch.
 */
import { elementCount } from '../../../shared/tensor/tensorType.ts';
import { type ElementPart, type KernelContext, elementPart } from './clusterKernel.ts';
import { helpersFor } from './helpers.ts';
import { kernelInfo } from './kernelInfo.ts';
import { laneInvocations } from './laneKernel.ts';
import { type Dispatch, type Placement, type Variant, memoryName } from './plan.ts';
import type { Part, Stage } from './schedule.ts';
import { tileInvocations } from './tileSides.ts';
import { type DeviceTraits, laneVariants, resultsOf, shapeOf, tileVariants } from './variants.ts';
import type { WorkgroupMemory } from './workgroupMemory.ts';

/** Invocations of a workgroup, tiles aside. */
const groupSize = 64;
/** Of the only workgroup, where there is one; every device has as many. */
const aloneSize = 256;
/** Of each dimension; further workgroups go to the next row. */
export const workgroupsPerRow = 65535;

export interface ShaderContext extends KernelContext, DeviceTraits {
  readonly segments: number;
  /** Whether parts share a dispatch. */
  readonly join: boolean;
}

export function stageDispatches(stage: Stage, context: ShaderContext): Dispatch[] {
  const own = stage.filter((part) => usesTiles(part) || usesLanes(part));
  const plain = stage.filter((part) => !own.includes(part));
  const groups = context.join ? [plain] : plain.map((part) => [part]);
  return [
    ...own.map((part) => ({ ...ownDispatch(part, context), kernels: [kernelInfo(part)] })),
    ...groups
      .filter((parts) => parts.length > 0)
      .map((parts) => ({ ...joinedDispatch(parts, context), kernels: parts.map(kernelInfo) })),
  ];
}

/** The parts of a cut product are tiles; what puts them together is not. */
function usesTiles(part: Part): boolean {
  if (part.kind === 'copy' || part.cluster.strategy === null) return false;
  const { tile, parts } = part.cluster.strategy;
  return tile !== null && (part.kind === 'partial' || parts === 1);
}

function usesLanes(part: Part): boolean {
  return part.kind !== 'copy' && part.cluster.strategy?.byLanes === true;
}

/** Of a part that has workgroups to itself. */
function ownDispatch(part: Part, context: ShaderContext): Dispatch {
  if (part.kind === 'copy') throw new Error('internal: a copy has no workgroups to itself');
  const isTiled = usesTiles(part);
  const [size, found] = isTiled
    ? [tileInvocations, tileVariants(part, context)]
    : [laneInvocations, laneVariants(part, context)];
  const variants = found.map(({ name, workgroups, code }): Variant => {
    const subgroup = code.includes('subgroup: u32') ? ', subgroup' : '';
    const call = `${isTiled ? 'tile' : 'lanes'}(group, lane, iteration.first${subgroup});`;
    const main = mainFunction(size, workgroups, call);
    return { name, workgroups, code: shader([code, main], context) };
  });
  const [{ code, workgroups }] = variants as [Variant];
  const choice = { shape: shapeOf(part), variants, writes: resultsOf(part, context.schedule) };
  return { name: partName(part), workgroups, code, ...(variants.length > 1 && { choice }) };
}

function joinedDispatch(parts: Stage, context: ShaderContext): Dispatch {
  const bodies = parts.map((part) => elementPart(part, context));
  let first = 0;
  const calls = bodies.map(({ count }, i) => {
    const begins = first;
    first += Math.ceil(count / groupSize);
    const call = `part${i}((group - ${begins}u) * ${groupSize}u + lane, iteration.first);`;
    return `if (group >= ${begins}u && group < ${first}u) { ${call} }`;
  });
  const functions = bodies.map((body, i) => partFunction(body, i));
  const main = mainFunction(groupSize, first, calls.join('\n  '));
  return {
    name: parts.map(partName).join(', '),
    workgroups: first,
    code: shader([...functions, main], context),
  };
}

/** All iterations from `first` to below `end`, in one workgroup; its state in `own` where that has it. */
export function fusedDispatch(
  stages: readonly Stage[],
  own: WorkgroupMemory | null,
  context: ShaderContext,
): Dispatch {
  const functions: string[] = [];
  const call = (part: Part): string => {
    const body = elementPart(part, context);
    const i = functions.push(partFunction(body, functions.length)) - 1;
    return `${forElements(body.count)} { part${i}(e, step); }`;
  };
  const barrier = own === null ? 'storageBarrier();' : 'workgroupBarrier();';
  const begin = own?.held.map(({ home, own: place }) => copyText(home, place)) ?? [];
  const steps = stages.flatMap((stage) => [...stage.map(call), barrier]);
  const written = own?.held.filter(({ isWritten }) => isWritten) ?? [];
  const end = written.map(({ home, own: place }) => copyText(place, home));
  const main = `@compute @workgroup_size(${aloneSize})
fn main(@builtin(local_invocation_index) lane: u32) {
  ${[...begin, barrier].join('\n  ')}
  for (var step = iteration.first; step < iteration.end; step++) {
    ${steps.join('\n    ')}
  }
  ${end.join('\n  ')}
}`;
  const memory = own === null ? [] : [`var<workgroup> own: array<u32, ${own.words}>;`];
  const name = stages.flatMap((stage) => stage.map(partName)).join(', ');
  return { name, workgroups: 1, code: shader([...memory, ...functions, main], context) };
}

function forElements(count: number): string {
  return `for (var e = lane; e < ${count}u; e += ${aloneSize}u)`;
}

function copyText(from: Placement, to: Placement): string {
  const [source, target] = [from, to].map(({ segment, offset }) => {
    return `${memoryName(segment)}[${offset}u + e]`;
  });
  return `${forElements(elementCount(to.type.shape))} { ${target} = ${source}; }`;
}

function partFunction({ count, lines }: ElementPart, i: number): string {
  return `fn part${i}(element: u32, step: i32) {\n  if (element >= ${count}u) { return; }\n${lines.join('\n')}\n}`;
}

function mainFunction(size: number, workgroups: number, body: string): string {
  const rows = `id.x + id.y * ${workgroupsPerRow}u`;
  const parameters = [
    '@builtin(workgroup_id) id: vec3<u32>',
    '@builtin(local_invocation_index) lane: u32',
    ...(body.includes('subgroup') ? ['@builtin(subgroup_id) subgroup: u32'] : []),
  ];
  return `@compute @workgroup_size(${size})
fn main(${parameters.join(', ')}) {
  let group = ${rows};
  if (group >= ${workgroups}u) { return; }
  ${body}
}`;
}

function shader(functions: readonly string[], { segments }: ShaderContext): string {
  const memory = Array.from(
    { length: segments },
    (_, s) => `@group(0) @binding(${s + 1}) var<storage, read_write> memory${s}: array<u32>;`,
  );
  const text = functions.join('\n\n');
  return [
    ...directives(text),
    'struct Iteration { first: i32, end: i32 }',
    '@group(0) @binding(0) var<uniform> iteration: Iteration;',
    ...memory,
    helpersFor(text),
    text,
    '',
  ].join('\n');
}

/** What a text uses beyond every device's WGSL. */
function directives(text: string): string[] {
  const hasMatrices = text.includes('subgroup_matrix');
  return [
    ...(/\bf16\b/.test(text) ? ['enable f16;'] : []),
    ...(/\bsubgroup(_id|Shuffle)/.test(text) ? ['enable subgroups;'] : []),
    ...(hasMatrices ? ['enable chromium_experimental_subgroup_matrix;'] : []),
    // All is uniform within a subgroup, which the compiler cannot know of what follows from its number.
    ...(hasMatrices ? ['diagnostic(off, chromium.subgroup_matrix_uniformity);'] : []),
  ];
}

function partName(part: Part): string {
  if (part.kind === 'copy') return 'copy';
  const { members, shape, strategy } = part.cluster;
  const kind = strategy === null ? 'map' : members[0]!.op.kind;
  return `${part.kind === 'partial' ? 'parts of ' : ''}${kind} ${shape.join('x') || '1'}`;
}
