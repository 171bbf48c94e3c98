/** The rows that an evaluation is about: of the run's own data, or of another file. */
import type { Diagnostic } from '../../../shared/diagnostics.ts';
import { AppError } from '../../../shared/errors.ts';
import { say } from '../../../shared/language.ts';
import type { EvaluatedPart, EvaluationWish } from '../../../shared/protocol/evaluation.ts';
import { prepareEvaluation } from '../../data/furtherFiles.ts';
import { readFurtherImages } from '../../data/images/furtherImages.ts';
import type { PreparedData, SplitData } from '../../data/preparedData.ts';
import { isImages } from '../../data/preprocessing.ts';
import type { OpenedRun } from '../../runs/openRun.ts';
import { requirePrepared } from '../requirePrepared.ts';
import { prepareStored } from '../storedRun.ts';
import type { RunEnvironment } from '../trainingRun.ts';

export interface RowsToEvaluate {
  readonly part: EvaluatedPart;
  readonly data: SplitData;
  readonly leftOut: number;
  readonly problems: readonly Diagnostic[];
}

type Wish = Pick<EvaluationWish, 'directory' | 'dataFile' | 'part'> & RunEnvironment;

/**
 * Rows of a file need nothing but the run directory.
 * @throws AppError `data.read`; `input.invalid` with diagnostics of the file, or where there is no such part.
 */
export async function rowsToEvaluate(wish: Wish, opened: OpenedRun): Promise<RowsToEvaluate> {
  const { dataFile, directory } = wish;
  if (dataFile !== undefined) return rowsOfFile(wish, opened, dataFile);
  const { data } = requirePrepared(await prepareStored(opened, wish), directory);
  return { ...ownRows(data, wish.part), leftOut: 0, problems: [] };
}

function ownRows(data: PreparedData, part: Wish['part']): Pick<RowsToEvaluate, 'part' | 'data'> {
  const wanted = part ?? (data.test === null ? 'validation' : 'test');
  const rows = data[wanted];
  if (rows !== null && rows.rows > 0) return { part: wanted, data: rows };
  throw new AppError(
    'input.invalid',
    wanted === 'test'
      ? say('the run has no test rows: give a data file, or take those of validation')
      : say('the run has no validation rows: give a data file'),
  );
}

async function rowsOfFile(
  { signal, onProgress, directory }: Wish,
  { preprocessing }: OpenedRun,
  file: string,
): Promise<RowsToEvaluate> {
  if (isImages(preprocessing)) {
    const data = await readFurtherImages(preprocessing, file, signal);
    return { part: 'file', data, leftOut: 0, problems: [] };
  }
  const message = say`reading ${file}`;
  const told = (fraction: number) => onProgress?.({ file: directory, message, fraction });
  const read = await prepareEvaluation(preprocessing, file, { signal, onProgress: told });
  const { data, leftOut, diagnostics } = read;
  if (data !== null) return { part: 'file', data, leftOut, problems: diagnostics };
  throw new AppError('input.invalid', say`${file} cannot be evaluated`, { diagnostics });
}
