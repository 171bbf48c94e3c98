/** The webgpu backend: WGSL generated for the exact program, run on any vendor's GPU through Dawn. */
import { freemem } from 'node:os';
import { generateWgsl, neededBytes } from '../../codegen/wgsl/generate.ts';
import type { PlanLimits } from '../../codegen/wgsl/plan.ts';
import type { Program } from '../../ir/program.ts';
import { simplify } from '../../passes/simplify.ts';
import { type StreamedProgram, streamData } from '../../passes/streamData.ts';
import { unrollScans } from '../../passes/unrollScans.ts';
import type { Backend, NumericChoices } from '../backend.ts';
import { Measurements } from '../measurements.ts';
import type { AdapterFacts } from './adapters.ts';
import { WebgpuDevice } from './device.ts';
import { choicesOf, chosenFeatures } from './deviceFeatures.ts';
import { createExecutable } from './executable.ts';
import { FreeMemory } from './freeMemory.ts';
import { chooseAdapter } from './openAdapter.ts';
import { streamedExecutable } from './streamedExecutable.ts';

export interface WebgpuOptions {
  /** Part of the name of the adapter to take; by default the fastest. */
  readonly adapter?: string;
  /** See GenerateOptions. By default not on a processor: its compiler takes seconds for long shaders. */
  readonly join?: boolean;
  /** Whether kernels are picked by measuring, which never changes bits. By default likewise. */
  readonly tune?: boolean;
  /** Less than the device has, for tests; by default its own. */
  readonly limits?: PlanLimits;
  /** Likewise. */
  readonly memory?: FreeMemory;
  /** Of a run that goes on; by default all that the device can do. */
  readonly choices?: NumericChoices;
  /** Of kernels on this machine; by default forgotten with the backend. */
  readonly measurements?: Measurements;
}

/** @throws AppError `device.unavailable` */
export async function createWebgpuBackend(options: WebgpuOptions = {}): Promise<Backend> {
  const found = await chooseAdapter(options.adapter);
  return webgpuBackendOn(await WebgpuDevice.open(found.adapter), found, options);
}

/** The device ends with the backend. */
export function webgpuBackendOn(
  owner: WebgpuDevice,
  { name, driver, isSoftware }: AdapterFacts,
  options: Omit<WebgpuOptions, 'adapter'> = {},
): Backend {
  const { join = !isSoftware, tune = !isSoftware } = options;
  const { measurements = new Measurements(null) } = options;
  const tuning = tune ? { measurements, device: `${name}, ${driver}` } : null;
  const limits = options.limits ?? owner.device.limits;
  const features = chosenFeatures(owner.features, options.choices);
  // A GPU in software has the memory of the processor, and would fill it to try it.
  const holds = (bytes: number) =>
    isSoftware ? Promise.resolve(bytes < freemem()) : owner.holds(bytes);
  const memory = options.memory ?? new FreeMemory(holds);
  const bindable = bindableBytes(limits);
  const room = async (bytes: number): Promise<number> =>
    Math.min(bindable, await memory.upTo(Math.min(bindable, bytes)));
  /** With its data on the device where all of it fits, else with data that stream. */
  const fit = async (program: Program): Promise<StreamedProgram> => {
    const simple = unrollScans(simplify(program));
    const needed = neededBytes(simple, { join });
    const available = await room(needed);
    if (needed <= available) return { program: simple, streams: [] };
    return streamData(simple, available * halfShare);
  };
  return {
    name: 'webgpu',
    deviceName: `${name}, WebGPU (${driver})`,
    // How sums are cut follows from the program alone; how a subgroup matrix adds, from the hardware.
    choices: choicesOf(features),
    threads: 1,
    estimate: async (program) => {
      const needed = neededBytes((await fit(program)).program, { join });
      return { needed, available: await room(needed) };
    },
    compile: async (program, { timed = false } = {}) => {
      // What shares a dispatch cannot be timed apart.
      const options = { limits, features, join: join && !timed };
      const { program: fitting, streams } = await fit(program);
      const plan = generateWgsl(fitting, options);
      const executable = await createExecutable(owner, plan, tuning, timed);
      return streams.length === 0 ? executable : streamedExecutable(executable, streams);
    },
    destroy: () => owner.destroy(),
  };
}

/** Half of a window takes so much of the memory: there are two for each of the training and validation rows. */
const halfShare = 1 / 16;

/** What one program can bind, however much memory the device has. */
function bindableBytes({
  maxStorageBufferBindingSize,
  maxStorageBuffersPerShaderStage,
}: PlanLimits): number {
  return maxStorageBufferBindingSize * maxStorageBuffersPerShaderStage;
}
