/** What a training step takes on a backend: some steps of the plan that training runs, on memory of their own. */
import type { Backend } from '../backends/backend.ts';
import { compileTraining } from './compileTraining.ts';
import { EpochInputs } from './epochInputs.ts';
import type { PreparedTraining } from './prepareTraining.ts';
import { initialTensors } from './weights.ts';

/** Of all rounds together; a step that takes longer is measured twice. */
const wantedMilliseconds = 400;
const leastRounds = 2;

/** Milliseconds of a step. @throws what `signal` aborts with. */
export async function measureStep(
  backend: Backend,
  prepared: PreparedTraining,
  signal: AbortSignal,
): Promise<number> {
  const { model, config, data, task } = prepared;
  const tensors = initialTensors(model, config.seed, data);
  const { executable, program } = await compileTraining(backend, prepared, { tensors, step: 0 });
  try {
    const inputs = { program: program.program, task, seed: config.seed.value };
    const { learningRate } = task.optimizer;
    new EpochInputs(executable, inputs).write({ epoch: 0, firstStep: 0, learningRate });
    const loop = program.train[0]!;
    let [position, count, spent, best] = [0, 1, 0, Infinity];
    for (let round = 0; round < leastRounds || spent < wantedMilliseconds; round++) {
      signal.throwIfAborted();
      const to = Math.min(loop.count, position + count);
      const begun = performance.now();
      await executable.run(loop.name, position, to);
      await executable.read(`${loop.name}/loss`, to - 1, 1); // a device is done only then
      const taken = performance.now() - begun;
      spent += taken;
      best = Math.min(best, taken / (to - position));
      position = to === loop.count ? 0 : to;
      count *= 2;
      await new Promise((resolve) => setImmediate(resolve));
    }
    return best;
  } finally {
    executable.destroy();
  }
}
