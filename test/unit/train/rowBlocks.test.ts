/**
 * Steps in blocks of rows are the steps of the whole batch but for the order in which gradients are added up. In float64
 * that order hardly shows: a mask, a weight or a row that differed would.
 */
import assert from 'node:assert/strict';
import { createReferenceBackend } from '../../../src/core/backends/reference/referenceBackend.ts';
import { createWasmBackend } from '../../../src/core/backends/wasm/wasmBackend.ts';
import { generate } from '../../../src/core/codegen/wasm/generate.ts';
import type { Value } from '../../../src/core/codegen/wasm/values.ts';
import { simplify } from '../../../src/core/passes/simplify.ts';
import { buildEpochProgram } from '../../../src/core/train/epochProgram.ts';
import { blocksOf, rowBlocks, taskOn } from '../../../src/core/train/rowBlocks.ts';
import { assertClose } from '../../kit/close.ts';
import { crossTrain, crossTraining, type CrossTraining } from '../../kit/crossTraining.ts';
import { tolerances } from '../../kit/tolerance.ts';

const momentum = 'optimizer: { type: SGD, learning_rate: 0.02, momentum: 0.9 }';

/** Batches of 100 and 70 rows, two epochs; `lines` go into the training, `layers` before the dense ones. */
function digits({ lines = '', layers = '', loss = '', reduced = true }): CrossTraining {
  const edit = (yaml: string): string =>
    yaml
      .replace(/optimizer: .*/, `${momentum}\n${lines}`)
      .replace(/loss: (.*)/, `loss: ${loss || '$1'}`)
      .replace('  - Flatten\n', `${layers}  - Flatten\n`)
      .replace('  - { type: Dense, units: 10', '  - { type: Dropout, rate: 0.4 }\n$&');
  const sample = 'digits/digits.train.yaml';
  const made = crossTraining({ sample, batchSize: 100, reduced, stepsPerEpoch: 2, edit });
  return { ...made, task: { ...made.task, trainingRows: 170 } };
}

/** Of as few rows as there may be. */
function inBlocks(training: CrossTraining): CrossTraining {
  return { ...training, task: { ...training.task, blockBytes: 1 } };
}

const cases: Readonly<Record<string, CrossTraining>> = {
  'dropout of values and of channels': digits({
    layers: '  - { type: SpatialDropout2D, rate: 0.3 }\n',
  }),
  'class weights as in Keras': digits({ lines: '  class_weight: { 0: 3, 1: 0.5 }' }),
  'class weights as in PyTorch': digits({
    lines: '  conventions: pytorch\n  class_weight: { 0: 3, 1: 0.5 }',
  }),
  'gathered gradients, smoothed labels': digits({
    lines: '  gradient_accumulation_steps: 2',
    loss: '{ type: categorical_crossentropy, label_smoothing: 0.1 }',
  }),
  'mixed precision': digits({ lines: '  precision: mixed' }),
};

