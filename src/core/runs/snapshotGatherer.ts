/**
 * Snapshots of the weights on their way to the disk. Their values are copied as they are taken, into one array for each
 * tensor: an epoch may take microseconds, and small arrays of their own would take longer.
 */
import { allocate, elementCount, type TensorValues } from '../../shared/tensor/tensorType.ts';
import type { NamedTensor } from './safetensors.ts';
import type { Snapshot, SnapshotMoment } from './snapshots.ts';

/** Room at first, if that is more than one snapshot. */
const firstBytes = 1 << 17;

export class SnapshotGatherer {
  #moments: SnapshotMoment[] = [];
  /** Names and shapes of those that have gathered. */
  #tensors: readonly NamedTensor[] = [];
  /** Of each tensor, [capacity, ...shape]. */
  #values: TensorValues[] = [];
  #capacity = 0;

  get count(): number {
    return this.#moments.length;
  }

  /** `tensors` may change afterwards. All that gather have the same ones. */
  add({ epoch, step }: SnapshotMoment, tensors: readonly NamedTensor[]): void {
    const { count } = this;
    if (count === 0) this.#begin(tensors);
    else if (count === this.#capacity) this.#grow();
    this.#moments.push({ epoch, step });
    for (let t = 0; t < tensors.length; t++) {
      const { values } = tensors[t]!;
      this.#values[t]!.set(values, count * values.length);
    }
  }

  /** All of them, which are then gone from here. */
  take(): Snapshot[] {
    const [moments, tensors, values] = [this.#moments, this.#tensors, this.#values];
    [this.#moments, this.#tensors, this.#values] = [[], [], []];
    return moments.map((moment, i) => ({
      ...moment,
      tensors: tensors.map((tensor, t) => {
        const length = elementCount(tensor.shape);
        return { ...tensor, values: values[t]!.subarray(i * length, (i + 1) * length) };
      }),
    }));
  }

  #begin(tensors: readonly NamedTensor[]): void {
    const bytes = tensors.reduce((sum, { values }) => sum + values.byteLength, 0);
    this.#tensors = tensors;
    this.#reserve(Math.max(1, Math.floor(firstBytes / Math.max(1, bytes))));
  }

  #grow(): void {
    const before = this.#values;
    this.#reserve(2 * this.#capacity);
    for (const [t, values] of before.entries()) this.#values[t]!.set(values);
  }

  #reserve(capacity: number): void {
    this.#capacity = capacity;
    this.#values = this.#tensors.map(({ dtype, shape }) =>
      allocate({ dtype, shape: [capacity, ...shape] }),
    );
  }
}
