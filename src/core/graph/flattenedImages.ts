/**
 * Where the order of flattened values shows in weights. We flatten images [rows, columns, channels]; PyTorch has
 * [channels, rows, columns], so what a Dense layer behind a Flatten learns has another order of inputs there.
 */
import type { Shape } from '../../shared/tensor/tensorType.ts';
import type { Model, ModelLayer } from './model.ts';

/** Layers that work on each value alone, and so hand the order on. */
const keepOrder: readonly ModelLayer['config']['type'][] = [
  'Activation',
  'BatchNormalization',
  'Dropout',
];

/** By name of a tensor: the shape of the image or sequence that its axis 0 runs over, flattened. */
export function flattenedImages({ layers, tensors }: Model): ReadonlyMap<string, Shape> {
  const orders: (Shape | null)[] = [];
  const found = new Map<string, Shape>();
  for (const layer of layers) {
    const [source] = layer.sources;
    const incoming = typeof source === 'number' ? (orders[source] ?? null) : null;
    orders.push(orderBehind(layer, incoming));
    if (incoming === null || (layer.config.type !== 'Dense' && !keepsOrder(layer))) continue;
    for (const { name } of tensors) {
      const behindDense = layer.config.type === 'Dense' && name === `${layer.name}/bias`;
      if (name.startsWith(`${layer.name}/`) && !behindDense) found.set(name, incoming);
    }
  }
  return found;
}

/** Of what the layer gives. */
function orderBehind(layer: ModelLayer, incoming: Shape | null): Shape | null {
  if (keepsOrder(layer)) return incoming;
  const [shape = []] = layer.inputShapes;
  return layer.config.type === 'Flatten' && shape.length > 1 ? shape : null;
}

function keepsOrder({ config }: ModelLayer): boolean {
  return keepOrder.includes(config.type);
}
