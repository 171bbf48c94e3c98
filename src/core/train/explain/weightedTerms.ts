/** Which inputs one sum of a layer is made of, and which weights they meet. */
import type { LayerOf } from '../../../shared/model/layers.ts';
import type { Shape } from '../../../shared/tensor/tensorType.ts';
import { slideOver } from '../../layers/slidingWindow.ts';

export interface TermPlace {
  /** Into the inputs of the row. */
  readonly input: number;
  /** Into the kernel. */
  readonly weight: number;
}

export interface TermPlaces {
  /** In the order of the kernel; zeros of a padding are left out. */
  readonly terms: readonly TermPlace[];
  /** Into the bias. */
  readonly unit: number;
}

type Weighted = LayerOf<'Dense' | 'Conv1D' | 'Conv2D'>;

/** `shape`: of the input of one row. `index`: into the outputs of the row. */
export function termPlaces(config: Weighted, shape: Shape, index: number): TermPlaces | null {
  if (config.type === 'Dense') return denseTerms(config.units, shape, index);
  return convolutionTerms(config, shape, index);
}

/** A dense layer works on the last axis: there are as many outputs of a unit as the axes before it have places. */
function denseTerms(units: number, shape: Shape, index: number): TermPlaces {
  const count = shape.at(-1)!;
  const [place, unit] = [Math.floor(index / units), index % units];
  const terms = Array.from({ length: count }, (_, i) => ({
    input: place * count + i,
    weight: i * units + unit,
  }));
  return { terms, unit };
}

/** Kernels are [rows, columns, in / groups, filters]; null only for what is no image, which no model has. */
function convolutionTerms(
  config: LayerOf<'Conv1D' | 'Conv2D'>,
  shape: Shape,
  index: number,
): TermPlaces | null {
  const { filters, groups } = config;
  const window = slideOver(
    config.type === 'Conv1D' ? 1 : 2,
    { shape, from: '' },
    {
      key: 'kernel_size',
      size: config.kernel_size,
      strides: config.strides,
      dilation: config.dilation_rate,
      padding: config.padding,
    },
  );
  if ('problem' in window) return null;
  const { size, image, output, geometry } = window;
  const { strides, padding, dilation } = geometry;
  const unit = index % filters;
  const place = Math.floor(index / filters);
  const top = Math.floor(place / output[1]) * strides[0] - padding[0];
  const left = (place % output[1]) * strides[1] - padding[2];
  const channels = image[2] / groups;
  const first = Math.floor(unit / (filters / groups)) * channels;
  const terms: TermPlace[] = [];
  for (let cell = 0; cell < size[0] * size[1]; cell++) {
    const row = top + Math.floor(cell / size[1]) * dilation[0];
    const column = left + (cell % size[1]) * dilation[1];
    if (row < 0 || column < 0 || row >= image[0] || column >= image[1]) continue;
    const pixel = (row * image[1] + column) * image[2] + first;
    for (let channel = 0; channel < channels; channel++) {
      const weight = (cell * channels + channel) * filters + unit;
      terms.push({ input: pixel + channel, weight });
    }
  }
  return { terms, unit };
}
