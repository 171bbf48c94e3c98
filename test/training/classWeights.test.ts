/** Class weights in whole runs: with a rate of 0 the first loss of an epoch tells them. */
import assert from 'node:assert/strict';
import { createTinyProject } from '../kit/tinyProject.ts';
import { train, trainingBackends } from '../kit/trainRun.ts';
import { assertClose } from '../kit/close.ts';

const createBackend = trainingBackends.wasm;

/** Loss of the training rows, of the validation rows. */
async function lossesWith(keys: string): Promise<readonly [number, number]> {
  const project = createTinyProject({
    rows: 40,
    epochs: 1,
    edit: (yaml) =>
      yaml.replace(
        '{ type: Adam, learning_rate: 0.05 }',
        `{ type: SGD, learning_rate: 0 }\n  ${keys}`,
      ),
  });
  try {
    const { epochs } = await train(project, { createBackend });
    return [epochs[0]!.loss, epochs[0]!.val_loss!];
  } finally {
    project.remove();
  }
}

describe('class weights', function () {
  this.timeout(60_000);

  it('multiply the loss of the training rows of their class, and add up over the classes', async () => {
    const [plain, validation] = await lossesWith('shuffle: false');
    const [zeros, same] = await lossesWith('shuffle: false\n  class_weight: { 0: 3, 1: 0 }');
    const [ones] = await lossesWith('shuffle: false\n  class_weight: { 0: 0, 1: 3 }');
    const [doubled] = await lossesWith('shuffle: false\n  class_weight: { 0: 2, 1: 2 }');
    assert.ok(zeros > 0 && ones > 0 && zeros !== ones);
    assertClose([zeros + ones, doubled], [3 * plain, 2 * plain], { relative: 1e-6 });
    assert.equal(same, validation);
  });

  it('count as shares with the conventions of PyTorch', async () => {
    const torch = 'shuffle: false\n  conventions: pytorch';
    const [plain] = await lossesWith(torch);
    const [doubled] = await lossesWith(`${torch}\n  class_weight: { 0: 2, 1: 2 }`);
    assertClose([doubled], [plain], { relative: 1e-6 });
  });

  it('of a class that is not there are an error', async () => {
    await assert.rejects(lossesWith('class_weight: { 2: 1 }'), (error: Error) =>
      /no class is called `2`/.test(JSON.stringify(error) + error.message),
    );
  });
});
