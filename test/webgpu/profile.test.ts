/** Where a training step goes on a GPU, by its own clock; and the memory that it takes. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { createWebgpuBackend } from '../../src/core/backends/webgpu/webgpuBackend.ts';
import { leastLimits } from '../../src/core/codegen/wgsl/plan.ts';
import { openSource } from '../../src/core/train/profile/openSource.ts';
import { profileStep } from '../../src/core/train/profile/profileStep.ts';
import { startRun } from '../../src/core/train/run.ts';
import { isError } from '../../src/shared/errors.ts';
import { describeOnGpu } from '../kit/gpu.ts';
import { createTinyProject } from '../kit/tinyProject.ts';

await describeOnGpu('a training step', (adapter) => {
  it('is told kernel by kernel, with layers, work and memory', async function () {
    this.timeout(120_000);
    const file = path.resolve('samples/penguins/penguins.train.yaml');
    const createBackend = () => createWebgpuBackend({ adapter });
    const { backend, prepared, start } = await openSource({ source: { file } }, { createBackend });
    const profile = await profileStep(backend, prepared, start, {
      seconds: 0.4,
      onProgress: () => undefined,
    });
    backend.destroy();
    const { kernels, memory, backend: name, kernelMilliseconds } = profile;
    assert.equal(name, 'webgpu');
    assert.ok(kernels.length > 5 && kernelMilliseconds > 0);
    assert.ok(kernels.some(({ milliseconds }) => milliseconds > 0));
    const layers = new Set(kernels.flatMap(({ origins }) => origins.map(({ layer }) => layer)));
    for (const { name: layer } of prepared.model.summary.layers) {
      assert.ok(layers.has(layer), `${layer} of ${[...layers].join(', ')}`);
    }
    const products = kernels.filter(({ ops }) => ops.includes('matmul'));
    // Forward: 2 * 20 rows * inputs * units of each of three layers; backward about twice that.
    const forward = 2 * 20 * (5 * 10 + 10 * 10 + 10 * 3);
    const counted = products.reduce((sum, { operations }) => sum + operations, 0);
    assert.ok(counted > 2 * forward && counted < 6 * forward, `${counted} for ${forward}`);
    assert.ok(memory !== null && memory.data > 957 * 5 * 4 && memory.total >= memory.data);
  });

  it('that needs more memory than a program can have is refused with a batch that fits', async () => {
    const wide = (yaml: string) =>
      yaml.replace(/units: \d+/, 'units: 4096').replace(/batch_size: \d+/, 'batch_size: 1024');
    const project = createTinyProject({ rows: 4000, edit: wide });
    const small = { maxStorageBufferBindingSize: 2 ** 22, maxStorageBuffersPerShaderStage: 4 };
    const limits = { ...leastLimits, ...small };
    const createBackend = () => createWebgpuBackend({ adapter, limits });
    const run = startRun({ file: project.config, createBackend });
    await assert.rejects(run, (error) => {
      assert.ok(isError(error, 'device.outOfMemory'), String(error));
      const [, batch] = /batch_size (\d+) fits/.exec(String(error)) ?? [];
      assert.ok(Number(batch) >= 1 && Number(batch) < 1024, String(error));
      return true;
    });
    project.remove();
  });
});
