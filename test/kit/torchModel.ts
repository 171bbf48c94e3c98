/** What torch_model.py wrote. */
import { readFileSync } from 'node:fs';
import type { ActivationConfig } from '../../src/shared/model/activations.ts';
import type { LossConfig } from '../../src/shared/model/losses.ts';
import type { OptimizerConfig } from '../../src/shared/model/optimizers.ts';

export interface TorchModel {
  readonly activations: readonly {
    readonly config: ActivationConfig;
    readonly shape: number[];
    readonly x: number[];
    readonly y: number[];
    /** Gradient of some loss with respect to y. */
    readonly seed: number[];
    readonly gradient: number[];
  }[];
  readonly losses: readonly {
    readonly config: LossConfig;
    readonly activation: 'softmax' | 'log_softmax' | 'sigmoid' | 'linear';
    readonly shape: [number, number];
    readonly x: number[];
    readonly target: number[];
    readonly loss: number;
    readonly gradient: number[];
  }[];
  readonly optimizers: readonly {
    readonly config: OptimizerConfig;
    readonly shape: number[];
    /** After each step. */
    readonly parameters: number[][];
  }[];
  readonly batchNormalization: BatchNormalizationTrace;
  readonly initialWeights: readonly {
    readonly seed: number;
    readonly sizes: number[];
    /** Weights are [out, in]. */
    readonly layers: { readonly weight: number[]; readonly bias: number[] }[];
  }[];
  readonly uniform: readonly {
    readonly seed: number;
    readonly low: number;
    readonly high: number;
    readonly values: number[];
  }[];
}

export interface BatchNormalizationTrace {
  readonly features: number;
  readonly gamma: number[];
  readonly beta: number[];
  readonly steps: readonly {
    readonly rows: number;
    readonly x: number[];
    readonly seed: number[];
    readonly y: number[];
    readonly gradients: Readonly<Record<'x' | 'gamma' | 'beta', number[]>>;
    readonly moving_mean: number[];
    readonly moving_variance: number[];
  }[];
  readonly inference: { readonly x: number[]; readonly y: number[] };
}

export const torchModelScript = 'test/fixtures/model/torch_model.py';

export const torchModel = JSON.parse(
  readFileSync(new URL('../fixtures/model/torch_model.json', import.meta.url), 'utf8'),
) as TorchModel;

/** The same formula as in the script. */
export function wave(count: number, { scale = 2, phase = 0 } = {}): number[] {
  return Array.from(
    { length: count },
    (_, i) => scale * Math.sin(12.9898 * i * i + 4.1414 * i + phase + 0.3),
  );
}
