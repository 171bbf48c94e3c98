/**
 * A plain Backend over a WebGPU device, for the proof that the interface and the generated shaders fit:
 * one submit for each iteration, nothing tuned.
 */
import type {} from 'webgpu'; // declares the GPU types
import type { Backend, Executable } from '../../src/core/backends/backend.ts';
import {
  type WgslKernel,
  type WgslLoop,
  type WgslPlan,
  generateWgsl,
} from '../../src/core/codegen/wgsl/generate.ts';
import { simplify } from '../../src/core/passes/simplify.ts';
import {
  type TensorType,
  type TensorValues,
  elementCount,
} from '../../src/shared/tensor/tensorType.ts';

export function webGpuBackend(device: GPUDevice): Backend {
  return {
    name: 'webgpu',
    deviceName: 'WebGPU',
    choices: {},
    threads: 1,
    compile: (program) =>
      new Promise((resolve) => resolve(createExecutable(device, generateWgsl(simplify(program))))),
    destroy: () => device.destroy(),
  };
}

interface Memory {
  readonly type: TensorType;
  readonly buffer: GPUBuffer;
}

interface Step {
  readonly pipeline: GPUComputePipeline;
  readonly bindings: GPUBindGroup;
  readonly workgroups: number;
}

function createExecutable(device: GPUDevice, plan: WgslPlan): Executable {
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
  const memories = new Map(
    plan.memories.map(({ name, type }): [string, Memory] => {
      const size = Math.max(4, 4 * elementCount(type.shape));
      return [name, { type, buffer: device.createBuffer({ size, usage }) }];
    }),
  );
  const parameters = device.createBuffer({
    size: 4,
    usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
  });
  const steps = new Map(
    plan.loops.map((loop) => [
      loop.name,
      loop.kernels.map((kernel) => createStep(device, kernel, { memories, parameters })),
    ]),
  );
  return {
    write: (name, values, offset = 0) =>
      device.queue.writeBuffer(memories.get(name)!.buffer, 4 * offset, words(values)),
    read: (name, offset, count) => readMemory(device, memories.get(name)!, { offset, count }),
    run: async (name, from, to) => {
      const loop = plan.loops.find((l) => l.name === name)!;
      for (let i = from; i < to; i++) {
        device.queue.writeBuffer(parameters, 0, Int32Array.of(i));
        device.queue.submit([encode(device, { loop, steps: steps.get(name)!, memories }, i)]);
      }
      await device.queue.onSubmittedWorkDone();
    },
    describe: () => plan.loops.flatMap(({ kernels }) => kernels.map(({ code }) => code)).join('\n'),
    destroy: () => memories.forEach(({ buffer }) => buffer.destroy()),
  };
}

function createStep(
  device: GPUDevice,
  kernel: WgslKernel,
  bound: { readonly memories: ReadonlyMap<string, Memory>; readonly parameters: GPUBuffer },
): Step {
  const module = device.createShaderModule({ code: kernel.code, label: kernel.name });
  const pipeline = device.createComputePipeline({ layout: 'auto', compute: { module } });
  const names = [...kernel.reads, kernel.writes];
  const buffers = [bound.parameters, ...names.map((name) => bound.memories.get(name)!.buffer)];
  const bindings = device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: buffers.map((buffer, binding) => ({ binding, resource: { buffer } })),
  });
  return { pipeline, bindings, workgroups: kernel.workgroups };
}

/** All kernels of an iteration, then its stores. */
function encode(
  device: GPUDevice,
  work: {
    readonly loop: WgslLoop;
    readonly steps: readonly Step[];
    readonly memories: ReadonlyMap<string, Memory>;
  },
  iteration: number,
): GPUCommandBuffer {
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  for (const { pipeline, bindings, workgroups } of work.steps) {
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, bindings);
    pass.dispatchWorkgroups(workgroups);
  }
  pass.end();
  for (const { from, to, bytes, stride } of work.loop.copies) {
    const [source, target] = [from, to].map((name) => work.memories.get(name)!.buffer);
    encoder.copyBufferToBuffer(source!, 0, target!, stride * iteration, bytes);
  }
  return encoder.finish();
}

async function readMemory(
  device: GPUDevice,
  { type, buffer }: Memory,
  range: { readonly offset: number | undefined; readonly count: number | undefined },
): Promise<TensorValues> {
  const { offset = 0, count = elementCount(type.shape) - offset } = range;
  const usage = GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST;
  const staging = device.createBuffer({ size: 4 * count, usage });
  const encoder = device.createCommandEncoder();
  encoder.copyBufferToBuffer(buffer, 4 * offset, staging, 0, 4 * count);
  device.queue.submit([encoder.finish()]);
  await staging.mapAsync(GPUMapMode.READ);
  const bytes = staging.getMappedRange().slice(0);
  staging.destroy();
  if (type.dtype === 'f32') return new Float32Array(bytes);
  return type.dtype === 'u8' ? Uint8Array.from(new Uint32Array(bytes)) : new Int32Array(bytes);
}

/** u8 values take a word each on the device. */
function words(values: TensorValues): Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer> {
  return values instanceof Float32Array ? Float32Array.from(values) : Int32Array.from(values);
}
