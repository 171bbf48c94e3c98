/**
 * Proof that the IR and the backend interface fit WebGPU: the training step of the penguins net (from
 * its config, through gradients and Adam) becomes WGSL, every shader compiles on Dawn's null adapter,
 * and an epoch runs through `Backend` unchanged. Values are compared where there is a real adapter.
 */
import assert from 'node:assert/strict';
import { createReferenceBackend } from '../../../src/core/backends/reference/referenceBackend.ts';
import { type WgslKernel, generateWgsl } from '../../../src/core/codegen/wgsl/generate.ts';
import { Builder } from '../../../src/core/ir/builder.ts';
import type { Program } from '../../../src/core/ir/program.ts';
import { simplify } from '../../../src/core/passes/simplify.ts';
import { isError } from '../../../src/shared/errors.ts';
import { caseProgram } from '../../conformance/caseProgram.ts';
import { ops } from '../../conformance/ops.ts';
import { assertClose } from '../../kit/close.ts';
import { type DawnDevice, openDawn } from '../../kit/dawn.ts';
import { fillW1, runW1Epoch, w1Program } from '../../kit/w1Program.ts';
import { webGpuBackend } from '../../kit/webGpuBackend.ts';
import { tolerances } from '../../kit/tolerance.ts';

const dawn = await openDawn('null');

/** A test that needs a device: without one it is skipped and says why. */
function withDevice(
  opened: DawnDevice,
  title: string,
  test: (device: GPUDevice) => Promise<void>,
): void {
  if ('device' in opened) it(title, () => test(opened.device));
  else it.skip(`${title} (${opened.reason})`);
}

describe('WGSL for a dense training step', () => {
  after(() => {
    if ('device' in dawn) dawn.device.destroy();
  });

  withDevice(dawn, 'compiles every shader of every loop', async (device) => {
    const plan = generateWgsl(simplify(w1Program().program));
    const kernels = plan.loops.flatMap((loop) => loop.kernels);
    assert.ok(kernels.some(({ name }) => name.startsWith('matmul')));
    for (const kernel of kernels)
      assert.deepEqual(await problemsOf(device, kernel), [], kernel.code);
  });

  withDevice(dawn, 'sees a shader that does not compile, with its line', async (device) => {
    const [kernel] = generateWgsl(w1Program().program).loops[0]!.kernels;
    const broken = { ...kernel!, code: kernel!.code.replace('let element', 'let') };
    assert.match((await problemsOf(device, broken))[0]!, /^\d+:\d+ /);
  });

  withDevice(
    dawn,
    'runs an epoch through the backend interface without a validation error',
    async (device) => {
      const w1 = w1Program();
      device.pushErrorScope('validation');
      const executable = await webGpuBackend(device).compile(w1.program);
      fillW1(executable);
      await runW1Epoch(executable, w1);
      assert.equal((await executable.read('fc1/kernel')).length, 50);
      assert.equal((await executable.read('train/loss', 3, 5)).length, 5);
      executable.destroy();
      assert.equal((await device.popErrorScope())?.message, undefined);
    },
  );

  withDevice(dawn, 'compiles or refuses every case of the op table', async (device) => {
    const refused = new Set<string>();
    for (const op of ops.filter(({ inputs }) => inputs.every(({ values }) => values.length > 0))) {
      const kernels = kernelsOf(caseProgram(op).program);
      if (kernels === null) refused.add(op.name);
      for (const kernel of kernels ?? []) {
        assert.deepEqual(await problemsOf(device, kernel), [], `${op.name}\n${kernel.code}`);
      }
    }
    assert.ok(!refused.has('dense layer with relu, 20 rows'));
    assert.ok(refused.size < ops.length / 4, [...refused].join('\n'));
  });

  it('needs no more than the eight storage buffers that every device has', () => {
    for (const { kernels } of generateWgsl(simplify(w1Program().program)).loops) {
      for (const { name, reads } of kernels) assert.ok(reads.length + 1 <= 8, name);
    }
  });

  it('refuses an op that it cannot lower, by name', () => {
    const b = new Builder();
    const x = b.buffer('x', 'state', 'f32', [2]);
    const stores = [b.assign(x, b.unary('erf', b.load(x)))];
    const program = b.program('p', [{ name: 'loop', count: 1, stores }]);
    assert.throws(
      () => generateWgsl(program),
      (error) => isError(error, 'backend.unsupported') && /erf/.test(String(error)),
    );
  });
});

const real = await openDawn('real');

describe('WGSL values', () => {
  withDevice(real, 'of an epoch agree with the reference', async (device) => {
    const w1 = w1Program();
    const results: Float32Array[][] = [];
    for (const backend of [webGpuBackend(device), createReferenceBackend()]) {
      const executable = await backend.compile(w1.program);
      fillW1(executable);
      await runW1Epoch(executable, w1);
      const names = ['train/loss', 'validation/loss', 'fc1/kernel', 'fc3/bias'];
      const values = await Promise.all(names.map((name) => executable.read(name)));
      results.push(values.map((value) => Float32Array.from(value)));
      executable.destroy();
      backend.destroy();
    }
    const [actual, expected] = results as [Float32Array[], Float32Array[]];
    actual.forEach((values, i) => assertClose(values, expected[i]!, tolerances.composite));
  });
});

/** null where an op is refused. */
function kernelsOf(program: Program): WgslKernel[] | null {
  try {
    return generateWgsl(program).loops.flatMap(({ kernels }) => kernels);
  } catch (error) {
    assert.ok(isError(error, 'backend.unsupported'), String(error));
    return null;
  }
}

/** `line:column message` of each error. */
async function problemsOf(device: GPUDevice, { code }: WgslKernel): Promise<string[]> {
  device.pushErrorScope('validation');
  const module = device.createShaderModule({ code });
  const { messages } = await module.getCompilationInfo();
  const errors = messages.filter(({ type }) => type === 'error');
  if (errors.length === 0) device.createComputePipeline({ layout: 'auto', compute: { module } });
  const invalid = await device.popErrorScope();
  const found = errors.map(({ lineNum, linePos, message }) => `${lineNum}:${linePos} ${message}`);
  return found.length === 0 && invalid !== null ? [invalid.message] : found;
}
