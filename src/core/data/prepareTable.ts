/**
 * From a config to float32 tensors: find the file, read its columns, leave out or fill missing values, share
 * the rows out, fit what has to be fitted on the training rows, encode. What is wrong comes back as diagnostics.
 */
import { say, sayNumber } from '../../shared/language.ts';
import { AppError } from '../../shared/errors.ts';
import type { TableConfig } from '../../shared/model/trainConfig.ts';
import { countClasses } from './classes.ts';
import { encodeFeatures, encodeTarget } from './encode.ts';
import { fitPreprocessing } from './fitPreprocessing.ts';
import { headRows } from './headRows.ts';
import { keepRows } from './keepRows.ts';
import { locateData } from './locateData.ts';
import type { PrepareOptions, PrepareResult } from './preparation.ts';
import type { PreparedData, SplitData } from './preparedData.ts';
import { inputWidth, type RowFormat, type TablePreprocessing } from './preprocessing.ts';
import { bindColumns, checkSplit, featurePath, planColumns } from './rawColumns.ts';
import type { RawColumns } from './rawColumns.ts';
import { readTable, type ColumnRequest, type Table } from './readTable.ts';
import { checkPredictRows } from './encodeRows.ts';
import { createReport, type Report } from './report.ts';
import { shareRows } from './shareRows.ts';
import type { SplitIndices } from './splitRows.ts';

/** Throws only the abort reason of `signal`, and for a bug of ours. */
export async function prepareTable(options: PrepareOptions<TableConfig>): Promise<PrepareResult> {
  const report = createReport(options.document);
  checkSplit(options.config, report);
  const columns = planColumns(options.config);
  const read = await readData(options, columns, report);
  if (read === null) return { data: null, classes: null, diagnostics: report.diagnostics };
  const prepared = await encodeTable(options, read, report);
  const data = report.failed ? null : prepared;
  const target = columns.findIndex(({ path }) => path[1] === 'target');
  const classes = data === null ? countClasses(options.config, read.table, target) : null;
  return { data, classes, diagnostics: report.diagnostics };
}

export interface ReadData {
  readonly file: string;
  readonly table: Table;
}

/** Null when there is no file, or none that can be read, which is reported. */
export async function readData(
  options: PrepareOptions<TableConfig>,
  columns: readonly ColumnRequest[],
  report: Report,
): Promise<ReadData | null> {
  const { config, document, configFile, onProgress, signal } = options;
  const told = (message: string) => (fraction: number | null) =>
    onProgress?.({ message, fraction });
  const onDownload = told(say`downloading ${config.data.path}`);
  const download = { ...options.download, onProgress: onDownload, signal };
  const place = await locateData({ data: config.data, document, configFile, download });
  if ('diagnostic' in place) {
    report.add([place.diagnostic]);
    return null;
  }
  try {
    const table = await readTable(place.file, {
      ...rowFormat(config),
      columns,
      refuseMissing: config.data.missing.type === 'error',
      onProgress: told(say`reading ${config.data.path}`),
      signal,
    });
    if (table.header.length > 0) return { file: place.file, table };
    reportNoColumns(table, report);
    return null;
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'data.read') throw error;
    report.at(['data', 'path'], { code: error.code, message: error.message });
    return null;
  }
}

/** How the config says that its file is read; `inspect` reads it alike. */
export function rowFormat({ data }: TableConfig): RowFormat {
  const { format, delimiter, encoding, decimal, thousands } = data;
  return { format, delimiter, encoding, decimal, thousands };
}

function reportNoColumns({ diagnostics }: Table, report: Report): void {
  report.add(diagnostics);
  if (diagnostics.length > 0) return;
  const message = say('the file is empty: it has neither column names nor rows');
  report.at(['data', 'path'], { code: 'data.noRows', message });
}

