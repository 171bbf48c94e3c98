/** The GPUs (and software renderers) that WebGPU finds here. */
import { AppError } from '../../../shared/errors.ts';
import { say } from '../../../shared/language.ts';
import { openDawn } from './dawn.ts';

export interface FoundAdapter {
  /** Good for one device. */
  readonly adapter: GPUAdapter;
  /** As its driver names it. */
  readonly name: string;
  /** Runs on the processor: right, but slow. */
  readonly isSoftware: boolean;
}

const preferences: readonly GPURequestAdapterOptions[] = [
  { powerPreference: 'high-performance' },
  { powerPreference: 'low-power' },
  {},
];

/** Each once, the fastest first; none where there is no driver. @throws AppError `device.unavailable` */
export async function findAdapters(): Promise<FoundAdapter[]> {
  const gpu = await openDawn();
  const found = new Map<string, FoundAdapter>();
  for (const preference of preferences) {
    const adapter = await gpu.requestAdapter(preference);
    if (adapter === null) continue;
    const described = {
      adapter,
      name: nameOf(adapter),
      isSoftware: adapter.info.isFallbackAdapter,
    };
    if (!found.has(described.name)) found.set(described.name, described);
  }
  return [...found.values()].sort((a, b) => Number(a.isSoftware) - Number(b.isSoftware));
}

/** What the driver says of the device, without the parts that it leaves empty. */
function nameOf({ info }: GPUAdapter): string {
  const { vendor, architecture, device, description } = info;
  const described =
    description === '' ? [vendor, architecture, device].filter(Boolean).join(' ') : description;
  return described === '' ? say('a GPU without a name') : described;
}

export function noAdapter(): string {
  return say(
    'WebGPU finds no GPU here: install a driver for it (on Linux one for Vulkan), or use device "cpu"',
  );
}

/**
 * The adapter whose name contains `wanted` (in any case), by default the fastest.
 * @throws AppError `device.unavailable` with what there is.
 */
export async function chooseAdapter(
  wanted = process.env['TRAINBENCH_ADAPTER'] ?? '',
): Promise<FoundAdapter> {
  const found = await findAdapters();
  const [first] = found.filter(({ name }) => name.toLowerCase().includes(wanted.toLowerCase()));
  if (first !== undefined) return first;
  const names = found.map(({ name }) => name).join(', ');
  throw new AppError(
    'device.unavailable',
    found.length === 0 ? noAdapter() : say`no GPU here is called "${wanted}"; there is: ${names}`,
  );
}
