/** The kernel of a convolution as filters: which values a filter has, and its colours. No DOM. */
import type { TensorSummary } from '../../src/shared/protocol/core.ts';
import type { TileBox } from '../../src/shared/protocol/weights.ts';
import { colorOf, type Rgb, type ScaleColors } from '../kit/scale.ts';

/** Filters that are drawn at a time. */
export const filtersAtOnce = 64;

/**
 * `rgb`, `grey`: the filters of the first convolution look at an image, so they are images too, grey where it is grey.
 * `channel`: later ones look at many channels, and are drawn for one of them.
 */
export type FilterMode = 'rgb' | 'grey' | 'channel';

export interface FilterBank {
  readonly mode: FilterMode;
  readonly height: number;
  readonly width: number;
  readonly filters: number;
  /** Channels that a filter has values for. */
  readonly channels: number;
  /** Whether the last axis of the kernel counts the filters, or the channels. */
  readonly filtersLast: boolean;
}

/** Null for a tensor that is no kernel of a convolution, or whose filters are single values. */
export function filterBank(tensor: TensorSummary, isFirst: boolean): FilterBank | null {
  const { shape, layer } = tensor;
  if (shape.length !== 4) return null;
  const [height = 1, width = 1, third = 1, last = 1] = shape;
  if (height * width === 1) return null;
  // Transposed convolutions have [height, width, filters, channels]; a depthwise one has filters for each channel.
  const filtersLast = layer !== 'Conv2DTranspose' && !tensor.name.endsWith('/depthwise_kernel');
  const [filters, channels] = filtersLast ? [last, third] : [third, last];
  const bank = { height, width, filters, channels, filtersLast };
  if (!isFirst || !filtersLast) return { ...bank, mode: 'channel' };
  const mode = channels === 3 ? 'rgb' : channels === 1 ? 'grey' : 'channel';
  return { ...bank, mode };
}

export interface FilterPlace {
  /** Of the filters on show, from 0. */
  readonly first: number;
  readonly channel: number;
}

/** Of the kernel as a matrix, what has all values of the filters on show: see WeightsTile. */
export function filterBox(bank: FilterBank, { first, channel }: FilterPlace): TileBox {
  const places = bank.height * bank.width;
  if (!bank.filtersLast) {
    return { row: 0, column: channel, rows: places * bank.filters, columns: 1 };
  }
  const columns = shownFilters(bank, first);
  return { row: 0, column: first, rows: places * bank.channels, columns };
}

export function shownFilters({ filters }: FilterBank, first: number): number {
  return Math.min(filtersAtOnce, filters - first);
}

/** The values of a pixel of a filter: three of an `rgb` one, else one. Rows and columns are counted from 0. */
export function filterPixel(
  bank: FilterBank,
  values: Float32Array,
  at: FilterPlace & { readonly filter: number; readonly row: number; readonly column: number },
): readonly number[] {
  const { channels, filters, filtersLast, mode, width } = bank;
  const pixel = at.row * width + at.column;
  if (!filtersLast) return [values[pixel * filters + at.filter]!];
  const shown = shownFilters(bank, at.first);
  const value = (channel: number) =>
    values[(pixel * channels + channel) * shown + at.filter - at.first]!;
  return mode === 'rgb' ? [value(0), value(1), value(2)] : [value(at.channel)];
}

/** 0 is the grey in the middle, `limit` full light, `-limit` black; of a later layer as in the heatmap. */
export function filterColor(
  mode: FilterMode,
  values: readonly number[],
  limit: number,
  colors: ScaleColors,
): Rgb {
  if (values.some(Number.isNaN)) return colors.nan;
  const [red = 0, green = red, blue = red] = values;
  if (mode === 'channel') return colorOf(red, limit, colors);
  return [light(red, limit), light(green, limit), light(blue, limit)];
}

function light(value: number, limit: number): number {
  const share = limit > 0 ? Math.max(-1, Math.min(1, value / limit)) : 0;
  return Math.round(127.5 * (1 + share));
}
