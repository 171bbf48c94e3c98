/** What a config makes of its data: inputs after the preprocessing, the split, and rows that it lets leak. */
import type {
  ClassCount,
  DataPart,
  FeatureReport,
  InputReport,
  PreparedReport,
  PreparedRow,
} from '../../shared/protocol/dataReport.ts';
import { isTable } from '../../shared/model/data.ts';
import { elementCount } from '../../shared/tensor/tensorType.ts';
import type { TrainConfig } from '../../shared/model/trainConfig.ts';
import { describeFeature } from '../data/describeFeature.ts';
import { computeBaseline } from '../data/baseline.ts';
import type { HeadRow } from '../data/headRows.ts';
import type { PreparedData, SplitData } from '../data/preparedData.ts';
import { describeImages } from '../data/images/describeImages.ts';
import { imageField } from '../data/images/furtherImages.ts';
import { featureWidth, inputWidth, isImages } from '../data/preprocessing.ts';
import type {
  ImagePreprocessing,
  Preprocessing,
  TablePreprocessing,
} from '../data/preprocessing.ts';
import { findLeaks, pauseFor } from '../data/findLeaks.ts';
import { reportNumbers } from './numberReport.ts';

/** Columns of pixels or of one-hot encodings can be many thousands. */
const mostInputs = 300;

/** Lets other requests in between columns and parts. Throws only the abort reason. */
export async function inspectPrepared(
  data: PreparedData,
  config: TrainConfig,
  signal?: AbortSignal,
): Promise<PreparedReport> {
  const { preprocessing, train, validation, test, source } = data;
  const pause = pauseFor(signal);
  const parts = { train: train.rows, validation: validation.rows, test: test?.rows ?? 0 };
  return {
    features: featureReports(preprocessing),
    inputs: isImages(preprocessing) ? [] : await inputReports(preprocessing, train, pause),
    inputWidth: elementCount(data.inputShape),
    areImages: isImages(preprocessing) && showsImages(preprocessing),
    inputShape: data.inputShape,
    target: isTable(config.data) ? config.data.target.name : 'label',
    parts,
    oversample: oversampling(config),
    droppedRows: source.droppedRows,
    classes: data.target.kind === 'classes' ? countClasses(data, data.target.names) : null,
    baseline: computeBaseline(data),
    leaks: await findLeaks(data, pause),
    firstRows: data.head.map((row) => preparedRow(row, data)),
  };
}

function oversampling({ data }: TrainConfig): PreparedReport['oversample'] {
  return isTable(data)
    ? { times: data.oversample, beforeSplit: data.oversample_before_split }
    : { times: 1, beforeSplit: false };
}

async function inputReports(
  preprocessing: TablePreprocessing,
  { x, rows }: SplitData,
  pause: () => Promise<void>,
): Promise<InputReport[]> {
  const width = inputWidth(preprocessing);
  const names = inputNames(preprocessing).slice(0, mostInputs);
  const values = new Float64Array(rows);
  const reports: InputReport[] = [];
  for (const [column, name] of names.entries()) {
    await pause();
    for (let row = 0; row < rows; row++) values[row] = x[row * width + column]!;
    const numbers = reportNumbers(values.sort());
    if (numbers !== null) reports.push({ name, numbers });
  }
  return reports;
}

function featureReports(preprocessing: Preprocessing): FeatureReport[] {
  return isImages(preprocessing) ? [imageReport(preprocessing)] : columnReports(preprocessing);
}

function showsImages({ shape }: ImagePreprocessing): boolean {
  return shape.length === 3 && (shape[2] === 1 || shape[2] === 3);
}

function imageReport(preprocessing: ImagePreprocessing): FeatureReport {
  const width = elementCount(preprocessing.shape);
  return { column: imageField, description: describeImages(preprocessing), firstInput: 0, width };
}

function columnReports({ features }: TablePreprocessing): FeatureReport[] {
  let next = 0;
  return features.map((feature) => {
    const width = featureWidth(feature);
    const firstInput = next;
    next += width;
    const { name: column } = feature;
    return { column, description: describeFeature(feature), firstInput, width };
  });
}

function preparedRow({ parts, x, y }: HeadRow, { target }: PreparedData): PreparedRow {
  const known = (value: number): number | null => (Number.isNaN(value) ? null : value);
  const inputs = Array.from(x.subarray(0, mostInputs), known);
  const label = known(y);
  const name = target.kind === 'classes' && label !== null ? target.names[label]! : label;
  return { parts, inputs, target: name };
}

function inputNames({ features }: TablePreprocessing): string[] {
  return features.flatMap((feature) =>
    feature.kind === 'one_hot'
      ? feature.categories.map((category) => `${feature.name}=${category}`)
      : [feature.name],
  );
}

function countClasses(data: PreparedData, names: readonly string[]): ClassCount[] {
  const count = (part: DataPart): number[] => {
    const counts = names.map(() => 0);
    for (const y of data[part]?.y ?? []) counts[y] = counts[y]! + 1;
    return counts;
  };
  const [train, validation, test] = [count('train'), count('validation'), count('test')];
  return names.map((name, i) => ({
    name,
    train: train[i]!,
    validation: validation[i]!,
    test: test[i]!,
  }));
}
