/** Looks at a data file, or at the data of a config before and after its preprocessing. */
import { inOrder } from '../../shared/diagnostics.ts';
import { say } from '../../shared/language.ts';
import { isError } from '../../shared/errors.ts';
import { formatOf } from '../../shared/model/data.ts';
import { parseConfig } from '../../shared/model/parseConfig.ts';
import type { TrainConfig } from '../../shared/model/trainConfig.ts';
import type { DataReport, TableReport } from '../../shared/protocol/dataReport.ts';
import { locateData } from '../data/locateData.ts';
import { prepareData, type DataProgress } from '../data/prepareData.ts';
import { inspectPrepared } from './inspectPrepared.ts';
import { inspectTable } from './inspectTable.ts';

export interface InspectFileOptions {
  readonly onProgress?: ((progress: DataProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** By its name: `.yaml`, `.yml` or `.train.json`; any other file holds rows. */
export function isConfigFile(file: string): boolean {
  return /(?:\.ya?ml|\.train\.json)$/i.test(file);
}

/** @throws AppError `data.read` when a data file cannot be read; the abort reason when cancelled. */
export async function inspectDataFile(
  file: string,
  { onProgress, signal }: InspectFileOptions,
): Promise<TableReport> {
  return inspectTable(file, {
    format: formatOf(file),
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
  if (config === null) return { table: null, prepared: null, diagnostics: parsed };
  const told = { config, document, configFile: file, onProgress, signal };
  const { data, diagnostics: found } = await prepareData(told);
  const prepared = data === null ? null : await inspectPrepared(data, signal);
  const place = await locateData({ data: config.data, document, configFile: file, download: {} });
  const table = 'file' in place ? await lookAt(place.file, told) : null;
  return { table, prepared, diagnostics: inOrder([...parsed, ...found], file) };
}

/** Null where the file cannot be read, which the preparation has reported. */
async function lookAt(
  file: string,
  { config, onProgress, signal }: InspectFileOptions & { readonly config: TrainConfig },
): Promise<TableReport | null> {
  const { format, delimiter, path } = config.data;
  const told = (fraction: number) => onProgress?.({ message: say`looking at ${path}`, fraction });
  try {
    return await inspectTable(file, { format, delimiter, onProgress: told, signal });
  } catch (error) {
    if (isError(error, 'data.read')) return null;
    throw error;
  }
}
