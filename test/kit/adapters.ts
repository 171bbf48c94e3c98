import type { AdapterFacts } from '../../src/core/backends/webgpu/adapters.ts';

/** A GPU with WebGPU's own lowest limits but for its buffers, and no features. */
export function adapter(name: string, isSoftware = false): AdapterFacts {
  const limits = {
    maxBufferSize: 2 ** 30,
    maxStorageBufferBindingSize: 2 ** 27,
    maxStorageBuffersPerShaderStage: 8,
    maxComputeInvocationsPerWorkgroup: 256,
    maxComputeWorkgroupStorageSize: 16_384,
  };
  return { name, driver: '1.0', isSoftware, limits, features: [] };
}
