/** Fits encodings, fills, normalisation and classes: what a run keeps to prepare further rows alike. */
import { setImmediate } from 'node:timers/promises';
import { say } from '../../shared/language.ts';
import type { InputRow } from '../../shared/protocol/core.ts';
import type { TableConfig } from '../../shared/model/trainConfig.ts';
import { categoriesIn, codeToIndex, configCategories, sortCategories } from './categories.ts';
import { fitClasses, unlistedProblems } from './classes.ts';
import type { CategoryColumn, Column } from './columns.ts';
import { describeFeature } from './describeFeature.ts';
import { fitCategory, fitNumber, type FitContext, type FitProblem } from './fitFeature.ts';
import type { FeatureTransform, TablePreprocessing, TargetTransform } from './preprocessing.ts';
import { featurePath, type RawColumns } from './rawColumns.ts';
import type { Report } from './report.ts';
import { rowProblems } from './rowProblems.ts';
import { partNamed, type SplitIndices } from './splitRows.ts';

export interface FitInput {
  readonly config: TableConfig;
  readonly raw: RawColumns;
  /** Rows in use. Categories and classes are taken from all of them, numbers are fitted on `split.train`. */
  readonly kept: Uint32Array;
  readonly split: SplitIndices;
  readonly reader: TablePreprocessing['reader'];
  /** The data file, for what is wrong in it. */
  readonly file: string;
  readonly report: Report;
  readonly signal?: AbortSignal | undefined;
}

/** Null when something does not fit, which is reported. */
export async function fitPreprocessing(input: FitInput): Promise<TablePreprocessing | null> {
  const features: FeatureTransform[] = [];
  for (let index = 0; index < input.raw.features.length; index++) {
    await setImmediate(); // a column can take 100 ms: requests are answered in between
    input.signal?.throwIfAborted();
    features.push(fitFeature(input, index));
  }
  const target = fitTarget(input);
  if (input.raw.parts !== null) checkParts(input, input.raw.parts);
  if (target === null || input.report.failed) return null;
  return { reader: input.reader, features, target, example: exampleRow(input) };
}

/** As the file has it: the first validation row, else the first of all. */
function exampleRow({ config, raw, kept, split }: FitInput): InputRow {
  const row = split.validation[0] ?? kept[0] ?? 0;
  return Object.fromEntries(
    config.data.features.map(({ name }, i) => [name, valueAt(raw.features[i]!, row)]),
  );
}

function valueAt(column: Column, row: number): string | number | null {
  if (column.kind === 'category') return column.categories[column.codes[row]!] ?? null;
  const value = column.values[row]!;
  return Number.isNaN(value) ? null : value;
}

function fitFeature(input: FitInput, index: number): FeatureTransform {
  const { config, raw, kept, split, report } = input;
  const feature = config.data.features[index]!;
  const column = raw.features[index]!;
  const context: FitContext = {
    missing: config.data.missing,
    trainRows: split.train,
    allRows: kept,
    report: ({ atMissing = false, ...problem }: FitProblem) =>
      report.at(atMissing ? ['data', 'missing'] : featurePath(index), problem),
  };
  if (column.kind === 'number') return fitNumber(feature, column, context);
  const listed = feature.categories;
  if (listed !== null) checkListed(input, feature.name, column, configCategories(listed));
  const categories =
    listed === null ? sortCategories(categoriesIn(column, kept)) : configCategories(listed);
  const transform = fitCategory(feature, column, categories, context);
  if (listed === null) tellMapping(input, index, transform);
  return transform;
}

/** Nobody wrote the order of these categories down, so it is shown. */
function tellMapping({ report }: FitInput, index: number, transform: FeatureTransform): void {
  const message = say`\`${transform.name}\` is encoded: ${describeFeature(transform)}`;
  report.at(featurePath(index), { code: 'data.encoding', message, severity: 'info' });
}

function fitTarget(input: FitInput): TargetTransform | null {
  const { config, raw, kept, report } = input;
  const { target } = config.data;
  if (raw.target.kind === 'number') {
    const unit = target.unit === null ? {} : { unit: target.unit };
    return { kind: 'numbers', names: [target.name], ...unit };
  }
  const classes = fitClasses(target, raw.target, kept, report);
  if (classes === null) return null;
  checkListed(input, target.name, raw.target, classes.values);
  warnUntrained(input, raw.target, classes);
  return classes;
}

/** Each value of the column that is not listed is an error in the data file. */
function checkListed(
  { file, report }: FitInput,
  name: string,
  column: CategoryColumn,
  categories: readonly string[],
): void {
  const problems = rowProblems(file);
  for (const problem of unlistedProblems(name, column, categories)) {
    problems.add({ code: 'data.unknownCategory', column: name, ...problem });
  }
  report.add(problems.diagnostics());
}

function checkParts({ file, report, config }: FitInput, parts: CategoryColumn): void {
  const problems = rowProblems(file);
  parts.categories.forEach((word, code) => {
    if (partNamed(word) !== undefined) return;
    const message = say`column \`${config.data.split.by ?? ''}\`: "${word}" names no part: expected train, validation or test`;
    problems.add({ code: 'data.unknownPart', line: parts.firstLines[code]!, column: '', message });
  });
  report.add(problems.diagnostics());
}

function warnUntrained(
  { split, report }: FitInput,
  column: CategoryColumn,
  target: TargetTransform & { kind: 'classes' },
): void {
  const index = codeToIndex(column, target.values);
  const trained = new Set(Array.from(split.train, (row) => index[column.codes[row]!]));
  const untrained = target.names.filter((_, i) => !trained.has(i));
  if (untrained.length === 0 || trained.size === 0) return;
  const message = say`no training row is of the class ${untrained.map((name) => `"${name}"`).join(', ')}`;
  const hint = say('with `stratify: true` under `split` each part gets its share of each class');
  report.at(['data', 'target'], {
    code: 'data.untrainedClass',
    message,
    hint,
    severity: 'warning',
  });
}
