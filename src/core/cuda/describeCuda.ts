/** Device `cuda` in the list of devices: whether it is installed and usable, and why not. */
import { errorMessage } from '../../shared/errors.ts';
import { say } from '../../shared/language.ts';
import type { DeviceInfo } from '../../shared/protocol/core.ts';
import { openTensorFlow } from './cudaBackend.ts';
import type { OpenedTensorFlow } from './contract.ts';
import { type Installation, findInstallation, packageNames } from './installation.ts';

/** Starting TensorFlow takes a second or two; what an installation says stays so while we run. */
const known = new Map<string, Promise<OpenedTensorFlow>>();

export async function describeCuda(): Promise<DeviceInfo> {
  const installation = findInstallation();
  if (installation === null) return unusable(notInstalled());
  try {
    const { module } = installation;
    const asked = known.get(module) ?? ask(installation);
    known.set(module, asked);
    const opened = await asked;
    const problem = gpuProblem(installation, opened);
    if (problem !== null) return unusable(problem);
    const reason = say`${packageNames[installation.kind]} is installed`;
    return { device: 'cuda', backend: 'tfjs', name: opened.name, usable: true, reason };
  } catch (error) {
    known.delete(installation.module);
    return unusable(errorMessage(error));
  }
}

async function ask(installation: Installation): Promise<OpenedTensorFlow> {
  const { opened, close } = await openTensorFlow(installation);
  close();
  return opened;
}

export function notInstalled(): string {
  return say(
    'not installed: run "Install CUDA Backend" in VS Code, or trainbench install-cuda; or use cpu',
  );
}

/** Why a package for GPUs does not compute on one; null where all is well. */
export function gpuProblem({ kind }: Installation, { usesGpu }: OpenedTensorFlow): string | null {
  if (kind === 'cpu' || usesGpu !== false) return null;
  return say(
    'TensorFlow is installed but finds no GPU that it can use: it needs an NVIDIA driver, CUDA 11.2 and cuDNN 8.1',
  );
}

function unusable(reason: string): DeviceInfo {
  return { device: 'cuda', backend: 'tfjs', name: '', usable: false, reason };
}
