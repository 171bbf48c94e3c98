/** The update of an explained step has the bits of the step that training takes, on each backend. */
import assert from 'node:assert/strict';
import { createWasmBackend } from '../../src/core/backends/wasm/wasmBackend.ts';
import { workStep } from '../../src/core/train/explain/workedStep.ts';
import { startRun } from '../../src/core/train/run.ts';
import type { BackendFactory } from '../../src/core/train/trainingRun.ts';
import { createTinyProject, type TinyOptions } from '../kit/tinyProject.ts';
import { bits, trainingBackends } from '../kit/trainRun.ts';

const layer = (text: string) => (yaml: string) =>
  yaml.replace('  - { type: Dense, name: out', `  - ${text}\n  - { type: Dense, name: out`);
const edits = (...all: ((yaml: string) => string)[]) => ({
  edit: (yaml: string) => all.reduce((text, edit) => edit(text), yaml),
});
const optimizer = (text: string) => (yaml: string) =>
  yaml.replace(/optimizer: .*/, `optimizer: ${text}`);
const last = (text: string) => (yaml: string) =>
  yaml.replace(/name: out, .*/, `name: out, ${text} }`);
const loss = (text: string) => (yaml: string) => yaml.replace(/loss: sparse.*/, `loss: ${text}`);
const wide = (yaml: string) => yaml.replace('units: 8', 'units: 33');
const torch = (yaml: string) => yaml.replace('training:\n', 'training:\n  conventions: pytorch\n');
const noShuffle = (yaml: string) => yaml.replace('training:\n', 'training:\n  shuffle: false\n');
const gathered = (yaml: string) =>
  yaml.replace('training:\n', 'training:\n  gradient_accumulation_steps: 2\n');
const batch = (size: number) => (yaml: string) =>
  yaml.replace('batch_size: 8', `batch_size: ${size}`);

interface Case extends TinyOptions {
  /** Fewer where the reference needs seconds for each. */
  readonly steps?: number;
}

/** 30 training rows. */
const cases: Readonly<Record<string, Case>> = {
  'a dense net with Adam': {},
  'an order as in the file': edits(noShuffle),
  'wide layers': edits(wide, layer('{ type: Dense, units: 17, activation: relu }')),
  'dropout and batch normalisation': edits(
    layer('{ type: Dropout, rate: 0.3 }'),
    layer('{ type: BatchNormalization, name: bn }'),
  ),
  'reshapes and odd activations': edits(
    layer('{ type: Reshape, target_shape: [4, 2] }'),
    layer('{ type: Dense, name: each, units: 3, activation: gelu }'),
    layer('Flatten'),
    layer('{ type: Activation, activation: swish }'),
  ),
  'convolutions and pooling': edits(
    layer('{ type: Dense, units: 72 }'),
    layer('{ type: Reshape, target_shape: [6, 6, 2] }'),
    layer('{ type: Conv2D, filters: 5, kernel_size: 3, padding: same, activation: relu }'),
    layer('MaxPooling2D'),
    layer('{ type: Conv2D, filters: 3, kernel_size: 2 }'),
    layer('BatchNormalization'),
    layer('Flatten'),
  ),
  branches: edits(
    layer('{ type: Dense, name: left, inputs: hidden, units: 4, activation: relu }'),
    layer('{ type: Dense, name: right, inputs: hidden, units: 4, activation: tanh }'),
    layer('{ type: Add, name: both, inputs: [left, right] }'),
    layer('{ type: Concatenate, inputs: [both, data] }'),
  ),
  'products of several tiles': {
    ...edits(
      batch(30),
      layer('{ type: Dense, units: 300, activation: relu }'),
      layer('{ type: Dense, units: 260 }'),
    ),
    steps: 2,
  },
  SGD: edits(optimizer('{ type: SGD, learning_rate: 0.1 }')),
  'momentum of Nesterov': edits(
    optimizer('{ type: SGD, learning_rate: 0.1, momentum: 0.9, nesterov: true }'),
  ),
  'gathered gradients': edits(gathered),
  'averages that take the place of the weights': edits(
    gathered,
    optimizer('{ type: Adam, use_ema: true, ema_overwrite_frequency: 2 }'),
  ),
  'AdamW as in PyTorch': edits(torch, optimizer('{ type: AdamW, weight_decay: 0.1 }')),
  'centered RMSprop with momentum': edits(
    optimizer('{ type: RMSprop, momentum: 0.5, centered: true }'),
  ),
  'binary cross-entropy': edits(last('units: 1, activation: sigmoid'), loss('binary_crossentropy')),
  'log-softmax with logits': edits(
    last('units: 2, activation: log_softmax'),
    loss('{ type: categorical_crossentropy, from_logits: true }'),
  ),
  'batches of one row': edits(batch(1)),
  'one batch of all rows': edits(batch(30)),
  'one batch larger than the data': edits(batch(64)),
  'two batches': edits(batch(15)),
};

/** The wasm backend with a block of as few rows as there may be. */
const inBlocks: BackendFactory = (request) => {
  const { choices } = createWasmBackend();
  return trainingBackends.wasm({ ...request, choices: { ...choices, blocks: '1' } });
};

const blockCases: Readonly<Record<string, Case>> = {
  'a dense net with dropout': {
    rows: 120,
    ...edits(batch(72), wide, layer('{ type: Dropout, rate: 0.3 }')),
  },
};

for (const [name, createBackend] of Object.entries(trainingBackends)) {
  describe(`an explained step on ${name}`, () => areReal(createBackend, cases));
}

describe('an explained step of several blocks of rows', () => areReal(inBlocks, blockCases));

function areReal(createBackend: BackendFactory, all: Readonly<Record<string, Case>>): void {
  for (const [name, { steps = 6, ...options }] of Object.entries(all)) {
    it(`is the real one, bit for bit: ${name}`, async function () {
      this.timeout(60_000);
      const project = createTinyProject({ epochs: 9, ...options });
      const run = await startRun({ file: project.config, createBackend, startPaused: true });
      const own = await createBackend({
        device: 'auto',
        portable: false,
        backend: null,
        choices: null,
      });
      try {
        for (let step = 0; step < steps; step++) {
          const moment = await run.moment();
          const worked = await workStep(own, run.prepared, { moment, batch: moment.batch });
          assert.equal(await run.takeStep(), step + 1);
          const after = await run.moment();
          for (const real of after.tensors) {
            const values = await worked.read(real.name);
            assert.deepEqual(bits({ ...real, values }), bits(real), `step ${step}`);
          }
          worked.destroy();
        }
      } finally {
        await run.stop();
        own.destroy();
        project.remove();
      }
    });
  }
}
