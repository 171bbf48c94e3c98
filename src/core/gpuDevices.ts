/** The GPUs of this machine as devices that people choose among, with what each can do and why one cannot be used. */
import { errorMessage } from '../shared/errors.ts';
import { say } from '../shared/language.ts';
import type { DeviceInfo } from '../shared/protocol/core.ts';
import {
  type AdapterFacts,
  isCalled,
  noAdapter,
  notCalled,
  wantedAdapter,
} from './backends/webgpu/adapters.ts';
import { knownAdapters, probeAdapters } from './backends/webgpu/probe.ts';
import { describeCuda } from './cuda/describeCuda.ts';
import { findInstallation } from './cuda/installation.ts';
import type { DeviceCandidates } from './train/trainingRun.ts';

/** Asks the drivers anew, in a process of its own. */
export async function listGpus(): Promise<DeviceInfo[]> {
  const gpu = { device: 'webgpu', backend: 'webgpu' } as const;
  const unusable = (reason: string) => [{ ...gpu, name: '', usable: false, reason }];
  try {
    const adapters = await probeAdapters();
    if (adapters.length === 0) return unusable(noAdapter());
    return adapters.map((facts) => ({
      ...gpu,
      name: facts.name,
      usable: true,
      reason: describeAdapter(facts, adapters),
    }));
  } catch (error) {
    return unusable(errorMessage(error));
  }
}

/** What `devices` and the Compute view say of an adapter, `all` being those found with it. */
export function describeAdapter(facts: AdapterFacts, all: readonly AdapterFacts[]): string {
  const { driver, limits, isSoftware, features } = facts;
  const mebibytes = (bytes: number) => Math.floor(bytes / 2 ** 20);
  const buffers = mebibytes(limits.maxBufferSize);
  const bindings = `${limits.maxStorageBuffersPerShaderStage} x ${mebibytes(limits.maxStorageBufferBindingSize)}`;
  const size = limits.maxComputeInvocationsPerWorkgroup;
  const kibibytes = limits.maxComputeWorkgroupStorageSize / 1024;
  const told = features.filter((name) => usefulFeatures.test(name)).join(', ');
  const wanted = wantedAdapter();
  const taken = all.find((other) => isCalled(other, wanted));
  return [
    ...(wanted !== '' && facts === taken ? [say('chosen by the setting')] : []),
    ...(isSoftware ? [say('a GPU in software, slower than cpu')] : []),
    say`driver ${driver}`,
    say`buffers of ${buffers} MiB, ${bindings} MiB for a shader, workgroups of ${size} with ${kibibytes} KiB`,
    ...(told === '' ? [] : [told]),
  ].join('; ');
}

const usefulFeatures = /shader-f16|subgroups$|subgroup-matrix|timestamp/;

type Found = Awaited<ReturnType<DeviceCandidates['find']>>;

/** Where candidates come from; tests have their own. */
export interface CandidateSources {
  readonly adapters: () => Promise<readonly AdapterFacts[]>;
  readonly cuda: () => Promise<DeviceInfo | null>;
}

const here: CandidateSources = {
  adapters: knownAdapters,
  // TensorFlow takes seconds to start: it is not asked where it is not installed.
  cuda: async () => (findInstallation() === null ? null : describeCuda()),
};

/** What `device: auto` may take besides the CPU. A GPU in software only where the user has named it. */
export async function gpuCandidates(sources: CandidateSources = here): Promise<Found> {
  const [webgpu, cuda] = await Promise.all([
    webgpuCandidate(sources),
    sources.cuda().catch(() => null), // `devices` tells what is wrong with it
  ]);
  const found = cuda?.usable === true ? [{ device: 'cuda', name: cuda.name } as const] : [];
  return { ...webgpu, candidates: [...webgpu.candidates, ...found] };
}

async function webgpuCandidate({ adapters }: CandidateSources): Promise<Found> {
  const wanted = wantedAdapter();
  const none = (reason: string) => ({ candidates: [], reason });
  try {
    const found = await adapters();
    if (found.length === 0) return none(noAdapter());
    const called = found.filter((facts) => isCalled(facts, wanted));
    const [first] = called.filter(({ isSoftware }) => wanted !== '' || !isSoftware);
    if (first !== undefined) {
      return { candidates: [{ device: 'webgpu', name: first.name }], reason: '' };
    }
    const software = say('the only GPU here is one in software, slower than the CPU');
    return none(called.length === 0 ? notCalled(found, wanted) : software);
  } catch (error) {
    return none(errorMessage(error));
  }
}
