/** What subgroups compute: long sums in the same order as without, and products by subgroup matrices. */
import assert from 'node:assert/strict';
import { createExecutable } from '../../src/core/backends/webgpu/executable.ts';
import { chooseAdapter } from '../../src/core/backends/webgpu/openAdapter.ts';
import { WebgpuDevice } from '../../src/core/backends/webgpu/device.ts';
import { generateWgsl } from '../../src/core/codegen/wgsl/generate.ts';
import { type PlanFeatures, type WgslPlan, leastLimits } from '../../src/core/codegen/wgsl/plan.ts';
import { Builder } from '../../src/core/ir/builder.ts';
import type { Program } from '../../src/core/ir/program.ts';
import { assertClose } from '../kit/close.ts';
import { describeOnGpu } from '../kit/gpu.ts';
import { matricesInSoftware } from '../kit/matricesInSoftware.ts';
import { withVariant } from '../kit/planVariants.ts';
import { tolerances } from '../kit/tolerance.ts';

const outputs = ['rows', 'all', 'largest'] as const;

/** Long rows: their means and what follows from them, the mean of all (in parts), and an extreme. */
function longRows(): Program {
  const b = new Builder();
  const x = b.load(b.buffer('x', 'state', 'f32', [5, 1000]));
  const state = (name: string, shape: readonly number[]) => b.buffer(name, 'state', 'f32', shape);
  return b.program('rows', [
    {
      name: 'all',
      count: 1,
      stores: [
        b.assign(state('rows', [5]), b.unary('sqrt', b.unary('abs', b.reduce('sum', x, [1])))),
        b.assign(state('all', []), b.div(b.reduce('sum', b.mul(x, x)), 5000)),
        b.assign(state('largest', [5]), b.reduce('max', x, [1])),
      ],
    },
  ]);
}

/** Matrix products of float16: wide, and with a long sum that is cut into parts. */
function products(): Program {
  const b = new Builder();
  const side = (name: string, shape: readonly number[]) =>
    b.load(b.buffer(name, 'state', 'f32', shape));
  const multiply = () => [
    b.matmul(side('a', [70, 80]), side('b', [80, 100])),
    b.matmul(side('d', [270, 40]), side('e', [270, 70]), { transposeA: true }),
  ];
  const stores = b
    .withHalfFactors(multiply)
    .map((value, i) =>
      b.assign(b.buffer(`out${i}`, 'state', 'f32', value.type.shape), b.add(value, 1)),
    );
  return b.program('products', [{ name: 'all', count: 1, stores }]);
}

await describeOnGpu('subgroups', (adapter) => {
  let owner: WebgpuDevice;
  before(async () => {
    owner = await WebgpuDevice.open((await chooseAdapter(adapter)).adapter);
  });
  after(() => owner.destroy());

  async function results(plan: WgslPlan, names: readonly string[]): Promise<number[][]> {
    const executable = await createExecutable(owner, plan, null);
    for (const [name, { type }] of plan.buffers) {
      if (names.includes(name)) continue;
      const count = type.shape.reduce((a, n) => a * n, 1);
      executable.write(
        name,
        Float32Array.from({ length: count }, (_, i) => Math.sin(i * i) / 3 + 0.01),
      );
    }
    await executable.run('all', 0, 1);
    const values = await Promise.all(names.map((name) => executable.read(name)));
    executable.destroy();
    return values.map((list) => [...list]);
  }

  it('fold long rows to the bits of memory, and of one invocation', async function () {
    this.timeout(60_000);
    if (owner.features.subgroup < 2) this.skip();
    const plan = generateWgsl(longRows(), { join: false, features: owner.features });
    const choices = plan.loops[0]!.dispatches.map(
      ({ choice }) => choice?.variants.map(({ name }) => name) ?? [],
    );
    assert.ok(choices.filter((names) => names.join() === 'memory,subgroups').length >= 4);
    const [memory, subgroups] = await Promise.all(
      [0, 1].map((index) => results(withVariant(plan, index), outputs)),
    );
    assert.deepEqual(subgroups, memory);
    const alone = generateWgsl(longRows(), { join: true });
    assert.equal(alone.loops[0]!.fused, true);
    assert.deepEqual(await results(alone, outputs), memory);
    const x = Array.from({ length: 5000 }, (_, i) => Math.fround(Math.sin(i * i) / 3 + 0.01));
    const rows = Array.from({ length: 5 }, (_, row) => x.slice(1000 * row, 1000 * (row + 1)));
    const sum = (list: readonly number[]) => list.reduce((a, b) => a + b, 0);
    const expected = [
      rows.map((row) => Math.sqrt(Math.abs(sum(row)))),
      [sum(x.map((v) => v * v)) / 5000],
      rows.map((row) => Math.max(...row)),
    ];
    memory!.forEach((values, i) => assertClose(values, expected[i]!, tolerances.sum));
  });

  // No device here has subgroup matrices: each invocation plays a subgroup, which has a block of 2 x 1 small ones.
  it('multiply by matrices as without them', async function () {
    this.timeout(120_000);
    const size = { m: 2, n: 4, k: 16 };
    // Room for slices of 16 terms, which take twice as much in software.
    const limits = { ...leastLimits, maxComputeWorkgroupStorageSize: 20 * 1024 };
    const features: Partial<PlanFeatures> = { half: true, matrix: { ...size, subgroup: 1 } };
    const plan = generateWgsl(products(), { join: false, features, limits });
    const names = ['out0', 'out1'];
    const played = matricesInSoftware(plan, size);
    const replaced = played.loops[0]!.dispatches.filter(({ code }, i) => {
      return code !== plan.loops[0]!.dispatches[i]!.code;
    });
    assert.equal(replaced.length, names.length);
    const expected = await results(generateWgsl(products(), { join: false }), names);
    const actual = await results(played, names);
    actual.forEach((values, i) => assertClose(values, expected[i]!, tolerances.composite));
  });
});
