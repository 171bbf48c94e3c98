/**
 * Memory of a loop that one workgroup runs alone, where all of it fits: parameters, the optimizer's slots and the
 * values of an iteration lie in `var<workgroup>` for as long as a dispatch runs, which is many iterations. State comes
 * from its buffers when the dispatch begins and goes back when it ends; data and columns stay where they are. What is
 * computed, and in which order, is the same as in buffers.
 */
import { elementCount } from '../../../shared/tensor/tensorType.ts';
import { type BufferDecl, type Loop } from '../../ir/program.ts';
import { loopNodes } from '../../ir/traverse.ts';
import { Arena, type Space } from './memoryPlan.ts';
import { type Placement, workgroupSegment } from './plan.ts';
import { type Schedule, type ScheduleContext, scheduleLoop } from './schedule.ts';

/** A buffer whose elements lie in workgroup memory meanwhile. */
export interface HeldBuffer {
  readonly home: Placement;
  readonly own: Placement;
  readonly isWritten: boolean;
}

export interface WorkgroupMemory {
  readonly words: number;
  readonly held: readonly HeldBuffer[];
}

export interface WorkgroupSchedule {
  readonly schedule: Schedule;
  /** Where the loop finds each buffer. */
  readonly buffers: ScheduleContext['buffers'];
  readonly own: WorkgroupMemory;
}

/** null where the loop's state and values need more than `bytes`, or nothing. */
export function scheduleInWorkgroup(
  loop: Loop,
  buffers: ScheduleContext['buffers'],
  bytes: number,
): WorkgroupSchedule | null {
  const space = new WorkgroupSpace();
  const written = writtenBuffers(loop);
  const held = new Map(
    heldBuffers(loop, written).map(({ name, type }): [string, HeldBuffer] => {
      const home = buffers.get(name)!;
      const own = { ...space.add(elementCount(type.shape)), type, packed: false };
      return [name, { home, own, isWritten: written.has(name) }];
    }),
  );
  const places = new Map(buffers);
  for (const [name, { own }] of held) places.set(name, own);
  const context = { arena: new Arena(space), buffers: places };
  const schedule = scheduleLoop(loop, context, { alone: true });
  if (space.words === 0 || 4 * space.words > bytes) return null;
  return { schedule, buffers: places, own: { words: space.words, held: [...held.values()] } };
}

class WorkgroupSpace implements Space {
  words = 0;

  add(words: number): { readonly segment: number; readonly offset: number } {
    const offset = this.words;
    this.words += words;
    return { segment: workgroupSegment, offset };
  }

  aligned(words: number): number {
    return Math.max(1, words);
  }
}

function writtenBuffers({ stores }: Loop): ReadonlySet<string> {
  return new Set(stores.filter(({ kind }) => kind === 'assign').map(({ buffer }) => buffer.name));
}

/** What changes, and the weights that are read; not the order of an epoch's rows, of which an iteration reads a few. */
function heldBuffers(loop: Loop, written: ReadonlySet<string>): BufferDecl[] {
  const stored = loop.stores.map(({ buffer }) => buffer);
  const loaded = loopNodes(loop).flatMap(({ op }) => (op.kind === 'load' ? [op.buffer] : []));
  const all = new Map([...stored, ...loaded].map((buffer) => [buffer.name, buffer]));
  return [...all.values()].filter(({ name, role, type }) => {
    const isReread = role === 'state' && type.dtype === 'f32';
    return (written.has(name) || isReread) && elementCount(type.shape) > 0;
  });
}
