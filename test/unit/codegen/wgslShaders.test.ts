/** Every shader that can be generated compiles, on Dawn's null adapter: no GPU and no driver is needed. */
import assert from 'node:assert/strict';
import { Pipelines } from '../../../src/core/backends/webgpu/pipelines.ts';
import { type GenerateOptions, generateWgsl } from '../../../src/core/codegen/wgsl/generate.ts';
import {
  type PlanLimits,
  type WgslPlan,
  leastLimits,
} from '../../../src/core/codegen/wgsl/plan.ts';
import { Builder } from '../../../src/core/ir/builder.ts';
import type { Program } from '../../../src/core/ir/program.ts';
import { simplify } from '../../../src/core/passes/simplify.ts';
import { unrollScans } from '../../../src/core/passes/unrollScans.ts';
import { caseProgram, gradientCase } from '../../conformance/caseProgram.ts';
import { ops } from '../../conformance/ops.ts';
import { imageNet, imageSize } from '../../bench/imageNets.ts';
import { nullDevice } from '../../kit/gpu.ts';
import { sampleProgram, sampleShapes } from '../../kit/samplePrograms.ts';
import { w1Program } from '../../kit/w1Program.ts';

function plan(program: Program, options: GenerateOptions = {}): WgslPlan {
  return generateWgsl(unrollScans(simplify(program)), options);
}

