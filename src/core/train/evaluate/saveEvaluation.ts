/** An evaluation as a file: all of it as JSON, or a line for each row as CSV. */
import path from 'node:path';
import { AppError, errorMessage } from '../../../shared/errors.ts';
import { stringifyNumbers } from '../../../shared/jsonNumbers.ts';
import { say } from '../../../shared/language.ts';
import type { Evaluation } from '../../../shared/protocol/evaluation.ts';
import { plainEvaluation } from '../../../shared/protocol/plainEvaluation.ts';
import type { SplitData } from '../../data/preparedData.ts';
import { writeFileAtomic } from '../../runs/atomicFiles.ts';
import type { Answers } from './answers.ts';

export interface Answered {
  readonly data: SplitData;
  readonly losses: Float32Array;
  readonly answers: Answers;
}

/** @throws AppError `input.invalid` for another ending, `file.notWritable`. */
export async function saveEvaluation(
  file: string,
  evaluation: Evaluation,
  answered: Answered,
): Promise<void> {
  const content = contentOf(file, evaluation, answered);
  try {
    await writeFileAtomic(file, Buffer.from(content));
  } catch (cause) {
    const message = say`cannot write ${file}: ${errorMessage(cause)}`;
    throw new AppError('file.notWritable', message, { cause });
  }
}

/** Before the work: whoever misspells an ending should not wait for that. */
export function checkSaveName(file: string): void {
  if (['.csv', '.json'].includes(path.extname(file).toLowerCase())) return;
  throw new AppError('input.invalid', say`${file}: an evaluation is saved as .json or .csv`);
}

function contentOf(file: string, evaluation: Evaluation, answered: Answered): string {
  if (path.extname(file).toLowerCase() === '.csv') return rowsCsv(answered);
  return `${stringifyNumbers(plainEvaluation(evaluation), 1)}\n`;
}

/** Rows by their number in the data file, from 1, where that is known. */
function rowsCsv({ data, losses, answers }: Answered): string {
  const { classes, target } = answers;
  const chances = classes === null ? [] : target.names.map((name) => `p(${name})`);
  const lines = [['row', 'target', 'predicted', 'loss', ...chances].map(cell).join(',')];
  for (let row = 0; row < data.rows; row++) {
    const place = (data.places?.[row] ?? row) + 1;
    const said = [answers.targetText(row), answers.predictedText(row)];
    const numbers = [losses[row]!, ...(answers.chances(row) ?? [])].map((n) => n.toPrecision(7));
    lines.push(
      [String(place), ...said, ...numbers.map((n) => String(Number(n)))].map(cell).join(','),
    );
  }
  return `${lines.join('\n')}\n`;
}

function cell(text: string): string {
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
