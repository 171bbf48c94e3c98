/** Data larger than the device's memory, by limits far below what the device has. */
import assert from 'node:assert/strict';
import type { Backend } from '../../src/core/backends/backend.ts';
import { createWebgpuBackend } from '../../src/core/backends/webgpu/webgpuBackend.ts';
import { type PlanLimits, leastLimits } from '../../src/core/codegen/wgsl/plan.ts';
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

await describeOnGpu('data larger than the memory of a GPU', (adapter) => {
  for (const shuffle of [true, false]) {
    it(`stream ${shuffle ? 'in the order of the epoch' : 'as they are'}, with the same bits`, async function () {
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
      const train = async (limits: PlanLimits) => {
        const backend = await createWebgpuBackend({ adapter, limits });
        return crossTrain(
          measured(backend, (bytes) => sizes.push(bytes)),
          training,
        );
      };
      const resident = await train(leastLimits);
      const binding = 2 ** 17;
      const bindings = Math.floor((0.8 * sizes[0]!) / binding);
      const small = {
        maxStorageBufferBindingSize: binding,
        maxStorageBuffersPerShaderStage: bindings,
      };
      const streamed = await train({ ...leastLimits, ...small });
      assert.deepEqual(streamed, resident);
      assert.ok(sizes[1]! < 0.8 * sizes[0]!, `${sizes[1]} of ${sizes[0]} bytes`);
    });
  }
});
