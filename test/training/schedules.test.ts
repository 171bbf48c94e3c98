/** Learning rates that follow the steps, in whole runs. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { headerBytes } from '../../src/shared/columns/columnFormat.ts';
import { seriesFile } from '../../src/core/runs/runSeries.ts';
import { createTinyProject, type TinyProject } from '../kit/tinyProject.ts';
import { lastState, resume, train, trainingBackends } from '../kit/trainRun.ts';

const rate = (text: string) => (yaml: string) =>
  yaml.replace('learning_rate: 0.05', `learning_rate: ${text}`);
function valuesIn(file: string): number[] {
  const bytes = fs.readFileSync(file).subarray(headerBytes);
  return [...new Float32Array(Uint8Array.from(bytes).buffer)];
}

/** 4 steps an epoch, the last one of 6 rows. */
const size = { rows: 40, epochs: 3 };

for (const [name, createBackend] of Object.entries(trainingBackends)) {
  describe(`learning-rate schedules on ${name}`, function () {
    this.timeout(60_000);
    const projects: TinyProject[] = [];
    const make = (text: string): TinyProject => {
      const project = createTinyProject({ ...size, edit: rate(text) });
      projects.push(project);
      return project;
    };
    afterEach(() => projects.splice(0).forEach((project) => project.remove()));

    it('give each step its own rate, and epochs that of their last step', async () => {
      // Rates that stop the training after 5 steps: later ones change nothing.
      const stepwise = '{ type: PiecewiseConstantDecay, boundaries: [4], values: [0.05, 0] }';
      const { epochs } = await train(make(stepwise), { createBackend });
      const plain = await train(make('0.05'), { createBackend });
      assert.deepEqual(
        epochs.map((epoch) => epoch.learning_rate),
        [0.05, 0, 0],
      );
      assert.equal(epochs[0]!.loss, plain.epochs[0]!.loss);
      assert.notEqual(epochs[1]!.val_loss, plain.epochs[1]!.val_loss);
      assert.equal(epochs[2]!.val_loss, epochs[1]!.val_loss);
    });

    it('go on where a run was stopped, bit for bit', async () => {
      const cosine = '{ type: CosineDecay, initial_learning_rate: 0.05, decay_steps: 9 }';
      const whole = await train(make(cosine), { createBackend });
      const part = await train(make(cosine), { createBackend, stopAt: 6 });
      const rest = await resume(part.run.info.directory, { createBackend });
      assert.equal(rest.end.step, whole.end.step);
      const [a, b] = await Promise.all(
        [whole, rest].map(({ run }) => lastState(run.info.directory)),
      );
      assert.deepEqual(b, a);
    });

    it('are a column of every step, also of a run that began without one', async () => {
      const steps =
        '{ type: ExponentialDecay, initial_learning_rate: 1, decay_steps: 1, decay_rate: 0.5 }';
      const part = await train(make(steps), { createBackend, stopAt: 6 });
      const { directory, series } = part.run.info;
      const names = series.filter(({ per }) => per === 'step').map(({ name: of }) => of);
      assert.equal(names.at(-1), 'learning_rate');
      const file = seriesFile(directory, 'step', 'learning_rate');
      const expected = Array.from({ length: 12 }, (_, step) => 0.5 ** step);
      assert.deepEqual(valuesIn(file), expected.slice(0, part.end.step));
      fs.rmSync(file);
      await resume(directory, { createBackend });
      assert.deepEqual(valuesIn(file), expected);
    });
  });
}
