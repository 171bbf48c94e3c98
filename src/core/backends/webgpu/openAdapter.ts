/** From the name of a GPU to its adapter, in this process. */
import { AppError } from '../../../shared/errors.ts';
import { say } from '../../../shared/language.ts';
import { type AdapterFacts, pickAdapter } from './adapters.ts';
import { experimentsFlag, openDawn } from './dawn.ts';
import { experimentalFeatures } from './deviceFeatures.ts';
import { knownAdapters } from './probe.ts';

export interface FoundAdapter extends AdapterFacts {
  /** Good for one device. */
  readonly adapter: GPUAdapter;
}

/** The one whose name contains `wanted`, by default as the user has set. @throws AppError `device.unavailable` */
export async function chooseAdapter(wanted?: string): Promise<FoundAdapter> {
  const facts = pickAdapter(await knownAdapters(), wanted);
  return { ...facts, adapter: await openAdapter(facts) };
}

async function openAdapter({ name, features }: AdapterFacts): Promise<GPUAdapter> {
  const isExperiment = experimentalFeatures.some((feature) => features.includes(feature));
  const gpu = await openDawn([`adapter=${name}`, ...(isExperiment ? [experimentsFlag] : [])]);
  const adapter = await gpu.requestAdapter().catch(() => null);
  if (adapter === null) {
    throw new AppError('device.unavailable', say`the GPU "${name}" is no longer there`);
  }
  return adapter;
}
