/**
 * Gradient accumulation and moving averages against what the source of Keras 3 does (optimizers/base_optimizer.py),
 * worked out here number by number, and against PyTorch's way to gather gradients.
 */
import { createReferenceBackend } from '../../../src/core/backends/reference/referenceBackend.ts';
import { Builder } from '../../../src/core/ir/builder.ts';
import { createOptimizer } from '../../../src/core/optim/optimizers.ts';
import { optimizerSchema, type OptimizerConfig } from '../../../src/shared/model/optimizers.ts';
import type { Conventions } from '../../../src/shared/model/schemaKit.ts';
import { assertClose } from '../../kit/close.ts';
import { pythonHas, runPython } from '../../kit/python.ts';

const gradients = [0.5, -1, 2, 0.25, 3, -0.5, 1, 0.75];

const optimizer = (config: object): OptimizerConfig => optimizerSchema('keras').parse(config);

/** The parameter, which begins at 1, and the state after each step; the rate is a tenth of the number of the step. */
async function run(config: OptimizerConfig, every: number, conventions: Conventions = 'keras') {
  const b = new Builder();
  const buffer = b.buffer('p', 'state', 'f32', [1]);
  const step = b.load(b.buffer('step', 'state', 'i32', []));
  const { stores } = createOptimizer(config, conventions, every).build(
    b,
    [{ buffer, gradient: b.load(b.buffer('g', 'data', 'f32', [1])) }],
    { learningRate: b.load(b.buffer('rate', 'state', 'f32', [])), step },
  );
  const program = b.program('test', [{ name: 'step', count: 1, stores }]);
  const executable = await createReferenceBackend({ precision: 'float64' }).compile(program);
  executable.writeExact('p', [1]);
  const has = (name: string) => program.buffers.some((each) => each.name === name);
  const trace: Record<string, number>[] = [];
  for (const [i, g] of gradients.entries()) {
    executable.writeExact('g', [g]);
    executable.writeExact('rate', [(i + 1) / 10]);
    if (has('step')) executable.writeExact('step', [i + 1]);
    await executable.run('step', 0, 1);
    const read = (name: string) => (has(name) ? executable.readExact(name)[0]! : Number.NaN);
    trace.push({
      p: read('p'),
      accumulator: read('optimizer/p/accumulator'),
      average: read('optimizer/p/average'),
    });
  }
  return trace;
}

describe('gradient accumulation', () => {
  it('adds gradients up and moves by their mean at the rate of the last step', async () => {
    const trace = await run(optimizer({ type: 'SGD' }), 3);
    const [first, second] = [1 - 0.3 * 0.5, 1 - 0.3 * 0.5 - 0.6 * (2.75 / 3)];
    const p = trace.map((each) => each['p']!);
    assertClose(p, [1, 1, first, first, first, second, second, second], { relative: 1e-12 });
    const gathered = trace.map((each) => each['accumulator']!);
    assertClose(gathered, [0.5, -0.5, 0, 0.25, 3.25, 0, 1, 1.75], { relative: 1e-12 });
  });

  it('decays and clips once for each update, after the mean', async () => {
    const trace = await run(optimizer({ type: 'SGD', clipvalue: 0.2, weight_decay: 0.5 }), 2);
    // Means -0.25, 1.125, ...: clipped to 0.2; the decay is the rate's share of the weight.
    const first = 1 * (1 - 0.2 * 0.5) + 0.2 * 0.2;
    const second = first * (1 - 0.4 * 0.5) - 0.4 * 0.2;
    assertClose(
      trace.slice(0, 4).map((each) => each['p']!),
      [1, first, first, second],
      { relative: 1e-12 },
    );
  });

  it('lets Adam count updates, not steps', async () => {
    const trace = await run(optimizer({ type: 'Adam', epsilon: 1e-7 }), 2);
    // At its first update Adam moves by the rate, whatever the gradient is: t is 1.
    assertClose([trace[1]!['p']!], [1 + 0.2], { relative: 1e-5 });
    assertClose([trace[0]!['p']!], [1], { relative: 0, absolute: 0 });
  });

  it('moves as PyTorch does when each loss is divided by their number', async function () {
    if (!pythonHas('torch')) return this.skip();
    const expected = JSON.parse(
      runPython('test/fixtures/pytorch/accumulation.py', [JSON.stringify(gradients)]),
    ) as number[];
    const config = optimizer({ type: 'SGD', momentum: 0.9, weight_decay: 0.1 });
    const trace = await run(config, 2, 'pytorch');
    assertClose(
      trace.map((each) => each['p']!),
      expected,
      { relative: 1e-12 },
    );
  });
});

/** Keras: average = momentum average + (1 - momentum) p, where momentum is 0 at iteration 0. */
function averagesOf(weights: readonly number[], momentum: number, every = 1): number[] {
  let average = 0;
  return weights.map((p, i) => {
    const share = Math.floor(i / every) === 0 ? 0 : momentum;
    return (average = share * average + (1 - share) * p);
  });
}

describe('moving averages of the weights', () => {
  for (const every of [1, 2]) {
    it(`follow each step, with ${every} steps for an update`, async () => {
      const config = optimizer({ type: 'SGD', use_ema: true, ema_momentum: 0.6 });
      const trace = await run(config, every);
      const plain = await run(optimizer({ type: 'SGD' }), every);
      const weights = trace.map((each) => each['p']!);
      assertClose(
        weights,
        plain.map((each) => each['p']!),
        { relative: 0, absolute: 0 },
      );
      assertClose(
        trace.map((each) => each['average']!),
        averagesOf(weights, 0.6, every),
        { relative: 1e-12 },
      );
    });
  }

  it('have a momentum of 0.99 where none is given', async () => {
    const trace = await run(optimizer({ type: 'SGD', use_ema: true }), 1);
    const weights = trace.map((each) => each['p']!);
    assertClose(
      trace.map((each) => each['average']!),
      averagesOf(weights, 0.99),
      { relative: 1e-12 },
    );
  });

  it('take the place of the weights after so many updates', async () => {
    const often = { use_ema: true, ema_momentum: 0.5, ema_overwrite_frequency: 3 };
    const trace = await run(optimizer({ type: 'SGD', ...often }), 1);
    let [p, average] = [1, 0];
    const expected = gradients.map((g, i) => {
      p -= ((i + 1) / 10) * g;
      const share = i === 0 ? 0 : 0.5;
      average = share * average + (1 - share) * p;
      if ((i + 1) % 3 === 0) p = average;
      return p;
    });
    assertClose(
      trace.map((each) => each['p']!),
      expected,
      { relative: 1e-12 },
    );
  });
});
