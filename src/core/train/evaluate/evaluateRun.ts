/** How good the weights of a run are: on its own rows, or on those of another file. */
import type { Evaluation, EvaluationWish } from '../../../shared/protocol/evaluation.ts';
import { computeBaseline } from '../../data/baseline.ts';
import type { SplitData } from '../../data/preparedData.ts';
import { openRun, readEpochs, type OpenedRun } from '../../runs/openRun.ts';
import { createTask, type EpochTask } from '../epochTask.ts';
import { openForAnswers, storedModel, type StoredModel } from '../storedRun.ts';
import type { RunEnvironment } from '../trainingRun.ts';
import { scoreOf, verdictText } from '../verdict.ts';
import { answersOf, type Answers } from './answers.ts';
import { chosenWeights, type ChosenWeights } from './chosenWeights.ts';
import { classOutcome } from './classOutcome.ts';
import { evaluateRows, type EvaluatedRows } from './evaluatedRows.ts';
import { numberOutcome } from './numberOutcome.ts';
import { rowsToEvaluate, type RowsToEvaluate } from './rowsToEvaluate.ts';
import { checkSaveName, saveEvaluation } from './saveEvaluation.ts';
import { worstRows } from './worstRows.ts';

export type EvaluateOptions = EvaluationWish & RunEnvironment;

const usualWorst = 24;
const mostWorst = 200;

/**
 * @throws AppError `run.notFound`, `data.read`, `file.notWritable`; `input.invalid` with diagnostics of the file, or
 * where the run has no such rows; the abort reason when cancelled.
 */
export async function evaluateRun(options: EvaluateOptions): Promise<Evaluation> {
  if (options.saveTo !== undefined) checkSaveName(options.saveTo);
  const opened = await openRun(options.directory);
  const stored = storedModel(opened);
  const weights = await chosenWeights(opened, stored, options.weights ?? 'kept');
  const rows = await rowsToEvaluate(options, opened);
  const task = createTask(stored.config, stored.model, {
    trainingRows: 0,
    validationRows: rows.data.rows,
    typicalTarget: opened.environment.typicalTarget,
  });
  const evaluated = await compute(options, opened, { task, stored, rows, weights });
  const { outputs, losses } = evaluated;
  const { config } = stored;
  const { target } = opened.preprocessing;
  const answers = answersOf({ config, target, data: rows.data, outputs });
  const subject = { options, opened, task, weights, rows, evaluated, answers };
  const evaluation = await report(subject);
  const answered = { data: rows.data, losses, answers };
  if (options.saveTo !== undefined) await saveEvaluation(options.saveTo, evaluation, answered);
  return evaluation;
}

interface Work {
  readonly task: EpochTask;
  readonly stored: StoredModel;
  readonly rows: RowsToEvaluate;
  readonly weights: ChosenWeights;
}

async function compute(
  options: EvaluateOptions,
  opened: OpenedRun,
  { task, stored, rows, weights }: Work,
): Promise<EvaluatedRows> {
  const backend = await openForAnswers(options, opened, stored.config);
  try {
    return await evaluateRows(backend, {
      ...options,
      task,
      data: rows.data,
      weights: weights.tensors,
      epochLoss: opened.environment.epochLoss,
    });
  } finally {
    backend.destroy();
  }
}

interface Subject {
  readonly options: EvaluateOptions;
  readonly opened: OpenedRun;
  readonly task: EpochTask;
  readonly weights: ChosenWeights;
  readonly rows: RowsToEvaluate;
  readonly evaluated: EvaluatedRows;
  readonly answers: Answers;
}

async function report(subject: Subject): Promise<Evaluation> {
  const { options, opened, task, rows, evaluated, answers } = subject;
  const { part, data, leftOut, problems } = rows;
  const { statistics, losses } = evaluated;
  const { choice, step, epoch, averaged, epochs } = subject.weights;
  const weights = { choice, step, epoch, averaged, epochs };
  const { preprocessing, record } = opened;
  const metrics = task.trainMetrics.map(({ name }, m) => [name, statistics.metrics[m]!] as const);
  const count = Math.min(options.worst ?? usualWorst, mostWorst);
  return {
    name: record.name,
    part,
    rows: data.rows,
    leftOut,
    problems,
    weights,
    loss: statistics.loss,
    metrics: Object.fromEntries(metrics),
    ...judgement(subject),
    recorded: await recordedEpoch(opened.directory, weights),
    outcome: outcomeOf(subject),
    worst: worstRows({ data, losses, answers, preprocessing, count }),
  };
}

function judgement({
  opened,
  task,
  rows,
  evaluated,
}: Subject): Pick<Evaluation, 'baseline' | 'verdict'> {
  const { target } = task.model.context;
  const { rows: count } = rows.data;
  const value = evaluated.statistics.metrics.at(-1)!;
  const score = scoreOf(target, { epoch: 0, rows: count, value });
  // One training row with the typical target makes the same guess as all of them.
  const y = Float32Array.from(opened.environment.typicalTarget);
  const train: SplitData = { rows: 1, x: new Float32Array(0), y };
  const baseline = computeBaseline({ train, validation: rows.data, target });
  const seenRows = rows.part === 'validation' ? opened.record.seenRows : null;
  return { baseline, verdict: verdictText(score, { baseline, seenRows, validationRows: count }) };
}

function outcomeOf({ answers, rows, evaluated }: Subject): Evaluation['outcome'] {
  const { target, classes } = answers;
  if (classes === null) return numberOutcome(target.names, rows.data.y, evaluated.outputs);
  return classOutcome(target.names, rows.data.y, classes);
}

async function recordedEpoch(
  directory: string,
  { step, averaged }: Omit<ChosenWeights, 'tensors'>,
): Promise<Evaluation['recorded']> {
  if (averaged) return null;
  const record = (await readEpochs(directory)).find((each) => each.step === step);
  if (record === undefined) return null;
  const { epoch, loss, val_loss, metrics } = record;
  return { epoch, loss, metrics, ...(val_loss === undefined ? {} : { val_loss }) };
}