describe('steps in blocks of rows', function () {
  this.timeout(60_000);

  for (const [name, training] of Object.entries(cases)) {
    it(`are those of the whole batch: ${name}`, async () => {
      const whole = await crossTrain(createReferenceBackend(), training);
      const blocked = await crossTrain(createReferenceBackend(), inBlocks(training));
      const relative = training.task.halfFactors ? 1e-3 : 1e-6;
      assertClose(blocked.losses, whole.losses, { relative });
      const flat = (weights: readonly ArrayLike<number>[]) =>
        weights.flatMap((w) => [...Array.from(w)]);
      assertClose(flat(blocked.weights), flat(whole.weights), {
        relative,
        absolute: relative / 10,
      });
      const wasm = await crossTrain(createWasmBackend(), inBlocks(training));
      assertClose(wasm.losses, blocked.losses, tolerances.training);
    });
  }

  it('have the same bits with one thread and two, and with narrow vectors', async () => {
    const training = inBlocks(digits({ reduced: false }));
    const one = await crossTrain(createWasmBackend({ wide: false }), training);
    const two = await crossTrain(createWasmBackend({ threads: 2 }), training);
    assert.deepEqual(two.losses, one.losses);
    one.weights.forEach((values, i) => assert.equal(digest(two.weights[i]!), digest(values)));
  });

  it('need the memory of a block, not of the batch', async () => {
    const training = digits({ reduced: false });
    const working = async ({ task }: CrossTraining): Promise<number> => {
      const { program } = buildEpochProgram({ ...task, batchSize: 512, trainingRows: 512 });
      const executable = await createWasmBackend().compile(program);
      executable.destroy();
      return executable.memory!.working;
    };
    assert.ok((await working(inBlocks(training))) < (await working(training)) / 6);
  });

  it('are taken where the choices of the backend say so: a run before them goes on without', () => {
    const { task } = cases['mixed precision']!;
    const first = (choices: Readonly<Record<string, string>>) =>
      blocksOf(taskOn({ choices }, task), 100)[0]!.rows;
    assert.equal(first({ fma: 'relaxed' }), 100);
    assert.equal(first({ fma: 'relaxed', blocks: '1' }), 40);
    assert.ok(Number(createWasmBackend().choices['blocks']) > 0);
    assert.equal(createWasmBackend({ choices: { fma: 'none' } }).choices['blocks'], undefined);
  });

  it('are none where rows need each other', () => {
    const { task } = inBlocks(digits({ layers: '  - BatchNormalization\n' }));
    assert.deepEqual(blocksOf(task, 100), [{ first: 0, rows: 100 }]);
  });

  it('store nothing before their last block is done, so that requests are answered until then', () => {
    const sample = 'cifar10-keras/cifar10-keras.train.yaml';
    const { task } = inBlocks(crossTraining({ sample, batchSize: 512, reduced: true }));
    assert.equal(blocksOf(task, 512).length, 16);
    const { program } = buildEpochProgram(task);
    const gated = new Set(program.loops.map(({ name }) => name));
    const options = { fma: false, wide: false, shared: true, gated };
    const { plan } = generate(simplify(program), options).loops[0]!;
    const [before, after] = [
      plan.clusters.slice(0, plan.gateAfter!),
      plan.clusters.slice(plan.gateAfter!),
    ];
    const products = (values: readonly Value[]) =>
      values.filter(({ source }) => /^(conv|matMul)/i.test(source?.op ?? ''));
    assert.ok(products(before.flatMap(({ members }) => members)).length > 0);
    assert.equal(products(after.flatMap(({ members }) => members)).length, 0);
  });
});

describe('blocks of rows', () => {
  const small = { row: 1000, weights: 10, block: 50_000 };

  it('cover every row once, in order, by eights but for the last', () => {
    for (let rows = 1; rows < 700; rows++) {
      const blocks = rowBlocks(rows, small);
      const ends = blocks.map(({ first, rows: own }) => first + own);
      assert.deepEqual([0, ...ends], [...blocks.map(({ first }) => first), rows]);
      assert.ok(blocks.slice(1).every(({ first, rows: own }) => first % 8 === 0 && own > 0));
      assert.ok(blocks.length <= 16);
    }
  });

  it('have as many rows as fit, are never few, and pass over weights only with enough of them', () => {
    const first = (rows: number, sizes: Partial<typeof small>) =>
      rowBlocks(rows, { ...small, ...sizes })[0]!.rows;
    assert.equal(first(99, {}), 99);
    assert.equal(first(500, {}), 56);
    assert.equal(first(320, { block: 1 }), 32);
    assert.equal(first(320, { weights: 75_000 }), 160);
    assert.equal(first(320, { weights: 1e6 }), 320);
    assert.equal(first(6400, { block: 1 }), 400);
  });
});

function digest(values: ArrayLike<number>): string {
  return Buffer.from(Float32Array.from(values).buffer).toString('base64');
}
