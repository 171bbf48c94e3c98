/** Values of one row as images, small enough to be drawn side by side. */
import type { FeatureMaps } from '../../../shared/protocol/explainStep.ts';
import { elementCount } from '../../../shared/tensor/tensorType.ts';
import { tensorStatistics } from '../../tensors/statistics.ts';
import type { Stored } from './explainProgram.ts';
import type { WorkedStep } from './workedStep.ts';

const mostMaps = 64;
/** Pixels of the longer side of a map. */
const mostPixels = 64;

/** Null for values that are no images: those of a place alone, too. */
export async function featureMaps(
  worked: WorkedStep,
  stored: Stored,
  row: number,
): Promise<FeatureMaps | null> {
  const [height = 0, width = 0, channels = 0] = stored.shape.slice(1);
  if (stored.shape.length !== 4 || height * width <= 1) return null;
  const count = elementCount(stored.shape.slice(1));
  const all = await worked.read(stored.buffer, row * count, count);
  const block = Math.ceil(Math.max(height, width) / mostPixels);
  const shown = Math.min(channels, mostMaps);
  const size = { height, width, channels, shown, block };
  return { ...size, values: mapValues(all, size), statistics: tensorStatistics(all) };
}

/** From [height, width, channels] to [shown, rows, columns], each place the mean of a block. */
function mapValues(
  all: Float32Array,
  { height, width, channels, shown, block }: Omit<FeatureMaps, 'values' | 'statistics'>,
): Float32Array {
  const [rows, columns] = [Math.ceil(height / block), Math.ceil(width / block)];
  const sums = new Float64Array(shown * rows * columns);
  const sizes = new Uint32Array(rows * columns);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const place = Math.floor(y / block) * columns + Math.floor(x / block);
      sizes[place]! += 1;
      for (let map = 0; map < shown; map++) {
        sums[map * rows * columns + place]! += all[(y * width + x) * channels + map]!;
      }
    }
  }
  return Float32Array.from(sums, (sum, i) => sum / sizes[i % sizes.length]!);
}
