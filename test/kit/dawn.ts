/** WebGPU devices through Dawn for Node, or the reason why there is none. */
export type DawnDevice = { readonly device: GPUDevice } | { readonly reason: string };

let globalsSet = false;

/** Dawn crashes when its GPU object is collected while a device is in use. */
const kept: GPU[] = [];

/**
 * `null` compiles and validates shaders without any driver but computes nothing; `real` is a GPU or a
 * software Vulkan.
 */
export async function openDawn(adapterKind: 'null' | 'real'): Promise<DawnDevice> {
  try {
    const { create, globals } = await import('webgpu');
    if (!globalsSet) Object.assign(globalThis, globals);
    globalsSet = true;
    const gpu = create(adapterKind === 'null' ? ['backend=null'] : []);
    kept.push(gpu);
    const adapter = await gpu.requestAdapter();
    if (adapter === null) return { reason: `no ${adapterKind} adapter` };
    return { device: await adapter.requestDevice() };
  } catch (error) {
    return { reason: `the webgpu package does not load: ${String(error)}` };
  }
}
