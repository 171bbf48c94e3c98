/** Keras's cifar10_cnn (W3) as a config on made-up images, in a folder of its own. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { npyFile } from './imageFiles.ts';
import { scratchFolder } from './scratchFolder.ts';

export interface KerasNetOptions {
  readonly images: number;
  readonly batchSize: number;
  readonly epochs: number;
}

/** Gives the config file. */
export function createKerasNetProject({ images, batchSize, epochs }: KerasNetOptions): string {
  const folder = scratchFolder();
  const pixels = Uint8Array.from({ length: images * 32 * 32 * 3 }, (_, i) => (i * 7919) >> 3);
  const labels = Int32Array.from({ length: images }, (_, i) => (i * 7) % 10);
  writeFileSync(path.join(folder, 'x.npy'), npyFile(pixels, [images, 32, 32, 3]));
  writeFileSync(path.join(folder, 'y.npy'), npyFile(labels, [images]));
  const config = path.join(folder, 'keras-net.train.yaml');
  writeFileSync(config, configText(batchSize, epochs));
  return config;
}

function configText(batchSize: number, epochs: number): string {
  const block = (name: string, filters: number): string => `
  - { type: Conv2D, name: ${name}1, filters: ${filters}, kernel_size: 3, padding: same, activation: relu }
  - { type: Conv2D, name: ${name}2, filters: ${filters}, kernel_size: 3, activation: relu }
  - { type: MaxPooling2D, name: ${name}_pool, pool_size: 2 }
  - { type: Dropout, name: ${name}_dropout, rate: 0.25 }`;
  return `version: 1
task: image_classification
seed: 1
data: { path: x.npy, labels: y.npy, split: { train: 1, validation: 0 } }
model:${block('first', 32)}${block('second', 64)}
  - Flatten
  - { type: Dense, name: hidden, units: 512, activation: relu }
  - { type: Dropout, name: dropout, rate: 0.5 }
  - { type: Dense, name: out, units: 10, activation: softmax }
training:
  epochs: ${epochs}
  batch_size: ${batchSize}
  optimizer: { type: RMSprop, learning_rate: 0.0001, rho: 0.9 }
  loss: sparse_categorical_crossentropy
  metrics: [accuracy]
output: { dir: runs }
`;
}
