/** The segments of a plan on the device, and the way of values to them and back. */
import { AppError } from '../../../shared/errors.ts';
import {
  type TensorType,
  type TensorValues,
  allocate,
  elementCount,
} from '../../../shared/tensor/tensorType.ts';
import type { Placement, WgslPlan } from '../../codegen/wgsl/plan.ts';
import type { WebgpuDevice } from './device.ts';

interface Range {
  readonly offset: number;
  readonly count: number;
}

type Words = Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer>;

/** Words of a tensor that lie in one segment: `from` in what is moved, `at` in the segment. */
interface Stretch {
  readonly segment: number;
  readonly at: number;
  readonly from: number;
  readonly count: number;
}

interface Wanted {
  readonly parts: readonly Stretch[];
  readonly bytes: number;
  readonly resolve: (bytes: ArrayBuffer) => void;
  readonly reject: (error: unknown) => void;
}

export class DeviceMemory {
  readonly segments: readonly GPUBuffer[];
  private readonly owner: WebgpuDevice;
  /** Reads asked for in one turn of the event loop come back together. */
  private wanted: Wanted[] = [];
  private staging: GPUBuffer | null = null;

  private constructor(owner: WebgpuDevice, segments: readonly GPUBuffer[]) {
    this.owner = owner;
    this.segments = segments;
  }

  /** All zero. @throws AppError `device.outOfMemory` */
  static async create(owner: WebgpuDevice, plan: WgslPlan): Promise<DeviceMemory> {
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    const segments = await owner.checked(() =>
      plan.segments.map((words) => owner.device.createBuffer({ size: 4 * words, usage })),
    );
    return new DeviceMemory(owner, segments);
  }

  writeConstants({ constants }: WgslPlan): void {
    for (const { placement, values } of constants) {
      const typed = allocate(placement.type);
      typed.set(values);
      this.write(placement, typed, 0);
    }
  }

  write(placement: Placement, values: TensorValues, offset: number): void {
    if (!placement.packed) {
      this.writeWords(placement, words(values, placement.type), offset);
      return;
    }
    // Words are written whole; only the end of a tensor may leave one half filled.
    const ends = offset + values.length === elementCount(placement.type.shape);
    if (offset % 4 !== 0 || (values.length % 4 !== 0 && !ends)) {
      throw new AppError(
        'internal',
        `internal: bytes ${offset} + ${values.length} are no whole words`,
      );
    }
    const bytes = new Uint8Array(Math.ceil(values.length / 4) * 4);
    bytes.set(values);
    this.writeWords(placement, new Int32Array(bytes.buffer), offset / 4);
  }

  /** From word `first` of the tensor on. */
  private writeWords(placement: Placement, all: Words, first: number): void {
    for (const { segment, at, from, count } of stretches(placement, first, all.length)) {
      const part = all.subarray(from, from + count);
      this.owner.device.queue.writeBuffer(this.segments[segment]!, 4 * at, part);
    }
  }

  async read(placement: Placement, { offset, count }: Range): Promise<TensorValues> {
    const { type, packed } = placement;
    if (count === 0) return allocate({ dtype: type.dtype, shape: [0] });
    const first = packed ? Math.floor(offset / 4) : offset;
    const size = packed ? Math.ceil((offset + count) / 4) - first : count;
    const bytes = await new Promise<ArrayBuffer>((resolve, reject) => {
      if (this.wanted.length === 0) queueMicrotask(() => void this.fetch());
      this.wanted.push({
        parts: stretches(placement, first, size),
        bytes: 4 * size,
        resolve,
        reject,
      });
    });
    if (packed) return new Uint8Array(bytes).slice(offset % 4, (offset % 4) + count);
    if (type.dtype === 'f32') return new Float32Array(bytes);
    return type.dtype === 'u8' ? Uint8Array.from(new Uint32Array(bytes)) : new Int32Array(bytes);
  }

  destroy(): void {
    this.staging?.destroy();
    for (const segment of this.segments) segment.destroy();
  }

  /** Answers all reads with one copy. */
  private async fetch(): Promise<void> {
    const wanted = this.wanted;
    this.wanted = [];
    try {
      const all = await this.fetchBytes(wanted);
      let at = 0;
      for (const { bytes, resolve } of wanted) {
        resolve(all.slice(at, at + bytes));
        at += bytes;
      }
    } catch (error) {
      for (const { reject } of wanted) reject(error);
    }
  }

  private async fetchBytes(wanted: readonly Wanted[]): Promise<ArrayBuffer> {
    const { owner } = this;
    const size = wanted.reduce((sum, { bytes }) => sum + bytes, 0);
    const staging = this.takeStaging(size);
    const encoder = owner.device.createCommandEncoder();
    let at = 0;
    for (const { parts, bytes } of wanted) {
      for (const part of parts) {
        const source = this.segments[part.segment]!;
        encoder.copyBufferToBuffer(
          source,
          4 * part.at,
          staging,
          at + 4 * part.from,
          4 * part.count,
        );
      }
      at += bytes;
    }
    owner.device.queue.submit([encoder.finish()]);
    const bytes = await owner.contents(staging, size);
    this.giveStaging(staging);
    return bytes;
  }

  /** The buffer of the last read where it is large enough and not in use. */
  private takeStaging(size: number): GPUBuffer {
    const kept = this.staging;
    this.staging = null;
    if (kept !== null && kept.size >= size) return kept;
    kept?.destroy();
    const usage = GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST;
    return this.owner.device.createBuffer({ size, usage });
  }

  private giveStaging(staging: GPUBuffer): void {
    this.staging?.destroy();
    this.staging = staging;
  }
}

/** Where words `first` to below `first + count` of a tensor lie. */
function stretches(placement: Placement, first: number, count: number): Stretch[] {
  const { segment, offset, wordsOfEach = Infinity } = placement;
  const found: Stretch[] = [];
  for (let from = 0; from < count; from += found.at(-1)!.count) {
    const word = first + from;
    const before = wordsOfEach === Infinity ? 0 : Math.floor(word / wordsOfEach);
    const inSegment = before === 0 ? word : word - before * wordsOfEach;
    const room = Math.min(count - from, wordsOfEach - inSegment);
    found.push({ segment: segment + before, at: offset + inSegment, from, count: room });
  }
  return found;
}

/** u8 values take a word each where they are not packed. */
function words(values: TensorValues, { dtype }: TensorType): Words {
  return dtype === 'f32' ? Float32Array.from(values) : Int32Array.from(values);
}
