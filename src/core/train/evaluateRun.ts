/** How good the weights of a run are, on its own validation rows or on another file. */
import { AppError } from '../../shared/errors.ts';
import type { CoreContract } from '../../shared/protocol/core.ts';
import { computeBaseline } from '../data/baseline.ts';
import { prepareEvaluation } from '../data/furtherFiles.ts';
import type { SplitData } from '../data/preparedData.ts';
import { bestCheckpoint, modelTensors } from '../runs/export/exportRun.ts';
import { openRun } from '../runs/openRun.ts';
import type { OpenedRun } from '../runs/openRun.ts';
import { addBatches, finishSums, noSums, readBatches, type Statistics } from './batchSums.ts';
import { buildEvaluationProgram, type EpochTask } from './epochProgram.ts';
import type { PreparedTraining } from './prepareTraining.ts';
import { requirePrepared } from './requirePrepared.ts';
import { openBackend, prepareStored } from './storedRun.ts';
import type { RunEnvironment } from './trainingRun.ts';
import { scoreOf, verdictText } from './verdict.ts';
import { writeTensors } from './weights.ts';

export interface EvaluateOptions extends RunEnvironment {
  readonly directory: string;
  /** A file of the format that the run was trained on; by default the run's validation rows. */
  readonly dataFile?: string;
}

export type Evaluation = CoreContract['requests']['run/evaluate']['result'];

/** @throws AppError `run.notFound`, `data.read`, or `input.invalid` with diagnostics of the file. */
export async function evaluateRun(options: EvaluateOptions): Promise<Evaluation> {
  const opened = await openRun(options.directory);
  const prepared = requirePrepared(await prepareStored(opened, options), options.directory);
  const rows = await rowsToEvaluate(options, prepared);
  const task: EpochTask = { ...prepared.task, validationRows: rows.rows };
  const statistics = await evaluateRows(options, opened, { task, prepared, rows });
  return report(prepared, task, { rows, statistics });
}

async function rowsToEvaluate(
  { dataFile, signal }: EvaluateOptions,
  { data }: PreparedTraining,
): Promise<SplitData> {
  if (dataFile === undefined) {
    if (data.validation.rows > 0) return data.validation;
    throw new AppError('input.invalid', 'the run has no validation rows: give a data file');
  }
  const read = await prepareEvaluation(data.preprocessing, dataFile, signal ? { signal } : {});
  if (read.data !== null) return read.data;
  const { diagnostics } = read;
  throw new AppError('input.invalid', `${dataFile} cannot be evaluated`, { diagnostics });
}

interface EvaluationInput {
  readonly task: EpochTask;
  readonly prepared: PreparedTraining;
  readonly rows: SplitData;
}

async function evaluateRows(
  options: EvaluateOptions,
  opened: OpenedRun,
  { task, prepared, rows }: EvaluationInput,
): Promise<Statistics> {
  const checkpoint = await bestCheckpoint(opened.directory);
  const backend = await openBackend(options, opened, prepared.config);
  try {
    const program = buildEvaluationProgram(task);
    const executable = await backend.compile(program.program);
    writeTensors(executable, modelTensors(checkpoint));
    executable.write('data/validation/x', rows.x);
    executable.write('data/validation/y', rows.y);
    const kind = prepared.config.training.epoch_loss;
    let sums = noSums(task.validationMetrics);
    for (const loop of program.validation) {
      await executable.run(loop.name, 0, loop.count);
      const range = [0, loop.count] as const;
      const columns = await readBatches(executable, loop, task.validationMetrics, range);
      sums = addBatches(sums, columns, loop.rows, kind);
    }
    return finishSums(sums, task.validationMetrics, kind);
  } finally {
    backend.destroy();
  }
}

function report(
  { data, model }: PreparedTraining,
  task: EpochTask,
  { rows, statistics }: { readonly rows: SplitData; readonly statistics: Statistics },
): Evaluation {
  const value = statistics.metrics.at(-1)!;
  const score = scoreOf(model.context.target, { epoch: 0, rows: rows.rows, value });
  const baseline = computeBaseline({ ...data, validation: rows });
  const metrics = Object.fromEntries(
    task.trainMetrics.map(({ name }, m) => [name, statistics.metrics[m]!]),
  );
  const verdict = verdictText(score, { baseline, validationRows: rows.rows });
  return { rows: rows.rows, loss: statistics.loss, metrics, verdict };
}