async function encodeTable(
  { config, signal }: PrepareOptions<TableConfig>,
  { file, table }: ReadData,
  report: Report,
): Promise<PreparedData | null> {
  report.add(table.diagnostics);
  checkChecksum(config, table, report);
  const raw = bindColumns(config, table, report);
  if (raw === null || report.failed) return null;
  const kept = keepRows({ config, raw, table, report });
  if (report.failed) return null;
  const split = shareRows(config, raw, kept, report);
  const reader = rowFormat(config);
  const input = { config, raw, kept, split, reader, file, report, signal };
  const preprocessing = await fitPreprocessing(input);
  if (preprocessing === null || report.failed) return null;
  checkPredictRows(config, preprocessing, report);
  checkSize(preprocessing, split, report);
  if (report.failed) return null;
  const droppedRows = table.rows - kept.length;
  return {
    ...encodeSplits({ raw, split, preprocessing, report }),
    inputShape: [inputWidth(preprocessing)],
    target: targetSpec(preprocessing),
    preprocessing,
    source: { file, sha256: table.sha256, rows: table.rows, droppedRows },
    head: headRows({ raw, split, preprocessing }, table.rows),
  };
}

function checkChecksum({ data }: TableConfig, table: Table, report: Report): void {
  if (data.sha256 === null || data.sha256.toLowerCase() === table.sha256) return;
  const message = say`the file is not the expected one: its checksum is ${table.sha256}`;
  report.at(['data', 'sha256'], { code: 'data.checksum', message });
}

/** Of all inputs together: what a WebAssembly memory can hold at most. */
const maxBytes = 2 ** 32;

function checkSize(preprocessing: TablePreprocessing, split: SplitIndices, report: Report): void {
  const width = inputWidth(preprocessing);
  const rows = split.train.length + split.validation.length + split.test.length;
  const bytes = rows * width * Float32Array.BYTES_PER_ELEMENT;
  if (bytes <= maxBytes) return;
  const hint = say('encode columns of many categories as `ordinal`, or oversample less');
  const problem = {
    code: 'data.tooLarge',
    message: say`${rows} rows of ${width} numbers need ${sayNumber(bytes / 1e9, 3)} GB, more than the 4.3 GB possible`,
    hint,
  };
  report.at(['data', 'features'], problem);
}

interface EncodeInput {
  readonly raw: RawColumns;
  readonly split: SplitIndices;
  readonly preprocessing: TablePreprocessing;
  readonly report: Report;
}

function encodeSplits({ raw, split, preprocessing, report }: EncodeInput) {
  const encode = (rows: Uint32Array): SplitData => ({
    rows: rows.length,
    x: encodeFeatures(preprocessing.features, raw.features, rows),
    y: encodeTarget(preprocessing.target, raw.target, rows),
    places: rows,
  });
  const train = encode(split.train);
  const validation = encode(split.validation);
  const test = split.test.length > 0 ? encode(split.test) : null;
  for (const { x, y, rows } of [train, validation, ...(test ? [test] : [])]) {
    const bad = x.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) reportOverflow(preprocessing, { column: bad % (x.length / rows), report });
    if (y.some((value) => !Number.isFinite(value))) {
      const message = say('the target has values beyond the range of float32 (3.4e38)');
      report.at(['data', 'target'], { code: 'data.overflow', message });
    }
    if (report.failed) break;
  }
  return { train, validation, test };
}

/** `column` of the input belongs to which feature? */
function reportOverflow(
  { features }: TablePreprocessing,
  { column, report }: { readonly column: number; readonly report: Report },
): void {
  const owners = features.flatMap((feature, i) =>
    Array.from({ length: feature.kind === 'one_hot' ? feature.categories.length : 1 }, () => i),
  );
  const index = owners[column] ?? 0;
  report.at(featurePath(index), {
    code: 'data.overflow',
    message: say`\`${features[index]!.name}\` has values beyond the range of float32 (3.4e38)`,
    hint: say('set a smaller `scale`, or `normalize`'),
  });
}

function targetSpec({ target }: TablePreprocessing): PreparedData['target'] {
  if (target.kind === 'numbers') return { kind: 'numbers', width: target.names.length };
  return { kind: 'classes', classes: target.names.length, names: target.names };
}
