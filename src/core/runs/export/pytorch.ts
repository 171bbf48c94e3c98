/**
 * A PyTorch `state_dict` as `torch.save` writes it: a zip of stored entries with `data.pkl`, one file per
 * storage, and `version`. Read by `torch.load(file, weights_only=True)`.
 */
import { zipSync } from 'fflate';
import { AppError } from '../../../shared/errors.ts';
import { say } from '../../../shared/language.ts';
import type { Shape } from '../../../shared/tensor/tensorType.ts';
import type { NamedTensor } from '../safetensors.ts';
import { permuteAxes, pytorchLayouts } from './layouts.ts';
import { pickle, pickled, type PickleValue } from './pickle.ts';

interface TorchTensor {
  readonly key: string;
  readonly storage: 'FloatStorage' | 'LongStorage';
  readonly shape: readonly number[];
  readonly values: Float32Array | BigInt64Array;
}

/** By name of a tensor: the shape [..., channels] whose values, flattened, its axis 0 runs over. */
export type FlattenedImages = ReadonlyMap<string, Shape>;

export interface StateDictOptions {
  /** Steps trained: `num_batches_tracked` of batch normalisations. */
  readonly steps: number;
  /** PyTorch flattens channels first, so these have their axis 0 in another order there. */
  readonly flattened?: FlattenedImages;
}

/** `tensors`: those of the model. @throws AppError `export.unsupported` naming the tensor. */
export function encodeStateDict(
  tensors: readonly NamedTensor[],
  { steps, flattened = new Map() }: StateDictOptions,
): Uint8Array {
  const separable = new Set(
    tensors.filter(({ name }) => name.endsWith('/pointwise_kernel')).map(layerName),
  );
  const entries = tensors.flatMap((tensor) => {
    const image = flattened.get(tensor.name);
    const own = torchTensor(image === undefined ? tensor : channelsFirst(tensor, image), separable);
    const counts = own.key.endsWith('.running_var');
    return counts ? [own, batchesTracked(own.key, steps)] : [own];
  });
  const files = Object.fromEntries(
    entries.map(({ values }, index) => [
      `archive/data/${index}`,
      new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
    ]),
  );
  const archive = {
    'archive/data.pkl': pickle(stateDict(entries)),
    'archive/byteorder': new TextEncoder().encode('little'),
    ...files,
    'archive/version': new TextEncoder().encode('3\n'),
  };
  // A fixed date: the same weights give the same file. PyTorch reads stored entries only.
  return zipSync(archive, { level: 0, mtime: '1980-01-01T00:00:00' });
}

function layerName({ name }: NamedTensor): string {
  return name.slice(0, name.lastIndexOf('/'));
}

/** Axis 0 of `tensor` runs over an image; the same in the order of PyTorch. */
function channelsFirst(tensor: NamedTensor, image: Shape): NamedTensor {
  if (!(tensor.values instanceof Float32Array)) return tensor;
  const rest = tensor.shape.slice(1);
  const places = image.length - 1;
  const permutation = [
    places,
    ...Array(places).keys(),
    ...rest.map((_, axis) => image.length + axis),
  ];
  const { values } = permuteAxes(tensor.values, [...image, ...rest], permutation);
  return { ...tensor, values };
}

/** `separable`: layers that are two modules in PyTorch, `depthwise` and `pointwise`. */
function torchTensor(tensor: NamedTensor, separable: ReadonlySet<string>): TorchTensor {
  const { name, shape, values } = tensor;
  const layer = layerName(tensor);
  const role = name.slice(layer.length + 1);
  const layout = pytorchLayouts[`${role}/${shape.length}`];
  if (layout === undefined || !(values instanceof Float32Array)) {
    throw new AppError('export.unsupported', say`PyTorch has no place for tensor ${name}`);
  }
  const part = !separable.has(layer)
    ? ''
    : role.startsWith('depthwise')
      ? '.depthwise'
      : '.pointwise';
  const key = `${layer.replaceAll('/', '.')}${part}.${layout.name}`;
  const permuted = permuteAxes(values, shape, layout.permutation ?? shape.map((_, axis) => axis));
  const theirs = layout.reshape?.(permuted.shape) ?? permuted.shape;
  return { key, storage: 'FloatStorage', values: permuted.values, shape: theirs };
}

function batchesTracked(key: string, steps: number): TorchTensor {
  return {
    key: key.replace(/running_var$/, 'num_batches_tracked'),
    storage: 'LongStorage',
    shape: [],
    values: BigInt64Array.of(BigInt(steps)),
  };
}

const orderedDict = pickled.call(pickled.global('collections', 'OrderedDict'), []);

function stateDict(entries: readonly TorchTensor[]): PickleValue {
  return {
    kind: 'items',
    object: orderedDict,
    items: entries.map((tensor, index) => [tensor.key, rebuilt(tensor, index)] as const),
  };
}

/** `torch._utils._rebuild_tensor_v2(storage, offset, size, stride, requires_grad, hooks)`. */
function rebuilt({ storage, shape, values }: TorchTensor, index: number): PickleValue {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
  const id = pickled.tuple([
    pickled.string('storage'),
    pickled.global('torch', storage),
    pickled.string(String(index)),
    pickled.string('cpu'),
    pickled.int(values.length),
  ]);
  return pickled.call(pickled.global('torch._utils', '_rebuild_tensor_v2'), [
    { kind: 'persistent', id },
    pickled.int(0),
    pickled.tuple(shape.map(pickled.int)),
    pickled.tuple(strides.map(pickled.int)),
    pickled.bool(false),
    orderedDict,
  ]);
}
