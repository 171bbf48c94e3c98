/** How good the weights of a run are: on its own test or validation rows, or on another file. */
import { AppError } from '../../shared/errors.ts';
import { say } from '../../shared/language.ts';
import type { TrainConfig } from '../../shared/model/trainConfig.ts';
import type { CoreContract } from '../../shared/protocol/core.ts';
import { computeBaseline } from '../data/baseline.ts';
import { prepareEvaluation } from '../data/furtherFiles.ts';
import { readFurtherImages } from '../data/images/furtherImages.ts';
import type { SplitData } from '../data/preparedData.ts';
import { isImages } from '../data/preprocessing.ts';
import { bestCheckpoint, modelTensors } from '../runs/export/exportRun.ts';
import { openRun } from '../runs/openRun.ts';
import type { OpenedRun } from '../runs/openRun.ts';
import type { Statistics } from './batchSums.ts';
import { buildEvaluationProgram } from './epochProgram.ts';
import { createTask, type EpochTask } from './epochTask.ts';
import { requirePrepared } from './requirePrepared.ts';
import { openBackend, prepareStored, storedModel } from './storedRun.ts';
import type { RunEnvironment } from './trainingRun.ts';
import { validationPass } from './validationPass.ts';
import { scoreOf, verdictText } from './verdict.ts';
import { writeTensors, writeWhitening } from './weights.ts';

export interface EvaluateOptions extends RunEnvironment {
  readonly directory: string;
  /** A file of the format that the run was trained on; by default the run's test rows, else its validation rows. */
  readonly dataFile?: string;
}

export type Evaluation = CoreContract['requests']['run/evaluate']['result'];

/** @throws AppError `run.notFound`, `data.read`, or `input.invalid` with diagnostics of the file. */
export async function evaluateRun(options: EvaluateOptions): Promise<Evaluation> {
  const opened = await openRun(options.directory);
  const { typicalTarget } = opened.environment;
  const stored = storedModel(opened);
  const { part, rows } = await rowsToEvaluate(options, opened);
  const count = { trainingRows: 0, validationRows: rows.rows, typicalTarget };
  const task = createTask(stored.config, stored.model, count);
  const statistics = await evaluateRows(options, opened, { task, config: stored.config, rows });
  return { part, ...report(task, { rows, statistics, typicalTarget }) };
}

/** With a file of their own, rows need nothing but the run directory. */
async function rowsToEvaluate(
  options: EvaluateOptions,
  opened: OpenedRun,
): Promise<{ readonly part: Evaluation['part']; readonly rows: SplitData }> {
  const { dataFile, directory, signal } = options;
  if (dataFile === undefined) {
    const { data } = requirePrepared(await prepareStored(opened, options), directory);
    if (data.test !== null) return { part: 'test', rows: data.test };
    if (data.validation.rows > 0) return { part: 'validation', rows: data.validation };
    throw new AppError('input.invalid', say('the run has no validation rows: give a data file'));
  }
  const { preprocessing } = opened;
  if (isImages(preprocessing)) {
    return { part: 'file', rows: await readFurtherImages(preprocessing, dataFile, signal) };
  }
  const read = await prepareEvaluation(preprocessing, dataFile, signal ? { signal } : {});
  if (read.data !== null) return { part: 'file', rows: read.data };
  const { diagnostics } = read;
  throw new AppError('input.invalid', say`${dataFile} cannot be evaluated`, { diagnostics });
}

interface EvaluationInput {
  readonly task: EpochTask;
  readonly config: TrainConfig;
  readonly rows: SplitData;
}

async function evaluateRows(
  options: EvaluateOptions,
  opened: OpenedRun,
  { task, config, rows }: EvaluationInput,
): Promise<Statistics> {
  const checkpoint = await bestCheckpoint(opened.directory);
  const backend = await openBackend(options, opened, config);
  try {
    const program = buildEvaluationProgram(task);
    const executable = await backend.compile(program.program);
    writeTensors(executable, modelTensors(checkpoint));
    writeWhitening(executable, task.model.context);
    executable.write('data/validation/x', rows.x);
    executable.write('data/validation/y', rows.y);
    const { epochLoss } = opened.environment;
    return await validationPass(executable, program.validation, { task, epochLoss });
  } finally {
    backend.destroy();
  }
}

interface Evaluated {
  readonly rows: SplitData;
  readonly statistics: Statistics;
  readonly typicalTarget: readonly number[];
}

function report(
  { model, trainMetrics }: EpochTask,
  { rows, statistics, typicalTarget }: Evaluated,
): Omit<Evaluation, 'part'> {
  const { target } = model.context;
  const score = scoreOf(target, { epoch: 0, rows: rows.rows, value: statistics.metrics.at(-1)! });
  // One training row with the typical target makes the same guess as all of them.
  const y = Float32Array.from(typicalTarget);
  const train: SplitData = { rows: 1, x: new Float32Array(0), y };
  const baseline = computeBaseline({ train, validation: rows, target });
  const metrics = trainMetrics.map(({ name }, m) => [name, statistics.metrics[m]!] as const);
  return {
    rows: rows.rows,
    loss: statistics.loss,
    metrics: Object.fromEntries(metrics),
    verdict: verdictText(score, { baseline, validationRows: rows.rows }),
  };
}
