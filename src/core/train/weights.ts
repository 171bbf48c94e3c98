/** Values of the model's and the optimizer's tensors, on their way between host and device. */
import type { NamedTensor } from '../runs/safetensors.ts';
import type { TensorSummary } from '../../shared/protocol/core.ts';
import type { TrainConfig } from '../../shared/model/trainConfig.ts';
import { inputMoments } from '../data/inputMoments.ts';
import type { PreparedData } from '../data/preparedData.ts';
import { whiteningMatrix } from '../data/images/whitening.ts';
import type { Executable } from '../backends/backend.ts';
import type { Model } from '../graph/model.ts';
import type { Program } from '../ir/program.ts';
import { torchGenerator } from '../random/torchUniform.ts';

/** What others are told of a model's tensors, in their order. */
export function tensorSummaries({ layers, tensors }: Model): TensorSummary[] {
  const types = new Map(layers.map(({ name, config }) => [name, config.type]));
  return tensors.map(({ name, shape, trainable }) => {
    const layer = types.get(name.slice(0, name.lastIndexOf('/'))) ?? '';
    return { name, layer, shape, trainable };
  });
}

/**
 * The only place where initial weights come from: Threefry, or PyTorch's generator with `compat`; from `data` what
 * layers measure of their inputs.
 */
export function initialTensors(
  model: Model,
  seed: TrainConfig['seed'],
  data?: PreparedData,
): NamedTensor[] {
  const torch = seed.compat === 'pytorch' ? { torch: torchGenerator(seed.value) } : {};
  const inputs = data === undefined ? {} : { inputs: () => inputMoments(data) };
  return model.tensors.map(({ name, shape, initialize }, index) => ({
    name,
    dtype: 'f32',
    shape,
    values: initialize({ seed: seed.value, index, ...torch, ...inputs }),
  }));
}

export interface TensorPlace {
  readonly name: string;
  readonly shape: readonly number[];
}

/** Where the optimizer keeps its state: every state buffer of its name that is no tensor of the model. */
export function optimizerPlaces(program: Program, model: Model): TensorPlace[] {
  const own = new Set(model.tensors.map(({ name }) => name));
  return program.buffers
    .filter(({ name, role }) => role === 'state' && name.startsWith('optimizer/') && !own.has(name))
    .map(({ name, type }) => ({ name, shape: type.shape }));
}

/** Copies as of the last completed step. */
export async function readTensors(
  executable: Executable,
  places: readonly TensorPlace[],
): Promise<NamedTensor[]> {
  const { direct } = executable;
  if (direct !== undefined) {
    return places.map(({ name, shape }) => {
      return { name, dtype: 'f32', shape, values: direct.copy(name) };
    });
  }
  const tensors: NamedTensor[] = [];
  for (const { name, shape } of places) {
    tensors.push({ name, dtype: 'f32', shape, values: await executable.read(name) });
  }
  return tensors;
}

/** The memory of them, which training changes; null where the backend has to be waited for. */
export function tensorViews(
  { direct }: Executable,
  places: readonly TensorPlace[],
): NamedTensor[] | null {
  if (direct === undefined) return null;
  return places.map(({ name, shape }) => ({
    name,
    dtype: 'f32',
    shape,
    values: direct.view(name),
  }));
}

export function writeTensors(executable: Executable, tensors: readonly NamedTensor[]): void {
  for (const { name, values } of tensors) executable.write(name, values);
}

/** The matrix that inputs are multiplied by, where they are whitened. */
export function writeWhitening(executable: Executable, { inputScale }: Model['context']): void {
  const whitening = inputScale?.whitening;
  if (whitening !== undefined) executable.write('data/whitening', whiteningMatrix(whitening));
}

/** The first tensor with a value that is not finite: where a training went wrong. */
export function firstNonFinite(tensors: readonly NamedTensor[]): NamedTensor | undefined {
  return tensors.find(({ values }) => !values.every(Number.isFinite));
}
