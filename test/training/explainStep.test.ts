/** What the session tells of a step: of runs in training and on disk, for several kinds of models. */
import assert from 'node:assert/strict';
import path from 'node:path';
import type { ExplainedStep, ExplainWish } from '../../src/shared/protocol/explainStep.ts';
import { assertClose } from '../kit/close.ts';
import { useSession } from '../kit/liveSession.ts';

const close = { relative: 1e-4, absolute: 1e-6 };

describe('explaining a step', function () {
  this.timeout(60_000);
  const session = useSession();
  const { signal, startPaused, trainToEnd } = session;

  async function explain(directory: string, wish: Partial<ExplainWish> = {}) {
    const whole = { step: null, batch: null, row: 0, units: {}, weight: null, ...wish };
    return session.handlers['run/explain']({ directory, ...whole }, signal);
  }

  it('tells the rows as the table has them and as the model gets them', async () => {
    const scaled = (yaml: string) =>
      yaml
        .replace('features: [x, y]', 'features: [{ name: x, scale: 10, normalize: zscore }, y]')
        .replace('shuffle: true', '');
    const { directory } = await startPaused({ edit: scaled });
    const { data, rows, batches, epoch, step, isNext, remembers } = await explain(directory);
    assert.deepEqual(
      { rows, batches, epoch, step, isNext, remembers },
      {
        rows: 8,
        batches: 4,
        epoch: 1,
        step: 0,
        isNext: true,
        remembers: true,
      },
    );
    assert.deepEqual(
      data.features.map(({ name }) => name),
      ['x', 'y'],
    );
    assert.equal(data.target, 'side');
    assert.equal(data.rows.length, 8);
    for (const { values, target } of data.rows) {
      const [x, y] = values as [(typeof values)[0], (typeof values)[0]];
      assert.equal(target, Number(y.raw) > Number(x.raw) ? '1' : '0');
      const { scale, offset, center, divisor } = data.features[0]!.affine!;
      const input = (Number(x.raw) * scale + offset - center) / divisor;
      assertClose(x.inputs, [input], close);
    }
  });

  it('works out each unit: inputs times weights plus bias, then the activation', async () => {
    const { directory } = await startPaused();
    const { layers } = await explain(directory, { row: 3, units: { hidden: 5, out: 1 } });
    const [hidden, out] = layers as [(typeof layers)[0], (typeof layers)[0]];
    assert.deepEqual([hidden.outputShape, out.outputShape], [[8], [2]]);
    for (const [layer, index] of [
      [hidden, 5],
      [out, 1],
    ] as const) {
      const { unit } = layer;
      assert.ok(unit?.kind === 'weighted' && unit.index === index);
      assert.deepEqual(
        unit.terms.map(({ input }) => input),
        [...layer.inputs[0]!.values],
      );
      const sum = unit.terms.reduce((s, t) => s + t.input * t.weight, unit.bias!);
      assertClose([unit.sum, layer.sums!.values[index]!], [sum, sum], close);
      assert.equal(unit.output, layer.output.values[index]);
    }
    assertClose([...hidden.output.values], [...hidden.sums!.values].map(Math.tanh), close);
    assert.deepEqual(hidden.output.values, out.inputs[0]!.values);
    const powers = [...out.sums!.values].map(Math.exp);
    const total = powers[0]! + powers[1]!;
    assertClose(
      [...out.output.values],
      powers.map((p) => p / total),
      close,
    );
    assert.ok(out.unit?.kind === 'weighted');
    assertClose([out.unit.total!], [total], close);
  });

  it('tells loss, probabilities and gradients as by hand', async () => {
    const { directory } = await startPaused();
    for (const row of [0, 7]) {
      const { answer, loss, data, layers, update, rows } = await explain(directory, { row });
      assert.equal(answer.kind, 'classes');
      const right = answer.entries.find(({ target }) => target === 1)!;
      assert.equal(right.label, data.rows[row]!.target);
      assertClose([loss.row], [-Math.log(right.value)], close);
      const mean = data.rows.reduce((sum, each) => sum + each.loss, 0) / rows;
      assertClose([loss.batch], [mean], close);
      assert.ok(loss.after < loss.batch);
      // Softmax and cross-entropy: (probability - target) / rows.
      const signal = answer.entries.map(({ value, target }) => (value - target) / rows);
      assertClose([...layers[1]!.signal!.values], signal, close);
      const { weight } = update;
      const parts = weight!.parts!.rows.map(({ input, signal: s }) => input * s);
      assertClose([weight!.gradient], [parts.reduce((a, b) => a + b, 0)], close);
    }
  });

  it('agrees with Adam by hand, at the first step and at a later one', async () => {
    const { directory, runId } = await startPaused();
    for (let step = 0; step < 3; step++) {
      const { update } = await explain(directory, { weight: { tensor: 'hidden/bias', index: 2 } });
      const { before, after, gradient, memory } = update.weight!;
      const { learningRate, number } = update;
      assert.equal(number, step + 1);
      const m = 0.9 * memory['m']!.before + 0.1 * gradient;
      const v = 0.999 * memory['v']!.before + 0.001 * gradient ** 2;
      assertClose([memory['m']!.after, memory['v']!.after], [m, v], close);
      const alpha = (learningRate * Math.sqrt(1 - 0.999 ** number)) / (1 - 0.9 ** number);
      assertClose([after], [before - (alpha * m) / (Math.sqrt(v) + 1e-7)], close);
      assert.equal(memory['m']!.before === 0, step === 0);
      await session.handlers['run/step']({ runId }, signal);
    }
  });

  it('has the gradients of finite differences: a change of a weight changes the loss as told', async () => {
    // Plain gradient descent over one weight: loss after - loss before is near -rate * sum of squared gradients.
    const sgd = (yaml: string) =>
      yaml.replace(/optimizer: .*/, 'optimizer: { type: SGD, learning_rate: 0.001 }');
    const { directory } = await startPaused({ edit: sgd });
    const { loss, layers } = await explain(directory);
    const squares = layers
      .flatMap(({ parameters }) => parameters)
      .map(({ shape, gradient }) => shape.reduce((a, b) => a * b, 1) * gradient ** 2);
    const drop = 0.001 * squares.reduce((a, b) => a + b, 0);
    assertClose([loss.batch - loss.after], [drop], { relative: 0.02, absolute: 1e-6 });
  });

  it('looks at any batch and row, the short one at the end too', async () => {
    const { directory } = await startPaused();
    const steps: ExplainedStep[] = [];
    for (const batch of [0, 1, 2, 3]) steps.push(await explain(directory, { batch }));
    assert.deepEqual(
      steps.map(({ rows }) => rows),
      [8, 8, 8, 6],
    );
    assert.deepEqual(
      steps.map(({ isNext }) => isNext),
      [true, false, false, false],
    );
    const numbers = steps.flatMap(({ data }) => data.rows.map(({ number }) => number));
    assert.deepEqual(
      [...numbers].sort((a, b) => a - b),
      Array.from({ length: 30 }, (_, i) => i),
    );
    const lastRow = await explain(directory, { batch: 3, row: 99 });
    assert.equal(lastRow.row, 5);
  });

  it('refuses what is not there, with what is', async () => {
    const { directory } = await startPaused();
    const refused = (wish: Partial<ExplainWish>, message: RegExp) =>
      assert.rejects(explain(directory, wish), { code: 'input.invalid', message });
    await refused({ batch: 4 }, /batches 0 to 3, not 4/);
    await refused({ units: { hidden: 8 } }, /units 0 to 7, not 8/);
    await refused({ weight: { tensor: 'no/such', index: 0 } }, /it trains hidden\/kernel/);
    await refused({ weight: { tensor: 'out/bias', index: 2 } }, /values 0 to 1, not 2/);
    await assert.rejects(explain(directory, { step: 77 }), { code: 'run.notFound' });
    await assert.rejects(explain(path.join(directory, 'none')), { code: 'run.notFound' });
  });

  it('holds on to a step while the run goes on, and then sees the new one', async () => {
    const { directory, runId } = await startPaused();
    const first = await explain(directory);
    await session.handlers['run/step']({ runId }, signal);
    const held = await explain(directory, { step: 0, row: 2 });
    assert.deepEqual([held.step, held.loss.batch], [0, first.loss.batch]);
    const next = await explain(directory);
    assert.equal(next.step, 1);
    const { tensor, index, after } = first.update.weight!;
    const again = await explain(directory, { weight: { tensor, index } });
    assert.equal(again.update.weight!.before, after);
  });

  it('walks the moments of a run on disk; in between, the optimizer remembers nothing', async () => {
    const info = await startPaused();
    const { directory, runId } = info;
    const live = await explain(directory);
    for (let i = 0; i < 4; i++) await session.handlers['run/step']({ runId }, signal);
    await session.handlers['run/stop']({ runId }, signal);
    const stopped = await explain(directory);
    assert.deepEqual([stopped.step, stopped.epoch, stopped.batch], [4, 2, 0]);
    assert.equal(stopped.remembers, true);
    await trainToEnd(
      await session.handlers['run/resume']({ directory, startPaused: true }, signal),
    );
    const first = await explain(directory, { step: 0 });
    assert.deepEqual({ ...first.update, ...first.loss }, { ...live.update, ...live.loss });
    assert.equal(first.remembers, true);
    const last = await explain(directory);
    assert.deepEqual([last.step, last.epoch, last.batch, last.remembers], [12, 4, 0, true]);
    assert.equal(last.update.number, 13);
    const middle = await explain(directory, { step: 4 });
    assert.deepEqual([middle.epoch, middle.batch, middle.remembers], [2, 0, false]);
    assert.deepEqual(middle.loss.batch, stopped.loss.batch);
    assert.deepEqual([middle.update.number, middle.update.learningRate], [1, 0.05]);
  });

  it('walks a run on disk step by step, as it was trained', async () => {
    const lowered = (yaml: string) =>
      `${yaml}callbacks:\n  - { type: ReduceLROnPlateau, monitor: loss, patience: 1, min_delta: 100 }\n`;
    const info = await startPaused({ edit: lowered });
    const { directory, runId } = info;
    const weight = { tensor: 'hidden/kernel', index: 3 };
    const live: ExplainedStep[] = [];
    for (let step = 0; step < 11; step++) {
      live.push(await explain(directory, { weight }));
      await session.handlers['run/step']({ runId }, signal);
    }
    await trainToEnd(info);
    for (const { step, update, loss } of live) {
      const walked = await explain(directory, { step, weight });
      assert.deepEqual([walked.step, walked.update, walked.loss], [step, update, loss]);
    }
    assert.ok(live[8]!.update.learningRate < live[0]!.update.learningRate);
  });

  it('tells dropout and batch normalisation as training computes them', async () => {
    const edit = (yaml: string) =>
      yaml.replace(
        '  - { type: Dense, name: out',
        '  - { type: BatchNormalization, name: bn, epsilon: 0.01 }\n  - { type: Dropout, name: drop, rate: 0.5 }\n  - { type: Dense, name: out',
      );
    const { directory } = await startPaused({ edit });
    const kept = new Set<boolean>();
    for (let index = 0; index < 8; index++) {
      const { layers } = await explain(directory, { units: { bn: index, drop: index } });
      const [, bn, drop] = layers;
      assert.ok(bn?.unit?.kind === 'normalized' && drop?.unit?.kind === 'dropped');
      const { input, mean, variance, epsilon, gamma, beta, output } = bn.unit;
      const normal = ((input - mean) / Math.sqrt(variance + epsilon)) * gamma! + beta!;
      assertClose([output], [normal], close);
      assert.equal(drop.unit.input, output);
      const isKept = drop.unit.output !== 0;
      kept.add(isKept);
      assertClose([drop.unit.output], [isKept ? output * 2 : 0], close);
    }
    assert.equal(kept.size, 2, 'dropout kept all units or none');
  });

  it('tells regression by its numbers', async () => {
    const edit = (yaml: string) =>
      yaml
        .replace('task: classification', 'task: regression')
        .replace('features: [x, y]', 'features: [x]')
        .replace('target: side', 'target: y')
        .replace('units: 2, activation: softmax', 'units: 1')
        .replace('loss: sparse_categorical_crossentropy', 'loss: mse')
        .replace('metrics: [accuracy]', 'metrics: [mae]')
        .replace('{ x: 0.1, y: 0.9 }', '{ x: 0.1 }');
    const { directory } = await startPaused({ edit });
    const { answer, loss, data } = await explain(directory, { row: 2 });
    assert.equal(answer.kind, 'numbers');
    const [entry] = answer.entries as [(typeof answer.entries)[0]];
    assert.equal(entry.label, 'y');
    assertClose([entry.target], [Number(data.rows[2]!.target)], close);
    assertClose([loss.row], [(entry.value - entry.target) ** 2], close);
  });

  it('tells binary classification by the chances of both classes', async () => {
    const edit = (yaml: string) =>
      yaml
        .replace('units: 2, activation: softmax', 'units: 1, activation: sigmoid')
        .replace('loss: sparse_categorical_crossentropy', 'loss: binary_crossentropy');
    const { directory } = await startPaused({ edit });
    const { answer, loss, layers } = await explain(directory);
    assert.equal(answer.entries.length, 2);
    const right = answer.entries.find(({ target }) => target === 1)!;
    assertClose([loss.row], [-Math.log(right.value)], close);
    assertClose([...layers[1]!.output.values], [answer.entries[1]!.value], close);
  });

  for (const [name, convolution] of Object.entries({
    'an image': 'Conv2D, filters: 6, kernel_size: 3, padding: same, activation: relu',
    'strides over an image': 'Conv2D, filters: 6, kernel_size: [2, 3], strides: [2, 1]',
    'an image in groups': 'Conv2D, filters: 6, kernel_size: 3, groups: 2, use_bias: false',
    'a sequence': 'Conv1D, filters: 3, kernel_size: 3, padding: causal, dilation_rate: 2',
  })) {
    it(`works out what a convolution over ${name} sums up`, async () => {
      const images = convolution.includes('groups') ? '[5, 5, 4]' : '[10, 10, 1]';
      const shape = convolution.startsWith('Conv1D') ? '[25, 4]' : images;
      const edit = (yaml: string) =>
        yaml
          .replace('units: 8', 'units: 100')
          .replace(
            '  - { type: Dense, name: out',
            `  - { type: Reshape, target_shape: ${shape} }\n  - { type: ${convolution}, name: conv }\n  - Flatten\n  - { type: Dense, name: out`,
          );
      const { directory } = await startPaused({ edit });
      const shown = await explain(directory);
      const width = shown.layers[2]!.output.count;
      for (let index = 0; index < width; index += 41) {
        const { layers } = await explain(directory, { units: { conv: index } });
        const { unit } = layers[2]!;
        assert.ok(unit?.kind === 'weighted');
        assert.equal(unit.more, null);
        const told = unit.terms.reduce((sum, t) => sum + t.input * t.weight, unit.bias ?? 0);
        assertClose([told], [unit.sum], close);
      }
    });
  }

  it('tells of each input of a layer where it comes from', async () => {
    const branches = `  - { type: Dense, name: left, inputs: hidden, units: 4 }
  - { type: Dense, name: right, inputs: hidden, units: 4, activation: relu }
  - { type: Add, name: both, inputs: [left, right] }
  - { type: Concatenate, name: all, inputs: [both, data] }
  - { type: Dense, name: out`;
    const edit = (yaml: string) => yaml.replace('  - { type: Dense, name: out', branches);
    const { directory } = await startPaused({ edit });
    const { layers } = await explain(directory);
    assert.deepEqual(
      layers.map(({ name, inputs }) => [name, ...inputs.map(({ from }) => from)]),
      [
        ['hidden', null],
        ['left', 'hidden'],
        ['right', 'hidden'],
        ['both', 'left', 'right'],
        ['all', 'both', null],
        ['out', 'all'],
      ],
    );
    const both = layers[3]!;
    const [left, right] = both.inputs.map(({ values }) => [...values]);
    assertClose(
      [...both.output.values],
      left!.map((value, i) => value + right![i]!),
      close,
    );
  });

  it('is bounded however wide the model is', async () => {
    const edit = (yaml: string) =>
      yaml.replace('units: 8', 'units: 3000').replace('batch_size: 8', 'batch_size: 30');
    const { directory } = await startPaused({ edit });
    const { layers, update, data } = await explain(directory);
    const [hidden, out] = layers as [(typeof layers)[0], (typeof layers)[0]];
    assert.deepEqual([hidden.output.values.length, hidden.output.count], [64, 3000]);
    assert.ok(out.unit?.kind === 'weighted' && out.unit.more !== null);
    assert.deepEqual([out.unit.terms.length, out.unit.more.count], [32, 2968]);
    const told = out.unit.terms.reduce((sum, t) => sum + t.input * t.weight, out.unit.bias!);
    assertClose([told + out.unit.more.sum], [out.unit.sum], close);
    assert.deepEqual([data.rows.length, update.weight!.parts!.more!.count], [20, 10]);
    const numbers = JSON.stringify([layers, update, data]).match(/-?\d+(\.\d+)?/g)!.length;
    assert.ok(numbers < 1500, `${numbers} numbers are more than a page`);
  });
});
