/** The GPUs (and software renderers) of a machine: what is told of them, and which one is taken. */
import { AppError } from '../../../shared/errors.ts';
import { say } from '../../../shared/language.ts';

export interface AdapterFacts {
  /** The device's own, by which Dawn finds it again. */
  readonly name: string;
  /** With its version. Bits, and which kernel is the fastest, are those of one driver. */
  readonly driver: string;
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

/** Each name once, software last. */
export function inOrder(found: readonly AdapterFacts[]): AdapterFacts[] {
  const names = found.map(({ name }) => name);
  return found
    .filter(({ name }, i) => names.indexOf(name) === i)
    .sort((a, b) => Number(a.isSoftware) - Number(b.isSoftware));
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
export function pickAdapter(
  found: readonly AdapterFacts[],
  wanted = wantedAdapter(),
): AdapterFacts {
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
