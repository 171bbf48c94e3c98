/** The GPUs (and software renderers) that WebGPU finds here. */
import { AppError } from '../../../shared/errors.ts';
import { say } from '../../../shared/language.ts';
import { openDawn } from './dawn.ts';

/** What is told of an adapter: also what a process that probes gives to this one. */
export interface AdapterFacts {
  /** As its driver names it. */
  readonly name: string;
  /** Runs on the processor: right, but slow. */
  readonly isSoftware: boolean;
  readonly limits: Readonly<Record<ToldLimit, number>>;
  readonly features: readonly string[];
}

export const toldLimits = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupStorageSize',
] as const;

export type ToldLimit = (typeof toldLimits)[number];

export interface FoundAdapter extends AdapterFacts {
  /** Good for one device. */
  readonly adapter: GPUAdapter;
}

/** In the order in which WebGPU is asked. */
export const powerPreferences = ['high-performance', 'low-power', undefined] as const;

/** Each once, the fastest first; none where there is no driver. @throws AppError `device.unavailable` */
export async function findAdapters(): Promise<FoundAdapter[]> {
  const gpu = await openDawn();
  const found: FoundAdapter[] = [];
  for (const powerPreference of powerPreferences) {
    const adapter = await gpu.requestAdapter(powerPreference && { powerPreference });
    if (adapter !== null) found.push({ adapter, ...factsOf(adapter) });
  }
  return inOrder(found);
}

/** Each name once, software last. */
export function inOrder<Facts extends AdapterFacts>(found: readonly Facts[]): Facts[] {
  const names = found.map(({ name }) => name);
  return found
    .filter(({ name }, i) => names.indexOf(name) === i)
    .sort((a, b) => Number(a.isSoftware) - Number(b.isSoftware));
}

/** Of an adapter, or of what another process has said of it. */
export interface AdapterReport {
  readonly info: Pick<
    GPUAdapterInfo,
    'vendor' | 'architecture' | 'device' | 'description' | 'isFallbackAdapter'
  >;
  readonly limits: Readonly<Record<ToldLimit, number>>;
  readonly features: Iterable<string>;
}

export function factsOf({ info, limits, features }: AdapterReport): AdapterFacts {
  const told = toldLimits.map((name) => [name, limits[name]] as const);
  return {
    name: nameOf(info),
    isSoftware: info.isFallbackAdapter,
    limits: Object.fromEntries(told) as Record<ToldLimit, number>,
    features: [...features].sort(),
  };
}

/** What the driver says of the device, without the parts that it leaves empty. */
function nameOf({ vendor, architecture, device, description }: AdapterReport['info']): string {
  const described =
    description === '' ? [vendor, architecture, device].filter(Boolean).join(' ') : description;
  return described === '' ? say('a GPU without a name') : described;
}

/** The setting or option of the user: part of a name, empty for the fastest. */
export function wantedAdapter(): string {
  return (process.env['TRAINBENCH_ADAPTER'] ?? '').trim();
}

/** In any case. */
export function isCalled({ name }: Pick<AdapterFacts, 'name'>, wanted: string): boolean {
  return name.toLowerCase().includes(wanted.toLowerCase());
}

/**
 * Of those found, the one whose name contains `wanted`, by default the fastest.
 * @throws AppError `device.unavailable` with what there is.
 */
export function pickAdapter<Facts extends AdapterFacts>(
  found: readonly Facts[],
  wanted = wantedAdapter(),
): Facts {
  const first = found.find((facts) => isCalled(facts, wanted));
  if (first !== undefined) return first;
  throw new AppError(
    'device.unavailable',
    found.length === 0 ? noAdapter() : notCalled(found, wanted),
  );
}

export function noAdapter(): string {
  return say(
    'WebGPU finds no GPU here: install a driver for it (on Linux one for Vulkan), or use device "cpu"',
  );
}

export function notCalled(found: readonly AdapterFacts[], wanted: string): string {
  const names = found.map(({ name }) => name).join(', ');
  return say`no GPU here is called "${wanted}"; there is: ${names}`;
}

/** Opens WebGPU in this process. @throws AppError `device.unavailable` */
export async function chooseAdapter(wanted?: string): Promise<FoundAdapter> {
  return pickAdapter(await findAdapters(), wanted);
}
