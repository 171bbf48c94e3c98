/** Gathered gradients and averaged weights in whole trainings, as Keras has them. */
import assert from 'node:assert/strict';
import { withPrefix } from '../../src/core/runs/checkpoints.ts';
import { loadCheckpoint } from '../../src/core/runs/openRun.ts';
import { evaluateRun } from '../../src/core/train/evaluate/evaluateRun.ts';
import { assertClose } from '../kit/close.ts';
import { createTinyProject, type TinyProject } from '../kit/tinyProject.ts';
import { resume, train, trainingBackends } from '../kit/trainRun.ts';

const optimizer = (text: string) => (yaml: string) =>
  yaml.replace(/optimizer: .*/, `optimizer: ${text}`);
const averaging = optimizer('{ type: SGD, learning_rate: 0.3, use_ema: true, ema_momentum: 0.8 }');
const sgd = optimizer('{ type: SGD, learning_rate: 0.3, momentum: 0.9 }');

for (const [name, createBackend] of Object.entries(trainingBackends)) {
  describe(`gathered gradients and averaged weights on ${name}`, function () {
    this.timeout(60_000);
    const projects: TinyProject[] = [];
    const make = (edit: (yaml: string) => string, epochs = 6): TinyProject => {
      const project = createTinyProject({ epochs, edit });
      projects.push(project);
      return project;
    };
    afterEach(() => projects.splice(0).forEach((project) => project.remove()));
    const tensorsOf = async (directory: string, kind: 'best' | 'last') =>
      (await loadCheckpoint(directory, kind))?.tensors ?? [];

    it('train like batches so many times larger', async () => {
      const large = make((yaml) => sgd(yaml).replace('batch_size: 8', 'batch_size: 30'));
      const small = make((yaml) =>
        sgd(yaml).replace('batch_size: 8', 'batch_size: 5\n  gradient_accumulation_steps: 6'),
      );
      const [a, b] = [await train(large, { createBackend }), await train(small, { createBackend })];
      assert.deepEqual([a.end.step, b.end.step], [6, 36]);
      const [whole, gathered] = await Promise.all(
        [a, b].map(({ run }) => tensorsOf(run.info.directory, 'last')),
      );
      for (const { name: tensor, values } of withPrefix(whole!, 'model/')) {
        const own = gathered!.find((each) => each.name === `model/${tensor}`)!;
        assertClose(Array.from(own.values), Array.from(values), { relative: 1e-5 });
      }
      assertClose([b.epochs[0]!.loss], [a.epochs[0]!.loss], { relative: 1e-5 });
    });

    it('refuse a training that is over before the first update', async () => {
      const project = make((yaml) =>
        yaml.replace('batch_size: 8', 'batch_size: 30\n  gradient_accumulation_steps: 7'),
      );
      await assert.rejects(train(project, { createBackend }), (error: Error) =>
        JSON.stringify(error).includes(
          'one update takes 7 steps, and the training has only 6: no weight would change',
        ),
      );
    });

    it('end with the averages as the weights, and keep the others to go on from', async () => {
      const { run, end, epochs } = await train(make(averaging), { createBackend });
      const { directory } = run.info;
      const [best, last] = [await tensorsOf(directory, 'best'), await tensorsOf(directory, 'last')];
      const values = (tensors: typeof best, tensor: string) =>
        Array.from(tensors.find((each) => each.name === tensor)!.values);
      for (const { name: tensor } of run.tensors) {
        const average = values(last, `optimizer/${tensor}/average`);
        assert.deepEqual(values(best, `model/${tensor}`), average);
        assert.deepEqual(Array.from((await run.readTensor(tensor)).values), average);
        assert.notDeepEqual(values(last, `model/${tensor}`), average);
      }
      const { loss, verdict } = await evaluateRun({ directory, createBackend });
      assert.notEqual(loss, epochs.at(-1)!.val_loss);
      assert.equal(verdict, end.verdict);
    });

    it('leave a run that is stopped with its last weights, also after it had ended once', async () => {
      const project = make(averaging, 2);
      const { run } = await train(project, { createBackend });
      const { directory } = run.info;
      assert.ok((await tensorsOf(directory, 'best')).length > 0);
      await resume(directory, { createBackend, epochs: 4, stopAt: 12 });
      assert.equal(await loadCheckpoint(directory, 'best'), null);
    });

    it('go on as if the run had been longer from the start', async () => {
      const short = await train(make(averaging, 2), { createBackend });
      const { directory } = short.run.info;
      await resume(directory, { createBackend, epochs: 5 });
      const whole = await train(make(averaging, 5), { createBackend });
      const wholeBest = await tensorsOf(whole.run.info.directory, 'best');
      assert.deepEqual(await tensorsOf(directory, 'best'), wholeBest);
    });
  });
}
