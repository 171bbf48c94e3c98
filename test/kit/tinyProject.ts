/** A small config with its data in a folder of its own: two classes that a line separates. */
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { scratchFolder } from './scratchFolder.ts';

export interface TinyProject {
  readonly folder: string;
  readonly config: string;
  remove(): void;
}

export interface TinyOptions {
  readonly epochs?: number;
  readonly rows?: number;
  /** Changes the text of the config. */
  readonly edit?: (yaml: string) => string;
}

export function createTinyProject(options: TinyOptions = {}): TinyProject {
  const { epochs = 3, rows = 40, edit = (yaml: string) => yaml } = options;
  const folder = scratchFolder();
  const config = path.join(folder, 'tiny.train.yaml');
  writeFileSync(path.join(folder, 'tiny.csv'), tinyCsv(rows));
  writeFileSync(config, edit(tinyConfig(epochs)));
  return {
    folder,
    config,
    remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }),
  };
}

/** Points on a spiral of irrational steps, so no two are alike; above the diagonal is class 1. */
function tinyCsv(rows: number): string {
  const lines = Array.from({ length: rows }, (_, i) => {
    const [x, y] = [(i * 0.618033) % 1, (i * 0.414213) % 1];
    return `${x.toFixed(4)},${y.toFixed(4)},${y > x ? 1 : 0}`;
  });
  return ['x,y,side', ...lines, ''].join('\n');
}

function tinyConfig(epochs: number): string {
  return `version: 1
name: tiny
task: classification
seed: 7
data:
  path: tiny.csv
  features: [x, y]
  target: side
  split: { train: 0.75, validation: 0.25, seed: 1 }
model:
  - { type: Dense, name: hidden, units: 8, activation: tanh }
  - { type: Dense, name: out, units: 2, activation: softmax }
training:
  epochs: ${epochs}
  batch_size: 8
  optimizer: { type: Adam, learning_rate: 0.05 }
  loss: sparse_categorical_crossentropy
  metrics: [accuracy]
predict:
  - { x: 0.1, y: 0.9 }
`;
}
