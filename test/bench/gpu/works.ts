/**
 * What the GPU bench measures: the labs' nets, W3 eight times as wide at batch 512, and matrix products. With `small` the same
 * of sizes that a GPU in software can do, to see that everything runs.
 */
import type { ImageNetName, ImageNetSize } from '../imageNets.ts';

export interface NetWork {
  readonly kind: 'net';
  readonly net: ImageNetName;
  readonly size: ImageNetSize;
  /** Whether all peers begin with the same weights, and so with the same loss. */
  readonly isCompared: boolean;
}

export interface W1Work {
  readonly kind: 'w1';
  readonly epochs: number;
}

export interface GemmWork {
  readonly kind: 'gemm';
  readonly sizes: readonly number[];
}

export interface Work {
  readonly name: string;
  readonly title: string;
  readonly what: W1Work | NetWork | GemmWork;
  /** Share of the whole time. */
  readonly share: number;
}

export function worksOf(small: boolean): Work[] {
  const net = (name: ImageNetName, size: ImageNetSize, isCompared: boolean): NetWork => {
    return { kind: 'net', net: name, size, isCompared };
  };
  const [epochs, sizes] = small ? [2, [128]] : [100, [1024, 2048, 4096, 8192]];
  const w2 = small ? { batch: 4, width: 1, steps: 4 } : { batch: 4, width: 1 };
  const w3 = small ? { batch: 2, width: 0.25, steps: 4 } : { batch: 32, width: 1 };
  const wide = small ? { batch: 2, width: 0.5, steps: 4 } : { batch: 512, width: 8 };
  return [
    {
      name: 'w1',
      title: `W1: the penguins net, ${epochs} epochs (957 rows in batches of 20, 411 validation rows)`,
      what: { kind: 'w1', epochs },
      share: 1,
    },
    { name: 'gemm', title: 'Matrix products', what: { kind: 'gemm', sizes }, share: 1 },
    {
      name: 'w2',
      title: 'W2: the CIFAR-10 tutorial net, batch 4, a step',
      what: net('w2', w2, true),
      share: 2,
    },
    {
      name: 'w3',
      title: `W3: Keras’s cifar10_cnn${small ? ', a quarter as wide' : ''}, batch ${w3.batch}, a step`,
      what: net('w3', w3, true),
      share: 2,
    },
    {
      name: 'wide',
      title: `W3, ${wide.width} times as wide, batch ${wide.batch}, a step`,
      what: net('w3', wide, false),
      share: 3,
    },
  ];
}

/** One measured form of a peer, as its process prints it in a line of JSON. */
export interface Line {
  /** `float32`, `mixed`; `eager, TF32`. */
  readonly form: string;
  /** Of each repetition: of a step, of the epochs, of a product. */
  readonly milliseconds: readonly number[];
  /** float32 operations of a step or product. */
  readonly operations?: number;
  /** Of the first batch, before training and without dropout. */
  readonly loss?: number;
  readonly note?: string;
}

/** What a peer gets as its only argument, in JSON. */
export interface Request {
  readonly what: Work['what'];
  /** For each form. */
  readonly seconds: number;
  /** After so many seconds no form is begun. */
  readonly until: number;
  /** Whether a peer that finds no GPU takes the processor, and says so. */
  readonly onCpu: boolean;
  /** Weights and rows, as test/bench/imageNets.ts and w1Data.ts describe them; null where peers make their own. */
  readonly data: string | null;
}
