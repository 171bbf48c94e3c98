import assert from 'node:assert/strict';
import { createWebgpuBackend } from '../../src/core/backends/webgpu/webgpuBackend.ts';
import { leastLimits } from '../../src/core/codegen/wgsl/plan.ts';
import { runCase } from '../conformance/caseProgram.ts';
import { compositeCases } from '../conformance/cases/composite.ts';
import { conformance } from '../conformance/conformance.ts';
import { describeOnGpu } from '../kit/gpu.ts';

const small = ['dense layer with relu, 7 rows', 'layer normalization', 'mean over a mask'];

await describeOnGpu('the op table', (adapter) => {
  conformance('webgpu', () => createWebgpuBackend({ adapter, join: false }));

  for (const op of compositeCases.filter(({ name }) => small.includes(name))) {
    it(`${op.name}: one workgroup that runs all gives the bits of many dispatches`, async () => {
      const results = [];
      const inBuffers = { ...leastLimits, maxComputeWorkgroupStorageSize: 0 };
      for (const form of [{ join: false }, { join: true }, { join: true, limits: inBuffers }]) {
        const backend = await createWebgpuBackend({ adapter, ...form });
        results.push(await runCase(backend, op));
        backend.destroy();
      }
      assert.deepEqual(results[1], results[0]);
      assert.deepEqual(results[2], results[0]);
    });
  }
});
