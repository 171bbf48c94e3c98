/** Data larger than what a program can bind, or than the device's memory, by limits far below what the device has. */
import assert from 'node:assert/strict';
import type { Backend } from '../../src/core/backends/backend.ts';
import { FreeMemory } from '../../src/core/backends/webgpu/freeMemory.ts';
import {
  type WebgpuOptions,
  createWebgpuBackend,
} from '../../src/core/backends/webgpu/webgpuBackend.ts';
import { leastLimits } from '../../src/core/codegen/wgsl/plan.ts';
import { crossTrain, crossTraining } from '../kit/crossTraining.ts';
import { describeOnGpu } from '../kit/gpu.ts';

/** Tells the memory of what it compiles. */
function measured(backend: Backend, tell: (bytes: number) => void): Backend {
  return {
    ...backend,
    async compile(program) {
      const executable = await backend.compile(program);
      tell(executable.memory!.total);
      return executable;
    },
  };
}

/** Lets a training have so many bytes: by what it can bind, or by what the device has. */
const scarcities: Readonly<Record<string, (bytes: number) => WebgpuOptions>> = {
  bindings: (bytes) => {
    const binding = 2 ** 17;
    const small = {
      maxStorageBufferBindingSize: binding,
      maxStorageBuffersPerShaderStage: Math.floor(bytes / binding),
    };
    return { limits: { ...leastLimits, ...small } };
  },
  memory: (bytes) => {
    const memory = new FreeMemory((wanted) => Promise.resolve(wanted <= bytes), 0);
    return { limits: leastLimits, memory };
  },
};

await describeOnGpu('data larger than what a GPU has', (adapter) => {
  for (const [shuffle, scarce] of [
    [true, 'bindings'],
    [false, 'memory'],
  ] as const) {
    it(`of ${scarce} stream ${shuffle ? 'in the order of the epoch' : 'as they are'}, with the same bits`, async function () {
      this.timeout(120_000);
      // 320 images of 3 KiB are most of what this training needs.
      const edit = (yaml: string) =>
        yaml.replace('  batch_size:', `  shuffle: ${shuffle}\n  batch_size:`);
      const training = crossTraining({
        sample: 'cifar10-net/cifar10-net.train.yaml',
        batchSize: 8,
        reduced: true,
        stepsPerEpoch: 40,
        edit,
      });
      const sizes: number[] = [];
      const train = async (options: WebgpuOptions) => {
        const backend = await createWebgpuBackend({ adapter, ...options });
        return crossTrain(
          measured(backend, (bytes) => sizes.push(bytes)),
          training,
        );
      };
      const resident = await train({ limits: leastLimits });
      const streamed = await train(scarcities[scarce]!(0.8 * sizes[0]!));
      assert.deepEqual(streamed, resident);
      assert.ok(sizes[1]! < 0.8 * sizes[0]!, `${sizes[1]} of ${sizes[0]} bytes`);
    });
  }
});
