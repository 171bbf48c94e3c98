/** What a config makes of its data: inputs after the preprocessing, the split, and rows that it lets leak. */
import type {
  ClassCount,
  DataPart,
  InputReport,
  LeakReport,
  PreparedReport,
} from '../../shared/protocol/dataReport.ts';
import { describePreprocessing } from '../data/describePreprocessing.ts';
import type { PreparedData, SplitData } from '../data/preparedData.ts';
import { inputWidth, type Preprocessing } from '../data/preprocessing.ts';
import { createHash53 } from './hashRows.ts';
import { reportNumbers } from './numberReport.ts';

/** Columns of pixels or of one-hot encodings can be many thousands. */
const mostInputs = 300;

export function inspectPrepared(data: PreparedData): PreparedReport {
  const { preprocessing, train, validation, test, source } = data;
  const parts = {
    train: train.rows,
    validation: validation.rows,
    test: test?.rows ?? 0,
  };
  return {
    inputs: inputReports(preprocessing, train),
    inputWidth: inputWidth(preprocessing),
    preprocessing: describePreprocessing(preprocessing),
    parts,
    droppedRows: source.droppedRows,
    classes: data.target.kind === 'classes' ? countClasses(data, data.target.names) : null,
    leaks: findLeaks(data),
  };
}

function inputReports(preprocessing: Preprocessing, { x, rows }: SplitData): InputReport[] {
  const width = inputWidth(preprocessing);
  return inputNames(preprocessing)
    .slice(0, mostInputs)
    .flatMap((name, column) => {
      const values = Float64Array.from({ length: rows }, (_, row) => x[row * width + column]!);
      const numbers = reportNumbers(values.sort());
      return numbers === null ? [] : [{ name, numbers }];
    });
}

function inputNames({ features }: Preprocessing): string[] {
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

/** Rows of the other parts that training has seen: as the model sees them, after the preprocessing. */
function findLeaks(data: PreparedData): LeakReport[] {
  const inputs = new Set(hashRows(data.train, false));
  const whole = new Set(hashRows(data.train, true));
  const count = (hashes: readonly number[], known: ReadonlySet<number>): number =>
    hashes.reduce((sum, hash) => sum + (known.has(hash) ? 1 : 0), 0);
  return (['validation', 'test'] as const).flatMap((part) => {
    const rows = data[part];
    if (rows === null || rows.rows === 0) return [];
    const sameInputs = count(hashRows(rows, false), inputs);
    const sameTarget = count(hashRows(rows, true), whole);
    return [{ part, rows: rows.rows, sameInputs, sameTarget }];
  });
}

function hashRows({ x, y, rows }: SplitData, withTarget: boolean): number[] {
  const hash = createHash53();
  const bits = new Int32Array(x.buffer, x.byteOffset, x.length);
  const targets = new Int32Array(y.buffer, y.byteOffset, y.length);
  const addAll = (values: Int32Array, row: number): void => {
    const width = values.length / rows;
    for (let i = row * width; i < (row + 1) * width; i++) hash.add(values[i]!);
  };
  return Array.from({ length: rows }, (_, row) => {
    addAll(bits, row);
    if (withTarget) addAll(targets, row);
    return hash.take();
  });
}
