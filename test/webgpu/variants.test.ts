/** Kernels are picked among variants with the same bits, and what was measured is kept. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Measurements } from '../../src/core/backends/measurements.ts';
import { chooseAdapter } from '../../src/core/backends/webgpu/openAdapter.ts';
import { WebgpuDevice } from '../../src/core/backends/webgpu/device.ts';
import { createExecutable } from '../../src/core/backends/webgpu/executable.ts';
import { generateWgsl } from '../../src/core/codegen/wgsl/generate.ts';
import type { Dispatch, PlanLimits, WgslPlan } from '../../src/core/codegen/wgsl/plan.ts';
import { Builder } from '../../src/core/ir/builder.ts';
import { describeOnGpu } from '../kit/gpu.ts';
import { withVariant } from '../kit/planVariants.ts';
import { temporaryFolder } from '../kit/temporaryFolder.ts';

interface Traits {
  readonly limits: PlanLimits;
  readonly hasHalf: boolean;
}

/** Products by tiles: one of float32, one whose sum is cut into parts, one whose factors float16 holds. */
function products({ limits, hasHalf }: Traits): WgslPlan {
  const b = new Builder();
  const side = (name: string, shape: readonly number[]) =>
    b.load(b.buffer(name, 'state', 'f32', shape));
  const wide = b.matmul(side('a', [70, 130]), side('b', [130, 100]));
  const long = b.matmul(side('c', [20, 3000]), side('d', [3000, 24]));
  const half = b.withHalfFactors(() => b.matmul(side('a', [70, 130]), side('b', [130, 100])));
  const program = b.program('products', [
    {
      name: 'all',
      count: 1,
      stores: [
        b.assign(b.buffer('wide', 'state', 'f32', [70, 100]), wide),
        b.assign(b.buffer('long', 'state', 'f32', [20, 24]), long),
        b.assign(b.buffer('half', 'state', 'f32', [70, 100]), half),
      ],
    },
  ]);
  return generateWgsl(program, { join: false, limits, features: { half: hasHalf } });
}

function choices({ loops }: WgslPlan): NonNullable<Dispatch['choice']>[] {
  return loops.flatMap(({ dispatches }) => dispatches.flatMap(({ choice }) => choice ?? []));
}

await describeOnGpu('variants of kernels', (adapter) => {
  const folder = temporaryFolder();

  async function traits(): Promise<Traits> {
    const { adapter: found } = await chooseAdapter(adapter);
    return { limits: found.limits, hasHalf: found.features.has('shader-f16') };
  }

  async function results(
    plan: WgslPlan,
    measurements: Measurements | null,
  ): Promise<{ values: number[][]; text: string }> {
    const owner = await WebgpuDevice.open((await chooseAdapter(adapter)).adapter);
    const tuning = measurements === null ? null : { measurements, device: adapter };
    const executable = await createExecutable(owner, plan, tuning);
    for (const [name, count] of [
      ['a', 70 * 130],
      ['b', 130 * 100],
      ['c', 20 * 3000],
      ['d', 3000 * 24],
    ] as const) {
      executable.write(
        name,
        Float32Array.from({ length: count }, (_, i) => Math.sin(i) / 3),
      );
    }
    await executable.run('all', 0, 1);
    const values = await Promise.all(['wide', 'long', 'half'].map((name) => executable.read(name)));
    const text = executable.describe();
    executable.destroy();
    owner.destroy();
    return { values: values.map((list) => [...list]), text };
  }

  it('have the same bits', async function () {
    this.timeout(120_000);
    const plan = products(await traits());
    assert.ok(choices(plan).length >= 3);
    const names = choices(plan).flatMap(({ variants }) => variants.map(({ name }) => name));
    assert.ok(names.includes('128x128'), names.join());
    assert.equal(names.includes('64x64 of float16'), (await traits()).hasHalf);
    const { values: expected } = await results(plan, null);
    const most = Math.max(...choices(plan).map(({ variants }) => variants.length));
    for (let index = 1; index < most; index++) {
      const { values } = await results(withVariant(plan, index), null);
      assert.deepEqual(values, expected, `variant ${index}`);
    }
  });

  it('are measured once, and kept by adapter and shape', async function () {
    this.timeout(120_000);
    const file = path.join(folder(), 'kernels.json');
    mkdirSync(path.dirname(file), { recursive: true });
    const plan = products(await traits());
    const plain = await results(plan, null);
    const picked = await results(plan, new Measurements(file));
    assert.deepEqual(picked.values, plain.values);
    const kept = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
    for (const { shape, variants } of choices(plan)) {
      const name = kept[`${adapter} | ${shape}`];
      assert.ok(
        variants.some((variant) => variant.name === name),
        `${shape}: ${name}`,
      );
    }
    // What is kept is taken without a look at the clock, even where nobody would have picked it.
    const [first] = choices(plan);
    const slow = new Measurements(null);
    slow.add(
      new Map(
        choices(plan).map(({ shape, variants }) => [
          `${adapter} | ${shape}`,
          variants.at(-1)!.name,
        ]),
      ),
    );
    const { text } = await results(plan, slow);
    assert.match(text, new RegExp(`by ${first!.variants.at(-1)!.name}`));
  });

  it('with other bits are never taken', async function () {
    this.timeout(120_000);
    const plan = products(await traits());
    const wrong = (code: string) => code.replace(/\+= ([\w.]+) \* (\w+);/, '+= $1 * $2 * 2f;');
    const loops = plan.loops.map((loop) => ({
      ...loop,
      dispatches: loop.dispatches.map((d) => {
        if (d.choice === undefined) return d;
        const [first, second] = d.choice.variants;
        const broken = { ...second!, name: 'broken', code: wrong(second!.code) };
        assert.notEqual(broken.code, second!.code);
        return { ...d, choice: { ...d.choice, variants: [first!, broken] } };
      }),
    }));
    const measurements = new Measurements(null);
    const { text } = await results({ ...plan, loops }, measurements);
    assert.doesNotMatch(text, /by broken/);
    const [first, ...rest] = choices(plan).map(({ shape, variants }) => {
      return { taken: measurements.get(`${adapter} | ${shape}`), first: variants[0]!.name };
    });
    assert.equal(first!.taken, first!.first);
    // There is time for so many measurements only.
    for (const { taken, first: name } of rest) assert.ok(taken === undefined || taken === name);
  });
});
