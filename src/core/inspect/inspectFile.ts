/** Looks at a data file, or at the data of a config before and after its preprocessing. */
import { inOrder, type Diagnostic } from '../../shared/diagnostics.ts';
import { say } from '../../shared/language.ts';
import { isError } from '../../shared/errors.ts';
import { tableFormatOf } from '../../shared/model/data.ts';
import { parseConfig } from '../../shared/model/parseConfig.ts';
import { isTableConfig, type TableConfig } from '../../shared/model/trainConfig.ts';
import type { DataReport, PreparedReport, TableReport } from '../../shared/protocol/dataReport.ts';
import { locateData } from '../data/locateData.ts';
import { prepareData } from '../data/prepareData.ts';
import type { DataProgress, PrepareOptions } from '../data/preparation.ts';
import { inspectPrepared } from './inspectPrepared.ts';
import { inspectTable } from './inspectTable.ts';

export interface InspectFileOptions {
  readonly onProgress?: ((progress: DataProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** @throws AppError `data.read` when a data file cannot be read; the abort reason when cancelled. */
export async function inspectDataFile(
  file: string,
  { onProgress, signal }: InspectFileOptions,
): Promise<TableReport> {
  return inspectTable(file, {
    format: tableFormatOf(file),
    delimiter: null,
    onProgress: (fraction) => onProgress?.({ message: say`reading ${file}`, fraction }),
    signal,
  });
}

/**
 * `text` is that of the config file. What is wrong with config or data is in the result; `table` and `prepared` are
 * null where there is none to show.
 */
export async function inspectConfig(
  { file, text }: { readonly file: string; readonly text: string },
  { onProgress, signal }: InspectFileOptions,
): Promise<DataReport> {
  const { config, document, diagnostics: parsed } = parseConfig(text, file);
  const nothing = { table: null, likelyTarget: null, prepared: null, network: null };
  if (config === null) return { ...nothing, diagnostics: parsed };
  const [first, second] = halves(onProgress);
  const options = { config, document, configFile: file, onProgress: first, signal };
  const { prepared, diagnostics: found } = await prepareAndInspect(options);
  const looking = { ...options, onProgress: second };
  const table = isTableConfig(config) ? await tableOf({ ...looking, config }) : null;
  return { ...nothing, table, prepared, diagnostics: inOrder([...parsed, ...found], file) };
}

/** A function of its own, so that the prepared rows are given up before the table is read once more. */
async function prepareAndInspect(
  options: PrepareOptions,
): Promise<{ prepared: PreparedReport | null; diagnostics: readonly Diagnostic[] }> {
  const { data, diagnostics } = await prepareData(options);
  const { config, signal } = options;
  const prepared = data === null ? null : await inspectPrepared(data, config, signal);
  return { prepared, diagnostics };
}

type TellProgress = InspectFileOptions['onProgress'];

/** The file is read twice: to be prepared, and as it is. */
function halves(onProgress: TellProgress): readonly [TellProgress, TellProgress] {
  const half = (offset: number) => (progress: DataProgress) => {
    const { message, fraction } = progress;
    onProgress?.({ message, fraction: fraction === null ? null : offset + fraction / 2 });
  };
  return [half(0), half(0.5)];
}

async function tableOf(options: PrepareOptions<TableConfig>): Promise<TableReport | null> {
  const { config, document, configFile } = options;
  const place = await locateData({ data: config.data, document, configFile, download: {} });
  return 'file' in place ? lookAt(place.file, options) : null;
}

/** Null where the file cannot be read, which the preparation has reported. */
async function lookAt(
  file: string,
  { config, onProgress, signal }: PrepareOptions<TableConfig>,
): Promise<TableReport | null> {
  const { format, delimiter, encoding, path } = config.data;
  const told = (fraction: number) => onProgress?.({ message: say`looking at ${path}`, fraction });
  try {
    return await inspectTable(file, { format, delimiter, encoding, onProgress: told, signal });
  } catch (error) {
    if (isError(error, 'data.read')) return null;
    throw error;
  }
}
