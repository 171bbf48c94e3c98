/** Rows as a person or a JSON file gives them, to model input: for predict. */
import { say } from '../../shared/language.ts';
import type { InputRow } from '../../shared/protocol/core.ts';
import { listed, suggest, suggestion } from '../../shared/model/suggest.ts';
import type { TableConfig } from '../../shared/model/trainConfig.ts';
import { describeCell, isMissing, toCategory, toNumber } from './columns.ts';
import { applyAffine } from './encode.ts';
import { numberReader, type NumberReader } from './numberForm.ts';
import { featureWidth, inputWidth } from './preprocessing.ts';
import type { SplitData } from './preparedData.ts';
import type { FeatureTransform, TablePreprocessing } from './preprocessing.ts';
import type { Report } from './report.ts';

export interface EncodedRows {
  readonly rows: number;
  /** [rows, width], row-major. Only of use when there are no problems. */
  readonly x: SplitData['x'];
  readonly problems: readonly InputProblem[];
}

export interface InputProblem {
  /** Index of the row, from 0. */
  readonly row: number;
  readonly feature: string;
  /** A sentence that names the feature. */
  readonly message: string;
  readonly hint?: string;
}

/** A categorical feature may be given by name or, where no category has that name, by index. */
export function encodeRows(
  preprocessing: TablePreprocessing,
  rows: readonly InputRow[],
): EncodedRows {
  const width = inputWidth(preprocessing);
  const x = new Float32Array(rows.length * width);
  const problems: InputProblem[] = [];
  const names = preprocessing.features.map(({ name }) => name);
  const readers = preprocessing.features.map((feature) =>
    numberReader(preprocessing.reader, feature.kind === 'number' ? feature.unit : null),
  );
  rows.forEach((row, index) => {
    let at = index * width;
    for (const [i, feature] of preprocessing.features.entries()) {
      const { name } = feature;
      const value = featureValue(feature, row, readers[i]!) ?? absent(name, row, names);
      if (typeof value === 'number') write(feature, value, x, at);
      else problems.push({ row: index, feature: name, ...value });
      at += featureWidth(feature);
    }
  });
  return { rows: rows.length, x, problems };
}

interface Fault {
  readonly message: string;
  readonly hint?: string;
}

/** The number, or the index of the category; or what is wrong; null where the row says nothing. */
function featureValue(
  feature: FeatureTransform,
  row: InputRow,
  read: NumberReader,
): number | Fault | null {
  const { name } = feature;
  const given = Object.hasOwn(row, name) ? row[name] : undefined;
  if (isMissing(given)) {
    if (feature.kind === 'number' && feature.fill !== null) return feature.fill;
    if (feature.kind !== 'number' && feature.fill !== null) {
      return feature.categories.indexOf(feature.fill);
    }
    return given === undefined ? null : { message: say`\`${name}\` is missing` };
  }
  if (feature.kind !== 'number') return categoryIndex(name, feature.categories, given);
  return (
    read(given) ?? {
      message: say`\`${name}\`: expected a number, found ${describeCell(given)}`,
    }
  );
}

function absent(name: string, row: InputRow, features: readonly string[]): Fault {
  const others = Object.keys(row).filter((key) => !features.includes(key));
  const near = suggest(name, others);
  const message = say`\`${name}\` is missing`;
  return near === null
    ? { message }
    : { message, hint: say`\`${near}\` is no feature: is \`${name}\` meant?` };
}

function categoryIndex(
  name: string,
  categories: readonly string[],
  given: unknown,
): number | Fault {
  const category = toCategory(given) ?? '';
  const byName = categories.indexOf(category);
  if (byName >= 0) return byName;
  const index = toNumber(given);
  if (index !== null && Number.isInteger(index) && index >= 0 && index < categories.length)
    return index;
  const shown = categories.slice(0, 20);
  const message = say`\`${name}\`: expected ${listed(shown)} or an index 0 to ${categories.length - 1}, found ${describeCell(given)}`;
  const near = suggest(category, categories);
  return near === null ? { message } : { message, hint: suggestion(category, categories) };
}

function write(feature: FeatureTransform, value: number, x: Float32Array, at: number): void {
  if (feature.kind === 'one_hot') x[at + value] = 1;
  else x[at] = applyAffine(value, feature.affine);
}

/** The `predict` rows of the config must fit the features: a slip is better known before training. */
export function checkPredictRows(
  config: TableConfig,
  preprocessing: TablePreprocessing,
  report: Report,
): void {
  const { problems } = encodeRows(preprocessing, config.predict);
  for (const { row, feature, message, hint } of problems) {
    const problem = { code: 'data.predictRow', message: say`row ${row + 1}: ${message}` };
    report.at(['predict', row, feature], hint === undefined ? problem : { ...problem, hint });
  }
}
