/** Which backends exist in this build, which of them can be used here, and the one for a run. */
import path from 'node:path';
import { AppError } from '../shared/errors.ts';
import { say } from '../shared/language.ts';
import type { DeviceInfo } from '../shared/protocol/core.ts';
import type { Backend } from './backends/backend.ts';
import { Measurements } from './backends/measurements.ts';
import { createReferenceBackend } from './backends/reference/referenceBackend.ts';
import { requireKnownForm } from './backends/wasm/revectorize.ts';
import { chosenThreads, usefulThreads } from './backends/wasm/threads.ts';
import { createWasmBackend } from './backends/wasm/wasmBackend.ts';
import { createWebgpuBackend } from './backends/webgpu/webgpuBackend.ts';
import { cacheDirectory } from './data/download.ts';
import { listGpus } from './gpuDevices.ts';
import { createCudaBackend } from './cuda/cudaBackend.ts';
import { describeCuda, gpuProblem, notInstalled } from './cuda/describeCuda.ts';
import { findInstallation } from './cuda/installation.ts';
import type { BackendRequest } from './train/trainingRun.ts';

/** @throws AppError `device.unavailable` with the reason; `input.invalid` for a switch that is none. */
export async function createBackend(request: BackendRequest): Promise<Backend> {
  const { device, portable, choices } = request;
  if (device === 'cuda') {
    if (portable) throw unavailable(device, noPortableBits());
    return openCuda();
  }
  if (device === 'webgpu') {
    if (portable) throw unavailable(device, noPortableBits());
    return createWebgpuBackend({
      measurements: measurements(),
      ...(choices === null ? {} : { choices }),
    });
  }
  // For tests that compare a whole run with the oracle; too slow for people.
  if (process.env['TRAINBENCH_BACKEND'] === 'reference') return createReferenceBackend();
  requireKnownForm();
  const { threads = await chosenThreads() } = request;
  const given = { threads: usefulThreads(threads), ...(choices === null ? {} : { choices }) };
  return createWasmBackend({ deterministic: portable ? 'portable' : true, ...given });
}

function openCuda(): Promise<Backend> {
  const installation = findInstallation();
  if (installation === null) throw unavailable('cuda', notInstalled());
  return createCudaBackend(installation, (opened) => gpuProblem(installation, opened));
}

/** Of this machine, one file for all processes. */
export function measurements(): Measurements {
  const folder = cacheDirectory(process.env, process.platform);
  return new Measurements(path.join(folder, 'measurements.json'));
}

function unavailable(device: string, reason: string): AppError {
  return new AppError('device.unavailable', say`device "${device}" cannot be used: ${reason}`);
}

function noPortableBits(): string {
  return say('GPUs differ in their last bits, so `deterministic: portable` needs cpu');
}

export async function listDevices(): Promise<readonly DeviceInfo[]> {
  const backend = createWasmBackend();
  const { name: backendName, deviceName: name } = backend;
  backend.destroy();
  const cpu = { backend: backendName, name, usable: true };
  return [
    {
      ...cpu,
      device: 'auto',
      reason: say('takes the fastest of the others, by some steps of the training on each'),
    },
    { ...cpu, device: 'cpu', reason: say('WebAssembly that Trainbench generates for each model') },
    ...(await listGpus()),
    await describeCuda(),
  ];
}