describe('WGSL', function () {
  this.timeout(120_000);
  let device: GPUDevice;
  before(async () => {
    device = await nullDevice();
  });
  after(() => device.destroy());

  /** With all variants. @returns how many there are */
  async function compile({ loops, segments }: WgslPlan): Promise<number> {
    const pipelines = new Pipelines(device, segments.length);
    const dispatches = loops.flatMap((loop) => loop.dispatches);
    const all = dispatches.flatMap((d) => [d, ...(d.choice?.variants ?? [])]);
    for (const shader of all) await pipelines.compile(shader);
    return all.length;
  }

  /** What the compiler says of code alone, whatever a pipeline of this device may have. */
  async function complaints(code: string): Promise<string[]> {
    device.pushErrorScope('validation');
    const { messages } = await device.createShaderModule({ code }).getCompilationInfo();
    await device.popErrorScope();
    return messages.map(({ lineNum, message }) => `${lineNum}: ${message}`);
  }

  for (const name of Object.keys(sampleShapes)) {
    it(`of samples/${name} compiles`, async () => {
      const program = sampleProgram(name);
      for (const options of [{}, { join: false }, { features: { half: true, subgroup: 8 } }]) {
        assert.ok((await compile(plan(program, options))) > 0);
      }
    });
  }

  for (const name of ['w2', 'w3'] as const) {
    it(`of ${name} compiles, with products by tiles`, async () => {
      const generated = plan(imageNet(name).program);
      await compile(generated);
      const codes = generated.loops.flatMap((loop) => loop.dispatches).map(({ code }) => code);
      assert.ok(codes.some((code) => code.includes('fn tile(')));
    });

    it(`of ${name} compiles in all variants, in mixed precision too`, async () => {
      const options = { features: { half: true } };
      const { loops, segments } = plan(imageNet(name, imageSize(name), 'mixed').program, options);
      const pipelines = new Pipelines(device, segments.length);
      const dispatches = loops.flatMap((loop) => loop.dispatches);
      const variants = dispatches.flatMap(({ choice }) => choice?.variants ?? []);
      assert.ok(variants.some(({ code }) => code.includes('enable f16;')));
      for (const variant of variants) await pipelines.compile(variant);
    });
  }

  for (const [m, n, k] of [
    [16, 16, 16],
    [16, 8, 16],
    [8, 8, 8],
  ] as const) {
    it(`multiplies float16 by subgroup matrices of ${m}x${n}x${k}`, async () => {
      const features = { half: true, subgroup: 32, matrix: { m, n, k, subgroup: 32 } };
      const limits = { ...leastLimits, maxComputeWorkgroupStorageSize: 48 * 1024 };
      const { program } = imageNet('w3', imageSize('w3'), 'mixed');
      const { loops } = plan(program, { features, limits });
      const variants = loops
        .flatMap((loop) => loop.dispatches)
        .flatMap((d) => d.choice?.variants ?? []);
      const matrices = variants.filter(({ code }) =>
        code.includes('subgroupMatrixMultiplyAccumulate'),
      );
      assert.ok(matrices.length >= 6, `${matrices.length} variants`);
      for (const { code, name } of matrices) assert.deepEqual(await complaints(code), [], name);
    });
  }

  it('folds long rows by shuffles as far as a subgroup reaches', async () => {
    const b = new Builder();
    const sum = b.reduce('sum', b.load(b.buffer('x', 'state', 'f32', [4, 100])), [1]);
    const stores = [b.assign(b.buffer('sums', 'state', 'f32', [4]), sum)];
    const program = b.program('rows', [{ name: 'all', count: 1, stores }]);
    for (const [subgroup, shuffles, exchanges] of [
      [0, [], 5],
      [8, [3], 2],
      [64, [5], 0],
    ] as const) {
      const { loops } = plan(program, { features: { subgroup }, join: false });
      const [dispatch] = loops[0]!.dispatches;
      const codes = dispatch!.choice?.variants.map(({ code }) => code) ?? [dispatch!.code];
      const counted = codes.map((code) => code.match(/subgroupShuffleXor/g)?.length ?? 0);
      assert.deepEqual(counted, [0, ...shuffles]);
      const stored = codes.at(-1)!.match(/team\[lane\] =/g)?.length ?? 0;
      assert.equal(stored, exchanges);
      for (const code of codes) assert.deepEqual(await complaints(code), []);
    }
  });

  it('of every case of the op table compiles, and of its gradients', async () => {
    const cases = ops.flatMap((op) => (op.differentiable ? [op, gradientCase(op)] : [op]));
    for (const op of cases) await compile(plan(caseProgram(op).program));
  });

  it('runs a small net in one dispatch for any number of steps', () => {
    const [train] = plan(w1Program().program).loops;
    assert.deepEqual([train!.fused, train!.dispatches.length], [true, 1]);
  });

  it('keeps the state of a small net in workgroup memory, and of a larger one in buffers', () => {
    const own = (limits: PlanLimits) =>
      plan(w1Program().program, { limits }).loops.map(({ dispatches: [d] }) => {
        const [, words] = /var<workgroup> own: array<u32, (\d+)>/.exec(d!.code) ?? [];
        return words === undefined ? null : 4 * Number(words);
      });
    const least = own(leastLimits);
    assert.equal(least.length, 4);
    for (const bytes of least) assert.ok(bytes !== null && bytes <= 2 ** 14, `${bytes} bytes`);
    const [most = 0] = least.map(Number).sort((a, b) => b - a);
    const [train] = own({ ...leastLimits, maxComputeWorkgroupStorageSize: most - 4 });
    assert.equal(train, null);
  });

  it('writes to buffers within a step of a small net only what it emits to columns', () => {
    const { loops, buffers } = plan(w1Program().program);
    const [dispatch] = loops[0]!.dispatches;
    const columns = [...buffers].filter(([name]) => name.startsWith('train/')).length;
    const parts = dispatch!.code.split('@compute')[0]!;
    const written = parts.match(/^ *memory\d+\[.*\] = /gm) ?? [];
    assert.ok(columns > 0 && written.length > 0 && written.length <= columns, `${written.length}`);
  });

  it('updates all parameters in one dispatch', () => {
    const { loops } = plan(imageNet('w2').program);
    const [train] = loops;
    const last = train!.dispatches.at(-1)!;
    assert.equal(last.name.match(/map|reduce|matmul|conv/g)!.length >= 10, true, last.name);
  });

  it('binds data larger than a binding in chunks', () => {
    const { segments, buffers } = plan(sampleProgram('cifar10-net/cifar10-net.train.yaml'));
    const x = buffers.get('data/train/x')!;
    assert.ok(x.packed && x.wordsOfEach !== undefined);
    for (const words of segments) assert.ok(4 * words <= 2 ** 27);
    assert.ok(segments.length <= 8);
  });

  it('that does not compile is shown with its number of line', async () => {
    const { loops, segments } = plan(w1Program().program);
    const [dispatch] = loops[0]!.dispatches;
    const broken = { ...dispatch!, code: dispatch!.code.replace('fn main(', 'fn main(,') };
    await assert.rejects(new Pipelines(device, segments.length).compile(broken), (error) => {
      const text = String(error);
      assert.match(text, /does not compile/);
      const [, line = ''] = /\n(\d+):\d+ /.exec(text)!;
      assert.match(text, new RegExp(`\\n +${line} .*fn main\\(,`));
      return true;
    });
  });
});
