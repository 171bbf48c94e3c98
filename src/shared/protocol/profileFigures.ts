/** Figures of a profile as its readers want them. */
import type { Profile, ProfiledKernel } from './profile.ts';

const shownOps = 4;

/** `conv2d + add + max`; of a long chain its beginning: `mul + add + sqrt + div + …`. */
export function kernelTitle({ ops }: Pick<ProfiledKernel, 'ops'>): string {
  const shown = ops.filter((op, i) => op !== ops[i - 1]);
  const title = shown.slice(0, shownOps).join(' + ');
  return shown.length > shownOps ? `${title} + …` : title;
}

export interface Figures {
  /** Of the time of all kernels, 0 to 1. */
  readonly share: number;
  /** Thousand million operations a second; 0 for moves. */
  readonly gigaflops: number;
  /** Thousand million bytes a second. */
  readonly gigabytes: number;
}

/** A kernel too quick for the clock has no speeds. */
export function figuresOf(
  {
    milliseconds,
    operations,
    bytes,
  }: Pick<ProfiledKernel, 'milliseconds' | 'operations' | 'bytes'>,
  { kernelMilliseconds }: Pick<Profile, 'kernelMilliseconds'>,
): Figures {
  const perSecond = (count: number) => (milliseconds > 0 ? count / milliseconds / 1e6 : 0);
  return {
    share: kernelMilliseconds > 0 ? milliseconds / kernelMilliseconds : 0,
    gigaflops: perSecond(operations),
    gigabytes: perSecond(bytes),
  };
}

/** Whose work a kernel does, most of it first; none for what belongs to no layer. */
export function layersOf({ origins }: Pick<ProfiledKernel, 'origins'>): readonly string[] {
  return [...new Set(origins.flatMap(({ layer }) => layer ?? []))];
}

/** `conv1, conv2`; more than two are counted: `{0} layers`. */
export function layersText(
  kernel: Pick<ProfiledKernel, 'origins'>,
  counted: (layers: number) => string,
): string {
  const layers = layersOf(kernel);
  return layers.length > 2 ? counted(layers.length) : layers.join(', ');
}
