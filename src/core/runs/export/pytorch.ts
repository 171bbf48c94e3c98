/**
 * A PyTorch `state_dict` as `torch.save` writes it: a zip of stored entries with `data.pkl`, one file per
 * storage, and `version`. Read by `torch.load(file, weights_only=True)`.
 */
import { zipSync } from 'fflate';
import { AppError } from '../../../shared/errors.ts';
import { say } from '../../../shared/language.ts';
import type { NamedTensor } from '../safetensors.ts';
import { permuteAxes, pytorchLayouts } from './layouts.ts';
import { pickle, pickled, type PickleValue } from './pickle.ts';

interface TorchTensor {
  readonly key: string;
  readonly storage: 'FloatStorage' | 'LongStorage';
  readonly shape: readonly number[];
  readonly values: Float32Array | BigInt64Array;
}

export interface StateDictOptions {
  /** Steps trained: `num_batches_tracked` of batch normalisations. */
  readonly steps: number;
}

/** `tensors`: those of the model. @throws AppError `export.unsupported` naming the tensor. */
export function encodeStateDict(
  tensors: readonly NamedTensor[],
  { steps }: StateDictOptions,
): Uint8Array {
  const entries = tensors.flatMap((tensor) => {
    const own = torchTensor(tensor);
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

function torchTensor({ name, shape, values }: NamedTensor): TorchTensor {
  const cut = name.lastIndexOf('/');
  const layout = pytorchLayouts[`${name.slice(cut + 1)}/${shape.length}`];
  if (layout === undefined || !(values instanceof Float32Array)) {
    throw new AppError('export.unsupported', say`PyTorch has no place for tensor ${name}`);
  }
  const key = `${name.slice(0, cut).replaceAll('/', '.')}.${layout.name}`;
  const permuted = permuteAxes(values, shape, layout.permutation ?? shape.map((_, axis) => axis));
  return { key, storage: 'FloatStorage', ...permuted };
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
