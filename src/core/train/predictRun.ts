/** What a run's weights make of new rows. Needs the run directory only, not the data it was trained on. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { say } from '../../shared/language.ts';
import type { TrainConfig } from '../../shared/model/trainConfig.ts';
import type { InputRow, Prediction } from '../../shared/protocol/core.ts';
import { elementCount } from '../../shared/tensor/tensorType.ts';
import { encodeRows, type InputProblem } from '../data/encodeRows.ts';
import { readCsvRows } from '../data/furtherFiles.ts';
import { encodeImageRows, imageField } from '../data/images/furtherImages.ts';
import { listImages } from '../data/images/listImageFolder.ts';
import { unreadable } from '../data/images/readBytes.ts';
import type { SplitData } from '../data/preparedData.ts';
import { isImages, type Preprocessing } from '../data/preprocessing.ts';
import type { Model } from '../graph/model.ts';
import { bestCheckpoint, modelTensors } from '../runs/export/exportRun.ts';
import { openRun, type OpenedRun } from '../runs/openRun.ts';
import { buildPredictProgram } from './epochProgram.ts';
import { openForAnswers, storedModel } from './storedRun.ts';
import { describePrediction } from './prediction.ts';
import type { RunEnvironment } from './trainingRun.ts';
import { writeTensors, writeWhitening } from './weights.ts';

export interface PredictOptions extends RunEnvironment {
  readonly directory: string;
  /** Rows by feature name; or a CSV file with them, or a folder of images; with neither the rows that the config asks for. */
  readonly rows?: readonly InputRow[];
  readonly csvFile?: string;
  /** Of relative paths of images in `rows`; where there is none, they are those of the config. */
  readonly folder?: string;
}

/** Large enough to be fast, small enough that any file's outputs fit. */
const batchRows = 256;

/**
 * A row of a file that lacks something gets its problem for an answer; a given row that does is an error.
 * @throws AppError `run.notFound`, `data.read`, or `input.invalid` that says which row and feature is wrong.
 */
export async function predictRun(options: PredictOptions): Promise<Prediction[]> {
  const opened = await openRun(options.directory);
  const { preprocessing } = opened;
  const { config, model } = storedModel(opened);
  const file = await fileRows(options, preprocessing);
  const rows = file?.rows ?? options.rows ?? config.predict;
  if (rows.length === 0) return [];
  const { x, problems } = isImages(preprocessing)
    ? await encodeImageRows(preprocessing, rows, imageFolders(options, opened))
    : encodeRows(preprocessing, rows);
  const faults = faultsByRow(problems, file?.broken);
  if (faults.size >= (file === null ? 1 : rows.length)) throw unusable(faults);
  const outputs = await runModel(options, opened, { config, model, x, rows: rows.length });
  const width = elementCount(model.outputShape);
  return rows.map((input, row) => {
    const problem = faults.get(row);
    if (problem !== undefined) return { input, problem };
    const output = outputs.subarray(row * width, (row + 1) * width);
    return describePrediction(input, output, { config, target: preprocessing.target });
  });
}

/** Where relative paths of images begin; a file's are its own. */
export function imageFolders(
  { csvFile, folder }: Pick<PredictOptions, 'csvFile' | 'folder'>,
  { record }: OpenedRun,
): readonly string[] {
  if (csvFile !== undefined) return [path.dirname(csvFile)];
  return [...(folder === undefined ? [] : [folder]), path.dirname(record.configFile)];
}

/** Null where rows are given. */
async function fileRows(
  { csvFile, signal }: PredictOptions,
  preprocessing: Preprocessing,
): Promise<FileRows | null> {
  if (csvFile === undefined) return null;
  if (isImages(preprocessing) && (await isFolder(csvFile))) return imageRows(csvFile);
  const { diagnostics, ...read } = await readCsvRows(csvFile, {
    ...fileForm(preprocessing),
    signal,
  });
  if (diagnostics.length === 0) return read;
  throw new AppError('input.invalid', say`${csvFile} cannot be read`, { diagnostics });
}

async function isFolder(place: string): Promise<boolean> {
  return stat(place).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** All images in a folder and the folders in it, by their names. @throws AppError `data.read` where there is none. */
async function imageRows(folder: string): Promise<FileRows> {
  const files = await listImages(folder);
  if (files.length === 0) throw unreadable(folder, say('there are no PNG or JPEG files'));
  const rows = files.map((file) => ({ [imageField]: path.join(path.basename(folder), file) }));
  return { rows, broken: new Map() };
}

function fileForm(preprocessing: Preprocessing) {
  if (isImages(preprocessing)) return { needed: [imageField] };
  return {
    preprocessing,
    needed: preprocessing.features.filter(({ fill }) => fill === null).map(({ name }) => name),
  };
}

interface FileRows {
  readonly rows: readonly InputRow[];
  readonly broken: ReadonlyMap<number, string>;
}

/** All that is wrong with a row in one text; a row that cannot be read lacks everything else besides. */
function faultsByRow(
  problems: readonly InputProblem[],
  broken: ReadonlyMap<number, string> = new Map(),
): ReadonlyMap<number, string> {
  const faults = new Map<number, string>();
  for (const { row, message, hint } of problems) {
    const before = faults.get(row);
    const text = hint === undefined ? message : `${message} (${hint})`;
    faults.set(row, before === undefined ? text : `${before}; ${text}`);
  }
  return new Map([...faults, ...broken]);
}

function unusable(faults: ReadonlyMap<number, string>): AppError {
  const shown = [...faults].slice(0, 5).map(([row, fault]) => say`row ${row + 1}: ${fault}`);
  const more = faults.size - shown.length;
  if (more > 0) shown.push(more === 1 ? say('and 1 more row') : say`and ${more} more rows`);
  return new AppError('input.invalid', shown.join('; '));
}

interface ModelInput {
  readonly config: TrainConfig;
  readonly model: Model;
  /** [rows, ...inputShape] */
  readonly x: SplitData['x'];
  readonly rows: number;
}

/** [rows, ...outputShape] */
async function runModel(
  options: PredictOptions,
  opened: OpenedRun,
  { config, model, x, rows }: ModelInput,
): Promise<Float32Array> {
  const checkpoint = await bestCheckpoint(opened.directory);
  const backend = await openForAnswers(options, opened, config);
  try {
    const { program, validation } = buildPredictProgram(model, rows, batchRows);
    const executable = await backend.compile(program);
    writeTensors(executable, modelTensors(checkpoint));
    writeWhitening(executable, model.context);
    executable.write('data/predict/x', x);
    const outputs = new Float32Array(rows * elementCount(model.outputShape));
    for (const loop of validation) {
      await executable.run(loop.name, 0, loop.count);
      const values = (await executable.read(`${loop.name}/output`)) as Float32Array;
      outputs.set(values, loop.firstRow * elementCount(model.outputShape));
    }
    return outputs;
  } finally {
    backend.destroy();
  }
}
