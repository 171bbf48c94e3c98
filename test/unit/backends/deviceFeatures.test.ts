/** Which features of an adapter generated code may use. */
import assert from 'node:assert/strict';
import {
  type SubgroupMatrixConfig,
  choicesOf,
  chosenFeatures,
  planFeatures,
} from '../../../src/core/backends/webgpu/deviceFeatures.ts';

const all = new Set(['shader-f16', 'subgroups', 'chromium-experimental-subgroup-matrix']);
const config = (componentType: string, resultComponentType: string, sizes: number[]) => {
  const [M = 0, N = 0, K = 0] = sizes;
  return { componentType, resultComponentType, M, N, K } satisfies SubgroupMatrixConfig;
};
const configs = [
  config('i8', 'i32', [16, 16, 32]),
  config('f16', 'f16', [16, 16, 16]),
  config('f16', 'f32', [24, 16, 16]),
  config('f16', 'f32', [16, 8, 16]),
  config('f16', 'f32', [16, 16, 16]),
];
const info = { subgroupMinSize: 32, subgroupMaxSize: 32, subgroupMatrixConfigs: configs };

describe('the features of a device', () => {
  it('are none of a plain one', () => {
    const none = { half: false, subgroup: 0, matrix: null };
    assert.deepEqual(planFeatures(new Set(), info), none);
    assert.deepEqual(planFeatures(new Set(['subgroups']), {}), none);
  });

  it('have the first subgroup matrix of float16 that tiles are made of', () => {
    const matrix = { m: 16, n: 8, k: 16, subgroup: 32 };
    assert.deepEqual(planFeatures(all, info), { half: true, subgroup: 32, matrix });
  });

  it('have no subgroup matrix where subgroups vary in size, or float16 or the feature is missing', () => {
    assert.equal(planFeatures(all, { ...info, subgroupMaxSize: 64 }).matrix, null);
    for (const missing of ['shader-f16', 'chromium-experimental-subgroup-matrix']) {
      const some = new Set([...all].filter((name) => name !== missing));
      assert.equal(planFeatures(some, info).matrix, null);
    }
    assert.equal(planFeatures(all, { ...info, subgroupMatrixConfigs: [] }).matrix, null);
  });

  it('that change bits are recorded, and a run goes on as it began', () => {
    const features = planFeatures(all, info);
    const choices = choicesOf(features);
    assert.deepEqual(choices, { products: 'subgroup matrices 16x8x16' });
    assert.deepEqual(choicesOf(planFeatures(new Set(), info)), {});
    assert.equal(chosenFeatures(features, undefined), features);
    assert.equal(chosenFeatures(features, choices), features);
    const plain = { ...features, matrix: null };
    assert.deepEqual(chosenFeatures(features, {}), plain);
    assert.deepEqual(chosenFeatures(plain, choices), plain);
  });
});
