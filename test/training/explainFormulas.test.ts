/** The formulas that people read, evaluated as they are written, give what the device computed. */
import assert from 'node:assert/strict';
import vm from 'node:vm';
import { createSession } from '../../src/core/session/createSession.ts';
import { lineText, type FormulaLine } from '../../src/shared/explain/formula.ts';
import { affineFormula } from '../../src/shared/explain/affineFormula.ts';
import { lossFormula, weightFormula } from '../../src/shared/explain/lossFormula.ts';
import { optimizerFormula } from '../../src/shared/explain/optimizerFormula.ts';
import { unitFormula } from '../../src/shared/explain/unitFormula.ts';
import { createCancelSource } from '../../src/shared/protocol/cancel.ts';
import type { ExplainedStep } from '../../src/shared/protocol/explainStep.ts';
import { assertClose } from '../kit/close.ts';
import { createTinyProject } from '../kit/tinyProject.ts';
import { trainingBackends } from '../kit/trainRun.ts';

const close = { relative: 2e-4, absolute: 2e-6 };
/** All digits, so that what is written can be computed. */
const exact = (value: number) => String(value);

/** Abramowitz and Stegun 7.1.26, good to 1.5e-7. */
function erf(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const series = [0.254829592, -0.284496736, 1.421413741, -1.453152027, 1.061405429];
  const sum = series.reduceRight((total, factor) => (total + factor) * t, 0);
  return Math.sign(x) * (1 - sum * Math.exp(-x * x));
}

