/** Exports a run's weights with what the model knows of their order. */
import { flattenedImages } from '../graph/flattenedImages.ts';
import { exportRun, type ExportFormat } from '../runs/export/exportRun.ts';
import { openRun } from '../runs/openRun.ts';
import { storedModel } from './storedRun.ts';

/** See exportRun. @throws AppError as exportRun and storedModel do. */
export async function exportModel(
  directory: string,
  format: ExportFormat,
  file?: string,
): Promise<string> {
  const flattened = flattenedImages(storedModel(await openRun(directory)).model);
  return exportRun(directory, format, { flattened, ...(file === undefined ? {} : { file }) });
}
