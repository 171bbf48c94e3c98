/** Loss scaling against what the source of Keras 3 does (optimizers/loss_scale_optimizer.py), step by step. */
import assert from 'node:assert/strict';
import { createReferenceBackend } from '../../../src/core/backends/reference/referenceBackend.ts';
import { Builder } from '../../../src/core/ir/builder.ts';
import {
  growthSteps,
  initialScale,
  lossScale,
  scaledOptimizer,
} from '../../../src/core/optim/lossScaling.ts';
import { createOptimizer } from '../../../src/core/optim/optimizers.ts';
import { optimizerSchema } from '../../../src/shared/model/optimizers.ts';

const names = ['p', 'q', 'scale', 'good_steps', 'skipped'] as const;

/** Parameters p and q, whose gradients of the scaled loss are given; `good_steps` begins as told. */
async function run(config: object, gradients: readonly [number, number][], goodSteps = 0) {
  const b = new Builder();
  const optimizer = scaledOptimizer(
    createOptimizer(optimizerSchema('keras').parse(config), 'keras'),
  );
  const updates = ['p', 'q'].map((name) => ({
    buffer: b.buffer(name, 'state', 'f32', [1]),
    gradient: b.load(b.buffer(`g/${name}`, 'data', 'f32', [1])),
  }));
  const step = b.load(b.buffer('step', 'state', 'i32', []));
  const { stores } = optimizer.build(b, updates, { learningRate: b.constant(0.1), step });
  const used = b.emit(b.buffer('used', 'column', 'f32', [1]), lossScale(b));
  const program = b.program('test', [{ name: 'step', count: 1, stores: [used, ...stores] }]);
  const executable = await createReferenceBackend({ precision: 'float64' }).compile(program);
  if (goodSteps > 0) executable.writeExact('optimizer/loss_scale/good_steps', [goodSteps]);
  const trace: Record<(typeof names)[number] | 'used', number>[] = [];
  for (const [i, [p, q]] of gradients.entries()) {
    executable.writeExact('g/p', [p]);
    executable.writeExact('g/q', [q]);
    if (program.buffers.some(({ name }) => name === 'step')) executable.writeExact('step', [i + 1]);
    await executable.run('step', 0, 1);
    const read = (name: string) => executable.readExact(name)[0]!;
    const place = (name: (typeof names)[number]) =>
      name.length === 1 ? name : `optimizer/loss_scale/${name}`;
    const [newP, newQ, scale, good_steps, skipped] = names.map((name) => read(place(name)));
    trace.push({
      p: newP!,
      q: newQ!,
      scale: scale!,
      good_steps: good_steps!,
      skipped: skipped!,
      used: read('used'),
    });
  }
  return trace;
}

describe('loss scaling', () => {
  const scale = initialScale;

  it('begins with 2^15 and divides gradients by the scale', async () => {
    const [first] = await run({ type: 'SGD' }, [[3 * scale, -scale]]);
    assert.deepEqual(first, {
      ...{ p: -0.1 * 3, q: 0.1, used: scale, scale, good_steps: 1, skipped: 0 },
    });
  });

  for (const bad of [NaN, Infinity, -Infinity]) {
    it(`changes nothing and halves the scale where any gradient is ${bad}`, async () => {
      const trace = await run({ type: 'SGD', momentum: 0.9 }, [
        [scale, scale],
        [scale, bad],
        [scale / 2, scale / 2],
      ]);
      const [before, skipped, after] = trace;
      assert.deepEqual([skipped!.p, skipped!.q], [before!.p, before!.q]);
      assert.deepEqual([skipped!.scale, skipped!.good_steps, skipped!.skipped], [scale / 2, 0, 1]);
      // The velocity is that of the first step: -0.1, then 0.9 (-0.1) - 0.1.
      assert.ok(Math.abs(after!.p - (-0.1 - 0.19)) < 1e-12, `${after!.p}`);
      assert.equal(after!.used, scale / 2);
    });
  }

  it('doubles after so many finite steps in a row', async () => {
    const trace = await run(
      { type: 'SGD' },
      [
        [scale, scale],
        [2 * scale, 2 * scale],
      ],
      growthSteps - 1,
    );
    assert.deepEqual(
      trace.map((each) => [each.used, each.scale, each.good_steps]),
      [
        [scale, 2 * scale, 0],
        [2 * scale, 2 * scale, 1],
      ],
    );
    assert.ok(Math.abs(trace[1]!.p + 0.2) < 1e-12);
  });

  it('does not count skipped steps for the bias correction of Adam', async () => {
    const config = { type: 'Adam' };
    const plain = await run(config, [
      [scale, scale],
      [scale, 2 * scale],
    ]);
    const skipping = await run(config, [
      [Infinity, 1],
      [scale / 2, scale / 2],
      [scale / 2, scale],
    ]);
    assert.deepEqual([skipping[2]!.p, skipping[2]!.q], [plain[1]!.p, plain[1]!.q]);
  });
});
