/** Trainings on a GPU against the float64 reference, PyTorch and the CPU engine, with the CPU engine's tolerances. */
import assert from 'node:assert/strict';
import path from 'node:path';
import type { Executable } from '../../src/core/backends/backend.ts';
import { createReferenceBackend } from '../../src/core/backends/reference/referenceBackend.ts';
import { createWebgpuBackend } from '../../src/core/backends/webgpu/webgpuBackend.ts';
import { predictRun } from '../../src/core/train/predictRun.ts';
import { startRun } from '../../src/core/train/run.ts';
import type { EpochRecord } from '../../src/shared/protocol/core.ts';
import { assertClose } from '../kit/close.ts';
import { describeOnGpu } from '../kit/gpu.ts';
import { checkGradients, followTrace, largestError, storedTraces } from '../kit/imageTraces.ts';
import { checkFirstGradients, checkFirstLosses } from '../kit/penguinsTrace.ts';
import { temporaryFolder } from '../kit/temporaryFolder.ts';
import { tolerances } from '../kit/tolerance.ts';
import { trainingBackends } from '../kit/trainRun.ts';
import { fillW1, runW1Epoch, w1Program } from '../kit/w1Program.ts';

const w1Names = ['train/loss', 'validation/loss', 'fc1/kernel', 'fc3/bias'];

async function w1Results(executable: Executable, epochs: number): Promise<number[][]> {
  const w1 = w1Program();
  fillW1(executable);
  for (let epoch = 0; epoch < epochs; epoch++) await runW1Epoch(executable, w1);
  const values = await Promise.all(w1Names.map((name) => executable.read(name)));
  executable.destroy();
  return values.map((list) => [...list]);
}

await describeOnGpu('training', (adapter) => {
  const folder = temporaryFolder();
  const createBackend = () => createWebgpuBackend({ adapter });

  it('of W1 follows the reference', async function () {
    this.timeout(120_000);
    const { program } = w1Program();
    const backend = await createBackend();
    const actual = await w1Results(await backend.compile(program), 3);
    backend.destroy();
    const expected = await w1Results(await createReferenceBackend().compile(program), 3);
    actual.forEach((values, i) => assertClose(values, expected[i]!, tolerances.training));
  });

  it('of W1 has PyTorch’s gradients and first 200 losses', async function () {
    this.timeout(120_000);
    await checkFirstGradients({ createBackend, folder: folder() }, 1e-5);
    await checkFirstLosses({ createBackend, folder: folder() });
  });

  it('of W1 in workgroup memory has the bits of many dispatches, and the loss of every step', async function () {
    this.timeout(240_000);
    // A GPU in software takes long to compile each of the loops into one shader.
    const [train] = w1Program().program.loops;
    const program = { ...w1Program().program, loops: [train!] };
    const results: number[][][] = [];
    const codes: string[] = [];
    for (const join of [true, false]) {
      const backend = await createWebgpuBackend({ adapter, join });
      const executable = await backend.compile(program);
      codes.push(executable.describe());
      fillW1(executable);
      for (let epoch = 0; epoch < 3; epoch++) await executable.run('train', 0, train!.count);
      const names = ['train/loss', 'fc1/kernel', 'fc3/bias', 'step'];
      const values = await Promise.all(names.map((name) => executable.read(name)));
      results.push(values.map((list) => [...list]));
      backend.destroy();
    }
    const [own, many] = results;
    assert.deepEqual(own, many);
    const losses = own![0]!;
    assert.equal(losses.length, train!.count);
    assert.ok(losses.every((loss) => loss > 0.5 && loss < 2) && losses.at(-1)! < losses[0]!);
    assert.deepEqual(own![3], [3 * train!.count]);
    const isOwn = codes.map((code) => code.includes('var<workgroup> own'));
    assert.deepEqual(isOwn, [true, false]);
  });

  for (const name of ['w2 reduced', 'w3 reduced'] as const) {
    it(`of ${name} follows PyTorch`, async function () {
      this.timeout(280_000);
      const backend = await createBackend();
      const { losses, gradients } = await followTrace(backend, name);
      backend.destroy();
      const { float64, float32 } = storedTraces[name]!;
      checkGradients(gradients, float64, 1e-4);
      const error = largestError(losses, float64.losses);
      const theirs = largestError(float32, float64.losses);
      const allowed = name === 'w2 reduced' ? 1e-6 : 3 * theirs;
      assert.ok(error <= allowed, `losses are off by ${error}, PyTorch in float32 by ${theirs}`);
    });
  }

  for (const [sample, epochs] of [
    ['penguins', 20],
    ['digits', 2],
  ] as const) {
    it(`of samples/${sample} goes as on the CPU`, async function () {
      this.timeout(120_000);
      const file = path.resolve(`samples/${sample}/${sample}.train.yaml`);
      const train = async (backend: typeof trainingBackends.wasm) => {
        const overrides = { epochs, outputDirectory: folder() };
        const run = await startRun({ file, overrides, createBackend: backend });
        const records: EpochRecord[] = [];
        run.onEvent((event) => event.kind === 'epochs' && records.push(...event.records));
        assert.equal((await run.done).status, 'completed');
        return { run, records };
      };
      const [gpu, cpu] = [await train(createBackend), await train(trainingBackends.wasm)];
      const losses = ({ records }: typeof gpu) => records.flatMap((r) => [r.loss, r.val_loss!]);
      assertClose(losses(gpu), losses(cpu), tolerances.training);
      assert.equal(gpu.run.info.backend, 'webgpu');
      assert.ok(gpu.run.info.device.includes(adapter), gpu.run.info.device);
    });
  }

  it('leaves a run that predicts on the GPU', async function () {
    this.timeout(60_000);
    const file = path.resolve('samples/penguins/penguins.train.yaml');
    const overrides = { epochs: 30, outputDirectory: folder() };
    const run = await startRun({ file, overrides, createBackend });
    await run.done;
    const { directory } = run.info;
    const penguin = { CulmenLength: 50.4, CulmenDepth: 15.3, FlipperLength: 200, BodyMass: 5000 };
    const rows = [{ Island: 1, ...penguin }];
    const [gpu] = await predictRun({ directory, createBackend, rows });
    const [cpu] = await predictRun({ directory, createBackend: trainingBackends.wasm, rows });
    assert.equal(gpu!.class, cpu!.class);
  });
});
