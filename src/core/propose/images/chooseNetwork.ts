/** A convolutional network, batch size and epochs by the size of the images and how many there are. */
import { say } from '../../../shared/language.ts';
import { elementCount } from '../../../shared/tensor/tensorType.ts';
import type { ImagesReport, Size } from '../../inspect/imagesReport.ts';

export interface NetworkChoice {
  /** To resize to; null where the images stay as they are. */
  readonly size: { readonly value: Size; readonly reason: string } | null;
  /** Of one sample as the first layer gets it. */
  readonly shape: readonly number[];
  /** Filters of each block of a convolution and a pooling; none for samples that are no images. */
  readonly filters: readonly number[];
  /** Units of the hidden dense layers. */
  readonly hidden: readonly number[];
  readonly dropout: number | null;
  readonly reason: string;
  readonly batchSize: number;
  readonly epochs: number;
  readonly patience: number;
}

/** Steps after which a small network has learned most of what it can. */
const typicalSteps = 3000;

/** `rows`: training samples. */
export function chooseNetwork(report: ImagesReport, rows: number): NetworkChoice {
  const size = chooseSize(report);
  const given = asImage(report.shape);
  const shape = size === null ? given : [...size.value, given[2]!];
  const filters = shape.length === 3 ? chooseFilters(shape, rows) : [];
  const few = rows < 2000;
  const batchSize = rows < 1000 ? 16 : rows < 20_000 ? 32 : 64;
  const steps = Math.ceil(rows / batchSize);
  const epochs = Math.min(50, Math.max(5, Math.ceil(typicalSteps / steps)));
  const hidden = filters.length > 0 ? [few ? 32 : 64] : few ? [32] : [64, 64];
  return {
    size,
    shape,
    filters,
    hidden,
    dropout: filters.length > 0 ? 0.3 : null,
    reason: networkReason(shape, filters.length),
    batchSize,
    epochs,
    patience: Math.max(3, Math.round(epochs / 5)),
  };
}

/** Larger images cost more time than they are worth at first. */
const longestSide = 96;
const resizedSide = 64;

function chooseSize({ format, shape, sizes }: ImagesReport): NetworkChoice['size'] {
  const [height = 0, width = 0] = shape;
  const longest = Math.max(height, width);
  if (format !== 'images' || (sizes === null && longest <= longestSide)) return null;
  const factor = longest <= longestSide ? 1 : resizedSide / longest;
  const value: Size = [rounded(height * factor), rounded(width * factor)];
  return { value, reason: sizeReason(shape, sizes) };
}

/** A multiple of 8 halves cleanly three times. */
function rounded(side: number): number {
  return Math.max(8, 8 * Math.round(side / 8));
}

function sizeReason(
  [height = 0, width = 0]: readonly number[],
  sizes: ImagesReport['sizes'],
): string {
  if (sizes === null) return say`smaller than their ${height} x ${width}, to train faster`;
  const { least, most } = sizes;
  return say`one size for all: they are from ${least.join(' x ')} to ${most.join(' x ')}`;
}

/** A picture without an axis of channels gets one. */
function asImage(shape: readonly number[]): readonly number[] {
  return shape.length === 2 && Math.min(...shape) >= 8 ? [...shape, 1] : shape;
}

/** Arrays of many channels, or of channels first, are no pictures that a small convolution is sure to suit. */
const mostChannels = 4;

function chooseFilters([height = 0, width = 0, channels = 0]: readonly number[], rows: number) {
  const side = Math.min(height, width);
  if (channels > mostChannels || side < 8) return [];
  const first = side <= 32 && rows < 2000 ? 8 : 16;
  const blocks = Math.min(4, Math.floor(Math.log2(side / 4)));
  return Array.from({ length: blocks }, (_, i) => Math.min(64, first * 2 ** i));
}

function networkReason(shape: readonly number[], blocks: number): string {
  if (blocks === 0) return say`dense layers over ${elementCount(shape)} numbers`;
  return blocks === 1
    ? say('one block that looks for patterns and halves the size, then dense layers')
    : say`${blocks} blocks, each looks for patterns and halves the size, then dense layers`;
}
