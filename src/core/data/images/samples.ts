/** What every image format gives: samples of one shape, each with a label. */
import type { Shape } from '../../../shared/tensor/tensorType.ts';

export interface Samples {
  readonly count: number;
  /** [count, ...shape], row-major. Images are uint8 and have the shape [height, width, channels]. */
  readonly x: Uint8Array | Float32Array;
  /** Indices of the classes; or numbers, which only arrays have. */
  readonly y: Int32Array | Float32Array;
}

export interface SampleSet {
  /** Of one sample. */
  readonly shape: Shape;
  readonly train: Samples;
  /** Null where the data come without a part for tests. */
  readonly test: Samples | null;
  /** Of the classes, where the files say them. */
  readonly names: readonly string[] | null;
  /** Folders of classes that hold no image. */
  readonly emptyClasses?: readonly string[];
  /** Of all files read, in hex. */
  readonly sha256: string;
}

export interface ReadSamplesOptions {
  /** null while unknown. */
  readonly onProgress: (fraction: number | null) => void;
  readonly signal: AbortSignal | undefined;
}

/** The first `count` of some samples; the same memory. */
export function firstSamples(samples: Samples, count: number): Samples {
  if (count >= samples.count) return samples;
  const size = samples.x.length / samples.count;
  const width = samples.y.length / samples.count;
  return {
    count,
    x: samples.x.subarray(0, count * size),
    y: samples.y.subarray(0, count * width),
  };
}

/** Some samples in an order, copied. */
export function takeSamples({ count, x, y }: Samples, order: Uint32Array): Samples {
  const take = <T extends Uint8Array | Float32Array | Int32Array>(values: T): T => {
    const size = values.length / count;
    const taken = new (values.constructor as new (length: number) => T)(order.length * size);
    order.forEach((from, to) =>
      taken.set(values.subarray(from * size, (from + 1) * size), to * size),
    );
    return taken;
  };
  return { count: order.length, x: take(x), y: take(y) };
}
