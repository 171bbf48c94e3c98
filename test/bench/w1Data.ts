/**
 * The rows and initial weights that every W1 peer trains on: the penguins lab as the lab does it.
 *
 * File, little-endian: i32 training rows, i32 validation rows; for each split f32 x [rows, 5] and i32 y [rows];
 * then f32 fc1/kernel [5, 10], fc1/bias [10], fc2/kernel [10, 10], fc2/bias [10], fc3/kernel [10, 3], fc3/bias [3].
 */
import { readFile, writeFile } from 'node:fs/promises';
import type { TensorValues } from '../../src/shared/tensor/tensorType.ts';
import { prepareTraining, type PreparedTraining } from '../../src/core/train/prepareTraining.ts';
import { initialTensors } from '../../src/core/train/weights.ts';

export const w1Config = 'samples/penguins/penguins-lab.train.yaml';

export async function prepareW1(config = w1Config): Promise<PreparedTraining> {
  const text = await readFile(config, 'utf8');
  const { prepared } = await prepareTraining({ text, file: config, configFile: config });
  if (prepared === null) throw new Error(`${config} has errors`);
  return prepared;
}

/** For any table and config with the shapes of W1; gives the number of training rows. */
export async function writeTableData(source: string, file: string): Promise<number> {
  const { config, data, model } = await prepareW1(source);
  const { train, validation } = data;
  const weights = initialTensors(model, config.seed).map(({ values }) => values);
  const rows = Int32Array.of(train.rows, validation.rows);
  const parts = [rows, train.x, train.y, validation.x, validation.y, ...weights];
  await writeFile(file, Buffer.concat(parts.map(bytesOf)));
  return train.rows;
}

export async function writeW1Data(file: string): Promise<void> {
  await writeTableData(w1Config, file);
}

function bytesOf({ buffer, byteOffset, byteLength }: TensorValues): Buffer {
  return Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);
}
