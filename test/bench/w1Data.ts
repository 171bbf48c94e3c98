/**
 * The rows and initial weights that every W1 peer trains on: the penguins lab as the lab does it.
 *
 * File, little-endian: i32 training rows, i32 validation rows; for each split f32 x [rows, 5] and i32 y [rows];
 * then f32 fc1/kernel [5, 10], fc1/bias [10], fc2/kernel [10, 10], fc2/bias [10], fc3/kernel [10, 3], fc3/bias [3].
 */
import { readFile, writeFile } from 'node:fs/promises';
import { prepareData } from '../../src/core/data/prepareData.ts';
import type { SplitData } from '../../src/core/data/preparedData.ts';
import { buildModel } from '../../src/core/graph/buildModel.ts';
import { initialWeights } from '../../src/core/train/initialWeights.ts';
import { parseConfig } from '../../src/shared/model/parseConfig.ts';

export const w1Config = 'samples/penguins/penguins-lab.train.yaml';

export async function writeW1Data(file: string): Promise<void> {
  const { config, document } = parseConfig(await readFile(w1Config, 'utf8'), w1Config);
  if (config === null) throw new Error(`${w1Config} has errors`);
  const { data } = await prepareData({ config, document, configFile: w1Config });
  if (data === null) throw new Error(`the data of ${w1Config} have errors`);
  const { model } = buildModel({ config, document, context: data });
  if (model === null) throw new Error(`the model of ${w1Config} has errors`);
  const weights = [...initialWeights(model, config.seed).values()];
  const rows = Int32Array.of(data.train.rows, data.validation.rows);
  const parts = [rows, ...arrays(data.train), ...arrays(data.validation), ...weights];
  await writeFile(file, Buffer.concat(parts.map(bytesOf)));
}

function arrays({ x, y }: SplitData): (Float32Array | Int32Array)[] {
  return [x, y];
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array | Int32Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
