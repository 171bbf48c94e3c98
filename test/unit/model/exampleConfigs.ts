import { existsSync, readFileSync } from 'node:fs';

/** A config with little more than it needs; tests change one line of it. Line numbers matter to them. */
export const minimalConfig = `task: classification
data:
  path: rows.csv
  features: [a, b]
  target: c
  missing: drop_row
  split: {}
model:
  - {type: Flatten}
  - {type: Dense, units: 3}
  # the comment counts as a line
training:
  epochs: 5
  optimizer: {type: Adam, learning_rate: 0.01}
  loss: {type: sparse_categorical_crossentropy, from_logits: true}
  metrics: [accuracy]
`;

/** A config with every kind of key, in many of the forms they may take. */
export const richConfig = `version: 1
name: rich model-1.0
task: regression
seed: {value: 7, compat: pytorch}
data:
  format: json
  path: https://example.org/rows?table=1
  sha256: 0123456789abcdef0123456789abcdef0123456789abcdef0123456789ABCDEF
  features:
    - age
    - {name: island, encode: ordinal, categories: [Dream, Biscoe], normalize: zscore}
    - {name: sex, encode: one_hot, categories: [f, m]}
    - {name: mass, scale: 0.001, offset: -1, normalize: minmax}
  target: {name: price}
  missing: {constant: 0}
  split: {train: 0.6, validation: 0.2, test: 0.2, seed: 3, stratify: island}
  oversample: 2
model:
  - {type: Input, shape: [5]}
  - {type: Dense, name: fc1, units: 8, activation: silu, use_bias: false}
  - BatchNormalization
  - {type: Activation, activation: {type: leaky_relu, negative_slope: 0.1}}
  - {type: Dropout, rate: 0.5}
  - {type: Reshape, target_shape: [2, -1]}
  - Flatten
  - type: Dense
    units: 1
    kernel_initializer: {type: random_normal, stddev: 0.1}
    bias_initializer: {type: constant, value: 0.5}
training:
  epochs: 3
  batch_size: 16
  shuffle: false
  optimizer: {type: SGD, momentum: 0.9, nesterov: true}
  loss: mse
  metrics: [mean_absolute_error, rmse, r2]
  device: cpu
  deterministic: portable
  conventions: pytorch
  epoch_loss: mean_of_batches
callbacks:
  - {type: EarlyStopping, monitor: val_mae, patience: 2, restore_best_weights: true}
  - ReduceLROnPlateau
  - TerminateOnNaN
output: {dir: out, export: [pt, safetensors]}
predict:
  - {age: 3, island: Dream, sex: f, mass: null}
compute: {target: local, instance_count: 2, distribution: {type: data_parallel}}
`;

/** A config example beside the checkout; null where there is none. */
export function example(name: string): string | null {
  const file = new URL(`../../../../shared/reference/config-examples/${name}`, import.meta.url);
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
}
