/**
 * The GPU that tests run on: software Vulkan where the set-up has unpacked one (test/softwareVulkan.mjs), else what the
 * machine has. Without one tests are skipped and say why, or fail where TRAINBENCH_REQUIRE names webgpu.
 */
import { wantedFeatures } from '../../src/core/backends/webgpu/deviceFeatures.ts';
import { experimentsFlag, openDawn } from '../../src/core/backends/webgpu/dawn.ts';
import { chooseAdapter } from '../../src/core/backends/webgpu/openAdapter.ts';
import { errorMessage } from '../../src/shared/errors.ts';
import { vulkanEnvironment } from '../softwareVulkan.mjs';

// A driver is looked for when Dawn first opens. LD_LIBRARY_PATH would be too late: npm test sets it.
Object.assign(process.env, vulkanEnvironment());

export type TestGpu = { readonly adapter: string } | { readonly reason: string };

/** @throws Error where there must be one. */
export async function gpuForTests(): Promise<TestGpu> {
  try {
    return { adapter: (await chooseAdapter()).name };
  } catch (error) {
    return absent(errorMessage(error));
  }
}

/** Dawn's null adapter compiles and validates shaders without any driver; it computes nothing. */
export async function nullDevice(): Promise<GPUDevice> {
  const gpu = await openDawn(['backend=null', experimentsFlag]);
  const adapter = await gpu.requestAdapter();
  if (adapter === null) throw new Error('Dawn has no null adapter');
  const has: ReadonlySet<string> = adapter.features;
  const requiredFeatures = wantedFeatures.filter((name) => has.has(name)) as GPUFeatureName[];
  return adapter.requestDevice({ requiredFeatures });
}

function absent(reason: string): TestGpu {
  const required = (process.env['TRAINBENCH_REQUIRE'] ?? '').split(',');
  if (required.includes('webgpu')) throw new Error(`TRAINBENCH_REQUIRE=webgpu, but: ${reason}`);
  return { reason };
}

/** Tests that need a GPU; `define` declares them. */
export async function describeOnGpu(
  title: string,
  define: (adapter: string) => void,
): Promise<void> {
  const gpu = await gpuForTests();
  if ('reason' in gpu) describe(title, () => it.skip(`needs a GPU (${gpu.reason})`));
  else describe(`${title}, on ${gpu.adapter}`, () => define(gpu.adapter));
}
