/** Which backends exist in this build, which of them can be used here, and the one for a run. */
import { AppError } from '../shared/errors.ts';
import { say } from '../shared/language.ts';
import type { DeviceInfo } from '../shared/protocol/core.ts';
import type { Backend } from './backends/backend.ts';
import { createReferenceBackend } from './backends/reference/referenceBackend.ts';
import { createWasmBackend } from './backends/wasm/wasmBackend.ts';
import type { BackendRequest } from './train/trainingRun.ts';

const notInThisVersion = {
  webgpu: () => say('training on the GPU through WebGPU is not part of this version yet; use cpu'),
  cuda: () =>
    say('training on NVIDIA GPUs through TensorFlow.js is not part of this version yet; use cpu'),
} as const;

/** @throws AppError `device.unavailable` with the reason. */
export function createBackend(request: BackendRequest): Promise<Backend> {
  const { device, portable, choices, threads } = request;
  if (device === 'webgpu' || device === 'cuda') {
    const message = say`device "${device}" cannot be used: ${notInThisVersion[device]()}`;
    return Promise.reject(new AppError('device.unavailable', message));
  }
  // For tests that compare a whole run with the oracle; too slow for people.
  if (process.env['TRAINBENCH_BACKEND'] === 'reference') {
    return Promise.resolve(createReferenceBackend());
  }
  const given = {
    ...(choices === null ? {} : { choices }),
    ...(threads === undefined ? {} : { threads }),
  };
  return Promise.resolve(
    createWasmBackend({ deterministic: portable ? 'portable' : true, ...given }),
  );
}

export function listDevices(): readonly DeviceInfo[] {
  const backend = createWasmBackend();
  const { name: backendName, deviceName: name } = backend;
  backend.destroy();
  const cpu = { backend: backendName, name, usable: true };
  return [
    { ...cpu, device: 'auto', reason: say('takes cpu, the only device that can be used here') },
    { ...cpu, device: 'cpu', reason: say('WebAssembly that Trainbench generates for each model') },
    unusable('webgpu', 'webgpu'),
    unusable('cuda', 'tfjs'),
  ];
}

function unusable(device: keyof typeof notInThisVersion, backend: string): DeviceInfo {
  return { device, backend, name: '', usable: false, reason: notInThisVersion[device]() };
}
