/**
 * Convolutions and their gradients through the kernels that every build of TensorFlow.js has: those know neither
 * uneven padding in gradients, nor dilation beside strides, nor groups. So padding is laid on and cut off around them,
 * a dilated filter gets its zeros, and groups go one by one, but for depthwise convolutions, which have kernels.
 */
import type { Tensor4D } from '@tensorflow/tfjs';
import type { ConvGeometry, Node } from '../../ir/program.ts';
import { type Pair, type Shape4, type Sides, insertZeros, resized, shape4 } from './spacing.ts';
import type { Lowering, Tensor } from './tensorFlow.ts';

/** A convolution without padding or dilation, and its gradients. */
interface Kernels {
  readonly forward: (x: Tensor, filter: Tensor) => Tensor;
  readonly inputGrad: (grad: Tensor, filter: Tensor, inputShape: Shape4) => Tensor;
  readonly filterGrad: (x: Tensor, grad: Tensor, filterShape: Shape4) => Tensor;
}

/** Null where the node is of another kind. */
export function convolution(
  { op, type }: Node,
  args: readonly Tensor[],
  l: Lowering,
): Tensor | null {
  const [x, y] = args as [Tensor, Tensor];
  const shape = type.shape as unknown as Shape4;
  switch (op.kind) {
    case 'conv2d':
      return forward([x, y], op.geometry, l);
    case 'conv2dInputGrad':
      return inputGrad([x, y], shape, op.geometry, l);
    case 'conv2dFilterGrad':
      return filterGrad([x, y], shape, op.geometry, l);
    default:
      return null;
  }
}

type Two = readonly [Tensor, Tensor];

function forward([x, filter]: Two, geometry: ConvGeometry, l: Lowering): Tensor {
  const kernels = kernelsFor(geometry, shape4(filter), l);
  return kernels.forward(resized(x, geometry.padding, l), dilated(filter, geometry, l));
}

function inputGrad(
  [grad, filter]: Two,
  shape: Shape4,
  geometry: ConvGeometry,
  l: Lowering,
): Tensor {
  const [n, rows, columns, channels] = shape;
  const [top, bottom, left, right] = geometry.padding;
  const padded: Shape4 = [n, rows + top + bottom, columns + left + right, channels];
  const kernels = kernelsFor(geometry, shape4(filter), l);
  const found = kernels.inputGrad(grad, dilated(filter, geometry, l), padded);
  if (geometry.padding.every((side) => side === 0)) return found;
  return l.tf.slice(l.use(found), [0, top, left, 0], shape);
}

function filterGrad([x, grad]: Two, shape: Shape4, geometry: ConvGeometry, l: Lowering): Tensor {
  const [dy, dx] = geometry.dilation;
  const [rows, columns, inputs, outputs] = shape;
  const wide: Shape4 = [(rows - 1) * dy + 1, (columns - 1) * dx + 1, inputs, outputs];
  const kernels = kernelsFor(geometry, shape, l);
  const found = kernels.filterGrad(resized(x, geometry.padding, l), grad, wide);
  if (dy === 1 && dx === 1) return found;
  return l.tf.stridedSlice(l.use(found), [0, 0, 0, 0], wide, [dy, dx, 1, 1]);
}

/** The filter with zeros where a dilated one looks at nothing. */
function dilated(filter: Tensor, { dilation }: ConvGeometry, l: Lowering): Tensor {
  if (dilation.every((d) => d === 1)) return filter;
  const [rows, columns, inputs, outputs] = shape4(filter);
  const image = l.use(l.tf.reshape(filter, [1, rows, columns, inputs * outputs]));
  const after: Sides = [0, 1 - dilation[0], 0, 1 - dilation[1]];
  const wide = resized(insertZeros(image, dilation, l), after, l);
  return l.use(l.tf.reshape(wide, [...wide.shape.slice(1, 3), inputs, outputs]));
}

function kernelsFor({ strides, groups }: ConvGeometry, filter: Shape4, l: Lowering): Kernels {
  if (groups === 1) return plain(strides, l);
  const [, , perGroup] = filter;
  // TensorFlow's depthwise kernels take one stride for both axes.
  const isDepthwise = perGroup === 1 && strides[0] === strides[1];
  return isDepthwise ? depthwise(strides, groups, l) : grouped(plain(strides, l), groups, l);
}

function attributes([sy, sx]: Pair) {
  return { strides: [sy, sx], pad: 'valid', dataFormat: 'NHWC', dilations: [1, 1] };
}

function plain(strides: Pair, { tf }: Lowering): Kernels {
  const engine = tf.engine();
  const attrs = attributes(strides);
  return {
    forward: (x, filter) =>
      tf.conv2d(x as Tensor4D, filter as Tensor4D, [strides[0], strides[1]], 'valid'),
    inputGrad: (dy, filter, inputShape) =>
      engine.runKernel(tf.Conv2DBackpropInput, { dy, filter }, { ...attrs, inputShape }),
    filterGrad: (x, dy, filterShape) =>
      engine.runKernel(tf.Conv2DBackpropFilter, { x, dy }, { ...attrs, filterShape }),
  };
}

/** TensorFlow.js has its filters as [rows, columns, channels, outputs of each], in the same order of elements. */
function depthwise(strides: Pair, channels: number, { tf, use }: Lowering): Kernels {
  const engine = tf.engine();
  const attrs = attributes(strides);
  const theirs = ([rows, columns, , outputs]: Shape4): Shape4 => [
    rows,
    columns,
    channels,
    outputs / channels,
  ];
  const filterOf = (filter: Tensor) => use(tf.reshape(filter, theirs(shape4(filter))));
  const inputName = tf.DepthwiseConv2dNativeBackpropInput;
  const filterName = tf.DepthwiseConv2dNativeBackpropFilter;
  return {
    forward: (x, filter) =>
      tf.depthwiseConv2d(
        x as Tensor4D,
        filterOf(filter) as Tensor4D,
        [strides[0], strides[1]],
        'valid',
      ),
    inputGrad: (dy, filter, inputShape) =>
      engine.runKernel(inputName, { dy, filter: filterOf(filter) }, { ...attrs, inputShape }),
    filterGrad: (x, dy, shape) => {
      const found = engine.runKernel(
        filterName,
        { x, dy },
        { ...attrs, filterShape: theirs(shape) },
      );
      return tf.reshape(use(found as Tensor), shape);
    },
  };
}

/** Each group on its own channels, one after the other. */
function grouped(kernels: Kernels, groups: number, { tf, use }: Lowering): Kernels {
  const part = (x: Tensor, group: number): Tensor => {
    const shape = shape4(x);
    const size = shape[3] / groups;
    return use(tf.slice(x, [0, 0, 0, group * size], [...shape.slice(0, 3), size]));
  };
  const joined = (make: (group: number) => Tensor): Tensor =>
    tf.concat(
      Array.from({ length: groups }, (_, group) => use(make(group))),
      3,
    );
  return {
    forward: (x, filter) => joined((g) => kernels.forward(part(x, g), part(filter, g))),
    inputGrad: (grad, filter, [n, rows, columns, channels]) =>
      joined((g) =>
        kernels.inputGrad(part(grad, g), part(filter, g), [n, rows, columns, channels / groups]),
      ),
    filterGrad: (x, grad, [rows, columns, inputs, outputs]) =>
      joined((g) =>
        kernels.filterGrad(part(x, g), part(grad, g), [rows, columns, inputs, outputs / groups]),
      ),
  };
}
