/**
 * Where tensors lie. Memory is a few segments, each bound whole to every shader, so that the number of tensors does
 * not matter to the limits on bindings. Buffers of the program have places of their own; values of an iteration share
 * places where they live at different times, and loops share all of those, as they never run together.
 */
import { AppError } from '../../../shared/errors.ts';
import { say } from '../../../shared/language.ts';
import { type TensorType, elementCount } from '../../../shared/tensor/tensorType.ts';
import type { BufferDecl, Loop, Node } from '../../ir/program.ts';
import { loopNodes } from '../../ir/traverse.ts';
import type { Placement, PlanLimits } from './plan.ts';

/** Words; keeps tensors on cache lines of their own. */
const alignment = 64;

/** What places are cut from. */
export interface Space {
  /** A place of so many words behind all others. */
  add(words: number): { readonly segment: number; readonly offset: number };
  /** How many words a tensor of so many takes. */
  aligned(words: number): number;
}

export class Segments implements Space {
  private readonly sizes: number[] = [];
  private readonly limits: PlanLimits;

  constructor(limits: PlanLimits) {
    this.limits = limits;
  }

  get words(): readonly number[] {
    return this.sizes.length === 0 ? [alignment] : this.sizes;
  }

  /** Words that one segment can have. */
  get most(): number {
    return Math.floor(this.limits.maxStorageBufferBindingSize / (4 * alignment)) * alignment;
  }

  /** Segments of its own for what one cannot hold. */
  addAcross(words: number): { readonly segment: number; readonly offset: number } {
    const segment = this.sizes.length;
    for (let left = words; left > 0; left -= this.most)
      this.sizes.push(aligned(Math.min(left, this.most)));
    this.check(words);
    return { segment, offset: 0 };
  }

  /** A place of so many words behind all others; a new segment where the last one is full. */
  add(words: number): { readonly segment: number; readonly offset: number } {
    const wanted = aligned(words);
    const last = this.sizes.length - 1;
    if (last < 0 || this.sizes[last]! + wanted > this.most) this.sizes.push(0);
    const segment = this.sizes.length - 1;
    const offset = this.sizes[segment]!;
    this.sizes[segment] = offset + wanted;
    this.check(words);
    return { segment, offset };
  }

  aligned(words: number): number {
    return aligned(words);
  }

  private check(words: number): void {
    const { maxStorageBuffersPerShaderStage: count } = this.limits;
    const fits = this.sizes.length <= count && this.sizes.every((size) => size <= this.most);
    if (!fits) throw tooLarge(4 * words, 4 * this.most * count);
  }
}

function tooLarge(bytes: number, most: number): AppError {
  const size = (count: number): string => `${Math.ceil(count / 2 ** 20)} MiB`;
  return new AppError(
    'backend.unsupported',
    say`A tensor of ${size(bytes)} does not fit into the memory that this GPU lets a program bind (${size(most)} in all); use a smaller batch, or device "cpu".`,
  );
}

function aligned(words: number): number {
  return Math.max(1, Math.ceil(words / alignment)) * alignment;
}

export function placeBuffer(segments: Segments, { type, role }: BufferDecl): Placement {
  const packed = type.dtype === 'u8' && role === 'data';
  const count = elementCount(type.shape);
  const words = packed ? Math.ceil(count / 4) : count;
  // Data alone may lie across segments: its elements are read through a choice of the segment.
  if (role === 'data' && words > segments.most) {
    return { ...segments.addAcross(words), type, packed, wordsOfEach: segments.most };
  }
  return { ...segments.add(words), type, packed };
}

/** Lists longer than this lie in memory; shorter ones are written into the code. */
const longestList = 8;

/** Places for the long constants of all loops. */
export function placeConstants(segments: Segments, loops: readonly Loop[]): Map<Node, Placement> {
  const placed = new Map<Node, Placement>();
  for (const node of loops.flatMap(loopNodes)) {
    const { op, type } = node;
    if (op.kind !== 'constant' || typeof op.values === 'number' || placed.has(node)) continue;
    if (op.values.length <= longestList) continue;
    placed.set(node, { ...segments.add(op.values.length), type, packed: false });
  }
  return placed;
}

/** Words given back are given out again. */
export class Arena {
  private readonly space: Space;
  /** All places there are, and those in use. */
  private readonly places: { segment: number; offset: number; words: number; used: boolean }[] = [];

  constructor(space: Space) {
    this.space = space;
  }

  /** The smallest free place that is large enough. */
  take(type: TensorType): Placement {
    const words = this.space.aligned(elementCount(type.shape));
    const fitting = this.places
      .filter(({ used, words: size }) => !used && size >= words && size <= 2 * words)
      .sort((a, b) => a.words - b.words);
    const place = fitting[0] ?? this.grow(words);
    place.used = true;
    return { segment: place.segment, offset: place.offset, type, packed: false };
  }

  give({ segment, offset }: Placement): void {
    const place = this.places.find((p) => p.segment === segment && p.offset === offset);
    if (place !== undefined) place.used = false;
  }

  private grow(words: number): (typeof this.places)[number] {
    const place = { ...this.space.add(words), words, used: false };
    this.places.push(place);
    return place;
  }
}
