import type { LayerOf } from '../../shared/model/layers.ts';
import type { ConvGeometry } from '../ir/program.ts';
import { finish } from './convolution.ts';
import { type Pair, asPair, imageProblem, imageShape } from './image.ts';
import { type LayerRule, batchSize } from './layer.ts';
import { placeWindow } from './slidingWindow.ts';
import { biasTensors, weightTensor } from './weightTensors.ts';

/**
 * The convolution whose result would have the shape of what comes in, backwards: its input gradient. With `same`
 * the result is strides times as large; with `valid` all that the windows reach, and the rest of a stride.
 * Tensors: `kernel` [rows, columns, filters, in], `bias` [filters].
 */
export const conv2dTranspose: LayerRule<LayerOf<'Conv2DTranspose'>> = (
  config,
  { name, inputs: [input] },
) => {
  const misfit = imageProblem(2, input);
  if (misfit !== null) return misfit;
  const { filters } = config;
  const [rows, columns, channels] = imageShape(input.shape);
  const { size, result, geometry } = backwards(config, [rows, columns]);
  const outputShape = [...result, filters];
  const places = size[0] * size[1];
  const fans = { fanIn: places * filters, fanOut: places * channels };
  const kernel = weightTensor(`${name}/kernel`, [...size, filters, channels], {
    initializer: config.kernel_initializer,
    fans,
  });
  return {
    outputShape,
    tensors: [kernel, ...biasTensors(config, { name, size: filters, fans })],
    activation: config.activation,
    lower: ([x], context) => {
      const b = context.builder;
      const shape = [batchSize(x), ...outputShape];
      const y = b.conv2dInputGrad(x, context.tensor(kernel.name), shape, geometry);
      return finish(context, y, { config, name, outputShape });
    },
  };
};

interface Backwards {
  readonly size: Pair;
  /** Rows and columns. */
  readonly result: Pair;
  /** Of the convolution from the result to what comes in. */
  readonly geometry: ConvGeometry;
}

function backwards(config: LayerOf<'Conv2DTranspose'>, incoming: Pair): Backwards {
  const size = asPair(2, config.kernel_size);
  const strides = asPair(2, config.strides);
  const dilation = asPair(2, config.dilation_rate);
  const { padding } = config;
  const [rows, columns] = ([0, 1] as const).map((axis) => {
    const stride = strides[axis];
    const window = (size[axis] - 1) * dilation[axis] + 1;
    const beyond = padding === 'valid' ? Math.max(window - stride, 0) : 0;
    const length = incoming[axis] * stride + beyond;
    return { length, ...placeWindow({ length, window, stride, padding }) };
  }) as unknown as [Side, Side];
  return {
    size,
    result: [rows.length, columns.length],
    geometry: {
      strides,
      padding: [rows.before, rows.after, columns.before, columns.after],
      dilation,
      groups: 1,
    },
  };
}

interface Side {
  readonly length: number;
  readonly before: number;
  readonly after: number;
}
