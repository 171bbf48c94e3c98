/** `precision: mixed`: one meaning on all backends, near float32, and resumed as if never interrupted. */
import assert from 'node:assert/strict';
import { Builder } from '../../src/core/ir/builder.ts';
import { loopNodes } from '../../src/core/ir/traverse.ts';
import { prepareTraining } from '../../src/core/train/prepareTraining.ts';
import { buildEpochProgram } from '../../src/core/train/epochProgram.ts';
import { readConfig } from '../../src/core/train/readConfig.ts';
import { assertClose } from '../kit/close.ts';
import { createTinyProject, type TinyProject } from '../kit/tinyProject.ts';
import { lastState, resume, train, trainingBackends } from '../kit/trainRun.ts';

const mixed = (yaml: string) => yaml.replace('training:\n', 'training:\n  precision: mixed\n');
const products = ['matmul', 'conv2d', 'conv2dInputGrad', 'conv2dFilterGrad'];

describe('mixed precision', function () {
  this.timeout(60_000);
  const projects: TinyProject[] = [];
  const make = (edit: (yaml: string) => string) => {
    const project = createTinyProject({ epochs: 3, edit });
    projects.push(project);
    return project;
  };
  afterEach(() => projects.splice(0).forEach((project) => project.remove()));

  it('rounds both factors of every product of a training step, and none of validation', async () => {
    const { config } = make(mixed);
    const options = { text: await readConfig(config), file: config, configFile: config };
    const { prepared } = await prepareTraining(options);
    const { program } = buildEpochProgram(prepared!.task);
    const rounded = program.loops.flatMap((loop) =>
      loopNodes(loop)
        .filter(({ op }) => products.includes(op.kind))
        .flatMap(({ args }) => args)
        .map(({ op }) => [loop.name.split('/')[0], op.kind === 'unary' && op.fn === 'float16']),
    );
    assert.ok(rounded.some(([loop]) => loop === 'train'));
    assert.ok(rounded.some(([loop]) => loop === 'validation'));
    for (const [loop, isRounded] of rounded) assert.equal(isRounded, loop === 'train');
  });

  it('gives nearly the losses of float32, but not the same', async () => {
    const losses = async (edit: (yaml: string) => string) => {
      const { epochs } = await train(make(edit), { createBackend: trainingBackends.wasm });
      return epochs.map(({ loss }) => loss);
    };
    const [half, full] = [await losses(mixed), await losses((yaml) => yaml)];
    assert.notDeepEqual(half, full);
    assertClose(half, full, { relative: 5e-3, absolute: 5e-4 });
  });

  it('means the same on wasm and the reference', async () => {
    const losses = async (createBackend: typeof trainingBackends.wasm) => {
      const { epochs } = await train(make(mixed), { createBackend });
      return epochs.map(({ loss }) => loss);
    };
    const [wasm, reference] = [
      await losses(trainingBackends.wasm),
      await losses(trainingBackends.reference),
    ];
    // A sum that differs in its last bit may be rounded to the other neighbour in float16.
    assertClose(wasm, reference, { relative: 1e-3, absolute: 1e-4 });
  });

  for (const createBackend of Object.values(trainingBackends)) {
    it('is resumed to the bits of the uninterrupted run', async () => {
      const project = make(mixed);
      const whole = await train(project, { createBackend });
      const part = await train(project, { createBackend, stopAt: 5 });
      const { directory } = part.run.info;
      await resume(directory, { createBackend });
      const [resumed, uninterrupted] = [
        await lastState(directory),
        await lastState(whole.run.info.directory),
      ];
      assert.deepEqual(resumed, uninterrupted);
      assert.ok(JSON.stringify(resumed).includes('optimizer/loss_scale/scale'));
    });
  }

  it('leaves products alone outside of its scope', () => {
    const b = new Builder();
    const x = b.load(b.buffer('x', 'data', 'f32', [2, 2]));
    const inside = b.withHalfFactors(() => b.matmul(x, x));
    assert.equal(inside.args[0]!.op.kind, 'unary');
    assert.equal(b.matmul(x, x).args[0], x);
  });
});
