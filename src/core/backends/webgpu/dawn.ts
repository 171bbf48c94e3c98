/**
 * WebGPU through Dawn for Node (the package `webgpu`), loaded when first asked for: it brings a library of its own for
 * each platform, and a machine may have neither that nor a driver.
 */
import type {} from 'webgpu'; // declares the GPU types
import { AppError, errorMessage } from '../../../shared/errors.ts';
import { say } from '../../../shared/language.ts';

/** Times of kernels to the nanosecond, which only web pages must not see. */
export const dawnFlags: readonly string[] = ['disable-dawn-features=timestamp_quantization'];

/**
 * What Dawn has as an experiment, such as subgroup matrices, and checks less: given only where an adapter has something of it
 * that we use, and to tell whether it has.
 */
export const experimentsFlag = 'enable-dawn-features=allow_unsafe_apis';

/** By flags; never given up, as Dawn crashes when its GPU object is collected while a device is in use. */
const opened = new Map<string, GPU>();

/**
 * `flags` as Dawn has them: `backend=null` compiles shaders without a driver and computes nothing.
 * @throws AppError `device.unavailable` when the package or its library does not load.
 */
export async function openDawn(flags: readonly string[] = []): Promise<GPU> {
  try {
    const key = flags.join(' ');
    const { create, globals } = await import('webgpu');
    if (opened.size === 0) Object.assign(globalThis, globals);
    const gpu = opened.get(key) ?? create([...dawnFlags, ...flags]);
    opened.set(key, gpu);
    return gpu;
  } catch (cause) {
    const reason = errorMessage(cause);
    throw new AppError('device.unavailable', say`WebGPU does not load here: ${reason}`, { cause });
  }
}