/** Of a line as it is shown with its numbers: `0.9 × 0.02 + √0.04`. */
function valueOf(numbers: string): number {
  const code = numbers
    .replaceAll('×', '*')
    .replaceAll('−', '-')
    .replaceAll('e^(', 'exp(')
    .replace(/e\^([\d.]+(?:e[-+]?\d+)?)/g, 'exp($1)')
    .replace(/√(\(|[\d.]+(?:e[-+]?\d+)?)/g, (_, next: string) =>
      next === '(' ? 'sqrt(' : `sqrt(${next})`,
    )
    .replace(/½/g, '0.5')
    .replace(/\|([^|]+)\|/g, 'abs($1)')
    .replace(/\^/g, '**')
    .replace(/²/g, '**2')
    .replace(/³/g, '**3');
  const { exp, log: ln, sqrt, tanh, max, abs } = Math;
  const value: unknown = vm.runInNewContext(code, { exp, ln, sqrt, tanh, max, abs, erf });
  assert.ok(typeof value === 'number', code);
  return value;
}

function checkLines(lines: readonly FormulaLine[], result: number): void {
  for (const line of lines) assertClose([valueOf(line.numbers)], [line.value], close);
  assertClose([lines.at(-1)!.value], [result], close);
}

/** The step after two others of a small config. */
async function explained(edit: (yaml: string) => string): Promise<ExplainedStep[]> {
  const project = createTinyProject({ edit });
  const { signal } = createCancelSource();
  const createBackend = trainingBackends.wasm;
  const session = createSession({
    createBackend,
    listDevices: () => Promise.resolve([]),
    cuda: { install: () => Promise.resolve(), remove: () => Promise.resolve(false) },
    announce: () => undefined,
  });
  const { handlers } = session;
  try {
    const start = { file: project.config, overrides: {}, startPaused: true };
    const { directory, runId } = await handlers['run/start'](start, signal);
    for (let i = 0; i < 2; i++) await handlers['run/step']({ runId }, signal);
    const steps: ExplainedStep[] = [];
    for (let row = 0; row < 4; row++) {
      const wish = {
        directory,
        step: null,
        batch: null,
        row,
        units: { hidden: 2 * row },
        weight: null,
      };
      steps.push(await handlers['run/explain'](wish, signal));
    }
    return steps;
  } finally {
    await session.stopAll();
    project.remove();
  }
}

const optimizers = [
  'SGD',
  '{ type: SGD, learning_rate: 0.1 }',
  '{ type: SGD, momentum: 0.9 }',
  '{ type: SGD, momentum: 0.9, nesterov: true }',
  'Adam',
  '{ type: Adam, beta_1: 0.5, beta_2: 0.9, epsilon: 0.01 }',
  '{ type: AdamW, weight_decay: 0.5 }',
  '{ type: SGD, weight_decay: 0.1, momentum: 0.9 }',
  '{ type: RMSprop, weight_decay: 0.1, clipvalue: 0.001 }',
  '{ type: Adam, global_clipnorm: 0.01 }',
  '{ type: SGD, learning_rate: { type: ExponentialDecay, initial_learning_rate: 0.1, decay_steps: 3, decay_rate: 0.5 } }',
  'RMSprop',
  '{ type: RMSprop, momentum: 0.9, centered: true, epsilon: 0.001 }',
];

const activations = [
  'relu',
  'leaky_relu',
  'elu',
  'selu',
  'gelu',
  '{ type: gelu, approximate: true }',
  'sigmoid',
  'tanh',
  'softmax',
  'log_softmax',
  'softplus',
  'swish',
];

describe('the formulas of an explained step', function () {
  this.timeout(60_000);

  for (const conventions of ['keras', 'pytorch']) {
    for (const optimizer of optimizers) {
      it(`move a weight as ${optimizer} does with the conventions of ${conventions}`, async () => {
        const [step] = await explained((yaml) =>
          yaml
            .replace(/optimizer: .*/, `optimizer: ${optimizer}`)
            .replace('training:\n', `training:\n  conventions: ${conventions}\n`),
        );
        const { update } = step!;
        const lines = optimizerFormula(update, update.weight!, exact);
        assert.equal(lines.at(-1)!.name, 'w′');
        assert.notEqual(update.weight!.before, update.weight!.after);
        checkLines(lines, update.weight!.after);
        const change = lines.at(-1)!.value - update.weight!.before;
        assertClose([change], [update.weight!.after - update.weight!.before], {
          relative: 2e-3,
          absolute: 1e-7,
        });
      });
    }
  }

  for (const conventions of ['keras', 'pytorch']) {
    for (const optimizer of [
      '{ type: SGD, momentum: 0.9 }',
      '{ type: Adam, use_ema: true, ema_momentum: 0.8 }',
      '{ type: SGD, weight_decay: 0.1, use_ema: true, ema_momentum: 0.8, ema_overwrite_frequency: 2 }',
    ]) {
      for (const every of [1, 2, 3]) {
        it(`gather ${every} gradients for ${optimizer} with the conventions of ${conventions}`, async () => {
          const [step] = await explained((yaml) =>
            yaml
              .replace(/optimizer: .*/, `optimizer: ${optimizer}`)
              .replace(
                'training:\n',
                `training:\n  conventions: ${conventions}\n  gradient_accumulation_steps: ${every}\n`,
              ),
          );
          // The third step: the third update, the first of two that make the second, or the first update.
          const { update } = step!;
          const { weight, gathering } = update;
          assert.deepEqual(
            gathering,
            every === 1 ? null : { steps: every, taken: every === 2 ? 1 : 3 },
          );
          const lines = optimizerFormula(update, weight!, exact);
          for (const line of lines) assertClose([valueOf(line.numbers)], [line.value], close);
          const known = Object.fromEntries(lines.map((line) => [line.name, line.value]));
          assertClose([known['w″'] ?? known['w′']!], [weight!.after], close);
          for (const [slot, letter] of Object.entries({ accumulator: 'h′', average: 'p′' })) {
            const memory = weight!.memory[slot];
            if (memory === undefined) continue;
            const dropped = slot === 'accumulator' && every === 3;
            assertClose([dropped ? 0 : known[letter]!], [memory.after], close);
          }
        });
      }
    }
  }

  for (const activation of activations) {
    it(`give what ${activation} gives`, async () => {
      const steps = await explained((yaml) =>
        yaml.replace('activation: tanh', `activation: ${activation}`),
      );
      for (const { layers } of steps) {
        const { unit } = layers[0]!;
        assert.ok(unit?.kind === 'weighted');
        checkLines(unitFormula(unit, exact), unit.output);
      }
    });
  }

  it('give what dropout and batch normalisation give', async () => {
    const steps = await explained((yaml) =>
      yaml.replace(
        '  - { type: Dense, name: out',
        '  - BatchNormalization\n  - { type: BatchNormalization, scale: false, center: false }\n  - { type: Dropout, rate: 0.2 }\n  - { type: Activation, activation: relu }\n  - { type: Dense, name: out',
      ),
    );
    for (const { layers } of steps) {
      for (const { unit } of layers.slice(1, 5))
        checkLines(unitFormula(unit!, exact), unit!.output);
    }
  });

  for (const [loss, head] of [
    ['sparse_categorical_crossentropy', 'units: 2, activation: softmax'],
    ['{ type: sparse_categorical_crossentropy, from_logits: true }', 'units: 2'],
    ['{ type: categorical_crossentropy, from_logits: true }', 'units: 2, activation: log_softmax'],
    ['binary_crossentropy', 'units: 1, activation: sigmoid'],
    ['{ type: binary_crossentropy, from_logits: true }', 'units: 1'],
  ]) {
    it(`give the loss of ${loss} after ${head}`, async () => {
      const steps = await explained((yaml) =>
        yaml.replace(/loss: .*/, `loss: ${loss}`).replace('units: 2, activation: softmax', head!),
      );
      for (const {
        loss: { config, row },
        answer,
      } of steps)
        checkLines([lossFormula(config, answer, { row, format: exact })], row);
    });
  }

  for (const conventions of ['keras', 'pytorch']) {
    it(`weigh the loss of a row as its class counts, with the conventions of ${conventions}`, async () => {
      const steps = await explained((yaml) =>
        yaml.replace(
          'training:\n',
          `training:\n  conventions: ${conventions}\n  class_weight: { 1: 3 }\n`,
        ),
      );
      const { data, loss, rows } = steps[0]!;
      const share = (target: string) => (target === '1' ? 3 : 1);
      const total = data.rows.reduce((all, each) => all + share(each.target), 0);
      assert.ok(total > rows && total < 3 * rows, 'rows of both classes are there');
      // Keras divides the sum by the rows, PyTorch by the weights.
      const scale = conventions === 'keras' ? 1 : rows / total;
      const shares = data.rows.map(({ target }) => scale * share(target));
      assertClose(
        data.rows.map(({ weight }) => weight!),
        shares,
        close,
      );
      for (const { loss: own, row } of steps) {
        assertClose([own.weight!], [scale * share(data.rows[row]!.target)], close);
        checkLines(weightFormula(own, exact), own.row * own.weight!);
      }
      const sum = data.rows.reduce((all, each) => all + share(each.target) * each.loss, 0);
      assertClose([(scale * sum) / rows], [loss.batch], close);
    });
  }

  for (const loss of ['mse', 'mae', 'huber', '{ type: huber, delta: 0.1 }']) {
    it(`give the loss of ${loss}`, async () => {
      const steps = await explained((yaml) =>
        yaml
          .replace('task: classification', 'task: regression')
          .replace('features: [x, y]', 'features: [x]')
          .replace('target: side', 'target: y')
          .replace('units: 2, activation: softmax', 'units: 1')
          .replace(/loss: .*/, `loss: ${loss}`)
          .replace('metrics: [accuracy]', 'metrics: [mae]')
          .replace('{ x: 0.1, y: 0.9 }', '{ x: 0.1 }'),
      );
      for (const {
        loss: { config, row },
        answer,
      } of steps)
        checkLines([lossFormula(config, answer, { row, format: exact })], row);
    });
  }

  it('write the mean over several targets, and that some are left out', () => {
    const entries = [
      { label: 'a', value: 3, target: 1 },
      { label: 'b', value: 0.5, target: -1 },
    ];
    const options = { row: 3.125, format: exact };
    const all = lossFormula(
      { type: 'mean_squared_error' },
      { kind: 'numbers', entries, more: 0 },
      options,
    );
    assert.equal(
      lineText(all, exact),
      'L = Σ (a − y)² / n = ((3 − 1)² + (0.5 − (-1))²) / 2 = 3.125',
    );
    checkLines([all], 3.125);
    const some = lossFormula(
      { type: 'mean_squared_error' },
      { kind: 'numbers', entries, more: 8 },
      options,
    );
    assert.equal(some.numbers, '((3 − 1)² + (0.5 − (-1))² + …) / 10');
  });

  it('write what preprocessing does', () => {
    const plain = { scale: 1, offset: 0, center: 0, divisor: 1 };
    const write = (change: Partial<typeof plain>) =>
      affineFormula({ ...plain, ...change }, 4, exact);
    assert.equal(write({}), null);
    assert.equal(write({ scale: 0.1 }), '4 × 0.1');
    assert.equal(write({ divisor: 2 }), '4 / 2');
    assert.equal(write({ center: -3, divisor: 2 }), '(4 − (-3)) / 2');
    const all = write({ scale: 0.5, offset: 1, center: 2, divisor: 4 })!;
    assert.equal(all, '(4 × 0.5 + 1 − 2) / 4');
    assert.equal(valueOf(all), 0.25);
  });
});
