/** NumPy arrays: `.npz` with training and perhaps test arrays, or a `.npy` of inputs and one of labels. */
import { say } from '../../../shared/language.ts';
import { AppError } from '../../../shared/errors.ts';
import { elementCount } from '../../../shared/tensor/tensorType.ts';
import { fileBytes, unreadable, type FileBytes } from './readBytes.ts';
import type { ReadSamplesOptions, Samples, SampleSet } from './samples.ts';

export interface ArraysPlace {
  readonly format: 'npz' | 'npy';
  readonly file: string;
  /** Of `npy`. */
  readonly labels: string | null;
}

interface NumberArray {
  /** Where it comes from, for messages. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
  readonly isBytes: boolean;
}

/** @throws AppError `data.read` that names the file and array. */
export async function readArrays(
  { format, file, labels }: ArraysPlace,
  { signal }: ReadSamplesOptions,
): Promise<SampleSet> {
  const files = fileBytes(signal);
  const arrays = format === 'npz' ? await readNpz(files, file) : await readNpy(files, file, labels);
  const { train, test } = arrays;
  const shape = train.x.shape.slice(1);
  if (test !== null && test.x.shape.slice(1).join() !== shape.join()) {
    throw unreadable(file, say`${test.x.name} has another shape than ${train.x.name}`);
  }
  return {
    shape,
    train: samplesOf(train),
    test: test === null ? null : samplesOf(test),
    names: null,
    sha256: files.sha256(),
  };
}

interface Pair {
  readonly x: NumberArray;
  readonly y: NumberArray;
}

interface Arrays {
  readonly train: Pair;
  readonly test: Pair | null;
}

async function readNpy(files: FileBytes, file: string, labels: string | null): Promise<Arrays> {
  if (labels === null) {
    throw new AppError('data.read', say`say where the labels of ${file} are: data.labels`);
  }
  const x = await parseArray(await files.read(file), file);
  const y = await parseArray(await files.read(labels), labels);
  return { train: { x, y }, test: null };
}

async function readNpz(files: FileBytes, file: string): Promise<Arrays> {
  const { unzip } = await import('fflate');
  const bytes = await files.read(file);
  const entries = await new Promise<Record<string, Uint8Array>>((resolve, reject) => {
    unzip(bytes, (error, data) => (error === null ? resolve(data) : reject(error)));
  }).catch(() => {
    throw unreadable(file, say('it is no npz file'));
  });
  const names = Object.keys(entries).map((entry) => entry.replace(/\.npy$/, ''));
  const array = async (name: string): Promise<NumberArray | null> => {
    const entry = entries[`${name}.npy`];
    return entry === undefined ? null : parseArray(entry, `${file}: ${name}`);
  };
  const pair = async (x: string, y: string): Promise<Pair | null> => {
    const [inputs, targets] = [await array(x), await array(y)];
    return inputs === null || targets === null ? null : { x: inputs, y: targets };
  };
  const train = (await pair('x_train', 'y_train')) ?? (await pair('x', 'y'));
  if (train === null) {
    const message = say`it has ${names.join(', ')}; x_train and y_train are needed, or x and y`;
    throw unreadable(file, message);
  }
  return { train, test: await pair('x_test', 'y_test') };
}

async function parseArray(bytes: Uint8Array, name: string): Promise<NumberArray> {
  const { parse } = await import('npyjs');
  const array = ((): ReturnType<typeof parse> => {
    try {
      return parse(Uint8Array.from(bytes).buffer);
    } catch {
      throw unreadable(name, say('it is no NumPy array of numbers'));
    }
  })();
  const { dtype, shape, fortranOrder } = array;
  if (fortranOrder && shape.length > 1) {
    throw unreadable(name, say('it is in Fortran order; save np.ascontiguousarray of it'));
  }
  if (!/^[iuf]\d$|^b1$/.test(dtype)) throw unreadable(name, say`its type ${dtype} is no number`);
  if (shape.length === 0) throw unreadable(name, say('it is a single number'));
  const data = array.data as unknown as ArrayLike<number | bigint>;
  if (data.length !== elementCount(shape)) {
    throw unreadable(name, say`it has ${data.length} values where ${shape.join(' x ')} are due`);
  }
  const values =
    typeof data[0] === 'bigint' ? Array.from(data, Number) : (data as ArrayLike<number>);
  return { name, shape, values, isBytes: dtype === 'u1' };
}

function samplesOf({ x, y }: Pair): Samples {
  const [count = 0, ...shape] = x.shape;
  if (count === 0 || elementCount(shape) === 0) throw unreadable(x.name, say('it is empty'));
  if (y.shape[0] !== count) {
    throw unreadable(y.name, say`it has ${y.shape[0] ?? 0} labels for ${count} samples`);
  }
  for (const { name, values } of [x, y]) requireFinite(name, values, count);
  const inputs = x.isBytes ? Uint8Array.from(x.values) : Float32Array.from(x.values);
  return { count, x: inputs, y: Float32Array.from(y.values) };
}

/** One value that is none spoils all weights at the first step. */
function requireFinite(name: string, values: ArrayLike<number>, count: number): void {
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i])) continue;
    const sample = Math.floor((i * count) / values.length);
    throw unreadable(
      name,
      say`sample ${sample} has the value ${values[i]!}; replace it, or leave the sample out`,
    );
  }
}
