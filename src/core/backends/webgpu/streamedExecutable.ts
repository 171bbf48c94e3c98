/**
 * A program whose data are larger than the device's memory: they stay with the host, which puts the rows of the next
 * iterations into one half of a window (passes/streamData.ts) while the device computes with the other. A write is done
 * after what was submitted before it, so no half is overwritten while it is read.
 */
import { type TensorValues, allocate, elementCount } from '../../../shared/tensor/tensorType.ts';
import type { Stream, StreamUse } from '../../passes/streamData.ts';
import type { Executable } from '../backend.ts';

/** `inner` has the windows. */
export function streamedExecutable(inner: Executable, streams: readonly Stream[]): Executable {
  const feeds = streams.map((stream) => new Feed(inner, stream));
  const { memory, takeTimes } = inner;
  return {
    write(buffer, values, offset = 0) {
      if (!feeds.some((feed) => feed.takes(buffer, values, offset))) {
        inner.write(buffer, values, offset);
      }
    },
    read: (buffer, offset, count) => inner.read(buffer, offset, count),
    async run(loop, from, to) {
      const used = feeds.filter((feed) => feed.isUsedBy(loop));
      if (used.length === 0) return inner.run(loop, from, to);
      for (let at = from; at < to;) {
        const end = Math.min(to, ...used.map((feed) => feed.endOfHalf(loop, at)));
        for (const feed of used) feed.fill(loop, at);
        await inner.run(loop, at, end);
        for (const feed of used) feed.fillNext(loop, end - 1);
        at = end;
      }
    },
    ...(memory && { memory }),
    ...(takeTimes && { takeTimes }),
    describe: () => inner.describe(),
    destroy: () => inner.destroy(),
  };
}

/** One of the data, its window, and what lies there. */
class Feed {
  readonly #inner: Executable;
  readonly #stream: Stream;
  readonly #rowLength: number;
  #data: TensorValues;
  /** By name: what the host has written. */
  readonly #orders = new Map<string, Int32Array>();
  /** What each half holds: a loop and which of its runs of iterations. */
  #held: [string, string] = ['', ''];

  constructor(inner: Executable, stream: Stream) {
    this.#inner = inner;
    this.#stream = stream;
    const { type } = stream.data;
    this.#rowLength = elementCount(type.shape.slice(1));
    this.#data = allocate({ dtype: type.dtype, shape: [0] });
    for (const { places, first, rows, perHalf } of stream.uses.values()) {
      const place = (i: number) =>
        this.#halfOf(i, perHalf) * stream.halfRows + (i % perHalf) * rows;
      inner.write(
        places,
        Int32Array.from(first, (_, i) => place(i)),
      );
    }
  }

  /** Whether the values stay here; those of an order are noted. */
  takes(buffer: string, values: TensorValues, offset: number): boolean {
    const { data, uses } = this.#stream;
    if (buffer === data.name) {
      this.#keep(values, offset);
      return true;
    }
    if ([...uses.values()].some(({ order }) => order === buffer)) {
      this.#orders.set(buffer, Int32Array.from(values));
      this.#held = ['', ''];
    }
    return false;
  }

  /** No copy of what may be most of the machine's memory. */
  #keep(values: TensorValues, offset: number): void {
    const { type } = this.#stream.data;
    this.#held = ['', ''];
    if (offset === 0 && values.length === elementCount(type.shape)) {
      this.#data = values;
      return;
    }
    const all = allocate(type);
    all.set(this.#data);
    all.set(values, offset);
    this.#data = all;
  }

  isUsedBy(loop: string): boolean {
    return this.#stream.uses.has(loop);
  }

  /** The first iteration after those that lie in the same half. */
  endOfHalf(loop: string, iteration: number): number {
    const { perHalf } = this.#use(loop);
    return (Math.floor(iteration / perHalf) + 1) * perHalf;
  }

  /** Puts the rows of the iteration's half there, where they are not there yet. */
  fill(loop: string, iteration: number): void {
    const use = this.#use(loop);
    const { perHalf, first, rows } = use;
    const begin = iteration - (iteration % perHalf);
    const half = this.#halfOf(iteration, perHalf);
    const key = `${loop} ${begin}`;
    if (this.#held[half] === key) return;
    this.#held[half] = key;
    const count = Math.min(perHalf, first.length - begin);
    const length = count * rows * this.#rowLength;
    // Whole words: what is too much lies behind the rows, within the half.
    const { dtype } = this.#stream.data.type;
    const values = allocate({ dtype, shape: [4 * Math.ceil(length / 4)] });
    for (let i = 0; i < count; i++) {
      for (let row = 0; row < rows; row++) {
        const from = this.#rowLength * this.#rowOf(use, first[begin + i]! + row);
        const part = this.#data.subarray(from, from + this.#rowLength);
        values.set(part, (i * rows + row) * this.#rowLength);
      }
    }
    const offset = half * this.#stream.halfRows * this.#rowLength;
    this.#inner.write(this.#stream.data.name, values, offset);
  }

  /** The rows that come after those of the iteration's half. */
  fillNext(loop: string, iteration: number): void {
    const next = this.endOfHalf(loop, iteration);
    if (next < this.#use(loop).first.length) this.fill(loop, next);
  }

  #rowOf({ order }: StreamUse, position: number): number {
    return order === null ? position : (this.#orders.get(order)?.[position] ?? 0);
  }

  #halfOf(iteration: number, perHalf: number): 0 | 1 {
    return Math.floor(iteration / perHalf) % 2 === 0 ? 0 : 1;
  }

  #use(loop: string): StreamUse {
    return this.#stream.uses.get(loop)!;
  }
}
