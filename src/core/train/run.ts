/** Begins and resumes runs: from a config file or a run directory to a TrainingRun. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Diagnostic } from '../../shared/diagnostics.ts';
import { say } from '../../shared/language.ts';
import { AppError } from '../../shared/errors.ts';
import { stringifyNumbers } from '../../shared/jsonNumbers.ts';
import type { RunId, RunInfo } from '../../shared/protocol/core.ts';
import type { Backend } from '../backends/backend.ts';
import { countSeenRows } from '../data/findLeaks.ts';
import { ratesOf } from '../optim/schedules.ts';
import { claimRun, releaseRun } from '../runs/activeRuns.ts';
import { removeBest } from '../runs/checkpoints.ts';
import { discardAfter } from '../runs/discard.ts';
import { openRun, type OpenedRun } from '../runs/openRun.ts';
import type { EnvironmentRecord, RunRecord } from '../runs/records.ts';
import { createRunDirectory, removeUnstarted, runFiles } from '../runs/runDirectory.ts';
import { seriesFile, seriesNames, seriesOf, writeEpochColumns } from '../runs/runSeries.ts';
import { RunWriter } from '../runs/runWriter.ts';
import { ActiveRun } from './activeRun.ts';
import { createCallback } from './callbacks/createCallback.ts';
import { chooseDevice } from './chooseDevice.ts';
import { compileTraining } from './compileTraining.ts';
import { prepareTraining, type PreparedTraining } from './prepareTraining.ts';
import { readConfig } from './readConfig.ts';
import { progressOf, requirePrepared } from './requirePrepared.ts';
import { environmentRecord, runRecord, type RunIdentity } from './runRecords.ts';
import { openBackend, prepareStored, resumePoint } from './storedRun.ts';
import { initialState } from './trainingState.ts';
import type { ResumeOptions, StartOptions, TrainingRun } from './trainingRun.ts';
import { initialTensors } from './weights.ts';

/**
 * Prepares everything, makes the run directory and begins to train in a later turn of the event loop.
 * @throws AppError `file.notFound`; `config.invalid` with all diagnostics; `device.unavailable`.
 */
export async function startRun(options: StartOptions): Promise<TrainingRun> {
  const { overrides = {}, startPaused = false } = options;
  const file = path.resolve(options.file);
  const text = await readConfig(file);
  const result = await prepareTraining({
    text,
    file: options.file,
    configFile: file,
    overrides,
    whitening: 'measure',
    ...progressOf(options, options.file),
  });
  const prepared = requirePrepared(result, options.file);
  const { config } = prepared;
  const seenRows = await countSeenRows(prepared.data, options.signal);
  const { device, deterministic } = config.training;
  const portable = deterministic === 'portable';
  const request = {
    device,
    portable,
    backend: null,
    choices: null,
    ...(overrides.threads === undefined ? {} : { threads: overrides.threads }),
  };
  const { backend, choice } = await chooseDevice(prepared, request, options);
  const parent = overrides.outputDirectory ?? path.resolve(path.dirname(file), config.output.dir);
  const created = new Date();
  const directory = await createRunDirectory(path.resolve(parent), config.name, created);
  claimRun(directory, null);
  try {
    const identity = identityOf(prepared, {
      created: created.toISOString(),
      configFile: file,
      choice,
      seenRows,
    });
    const info = runInfo(directory, identity, {
      prepared,
      backend,
      diagnostics: result.diagnostics,
    });
    return await beginTraining({ info, identity, prepared, backend, text, startPaused });
  } catch (error) {
    releaseRun(directory);
    backend.destroy();
    await removeUnstarted(directory);
    throw error;
  }
}

interface NewRun {
  readonly info: RunInfo;
  readonly identity: RunIdentity;
  readonly prepared: PreparedTraining;
  readonly backend: Backend;
  /** Of the config file. */
  readonly text: string;
  readonly startPaused: boolean;
}

/** Compiles while the first files are written: from its first step on the run is one that can be resumed. */
async function beginTraining({ text, ...run }: NewRun): Promise<TrainingRun> {
  const { info, identity, prepared, backend } = run;
  const { config, model, data, task } = prepared;
  const writer = new RunWriter(info.directory);
  const start = initialState(task, config.callbacks.map(createCallback));
  const status = {
    state: 'running',
    training: start,
    lastEpoch: null,
    score: null,
    verdict: '',
  } as const;
  writer.begin({
    record: runRecord(identity, status),
    files: {
      [runFiles.config]: stringifyNumbers(config, 1),
      [runFiles.environment]: stringifyNumbers(environmentRecord(config, backend, data), 1),
      [runFiles.preprocessing]: stringifyNumbers(data.preprocessing, 1),
    },
    original: { name: path.basename(identity.configFile), text },
  });
  const tensors = initialTensors(model, config.seed, data);
  const compiling = compileTraining(backend, prepared, { tensors, step: 0 });
  // Whoever removes a run that did not begin must find nobody writing to it.
  await Promise.allSettled([compiling, writer.settled()]);
  const compiled = await compiling;
  await writer.settled();
  writer.snapshot({ epoch: 0, step: 0, tensors }, 1);
  writer.writeSnapshots();
  return new ActiveRun({ ...run, compiled, writer, start, lastEpoch: null });
}

/**
 * Goes on from the last checkpoint; what was recorded after it moves to `discarded/`. The weights end up
 * as those of a run that was never interrupted, bit for bit.
 * @throws AppError `run.notFound`, `run.corrupt`, `run.busy`; `data.read` when the data have changed;
 * `input.invalid` when more epochs than asked for are done.
 */
export async function resumeRun(options: ResumeOptions): Promise<TrainingRun> {
  const directory = path.resolve(options.directory);
  const opened = await openRun(directory);
  claimRun(directory, opened.record);
  try {
    return await resumeClaimed(options, opened);
  } catch (error) {
    releaseRun(directory);
    throw error;
  }
}

async function resumeClaimed(options: ResumeOptions, opened: OpenedRun): Promise<TrainingRun> {
  const { directory, record } = opened;
  const { epochs = Infinity } = options;
  if (epochs < record.epochsDone) {
    const message = say`the run has done ${record.epochsDone} epochs, more than the ${epochs} asked for`;
    throw new AppError('input.invalid', message);
  }
  const result = await prepareStored(opened, options);
  const prepared = requirePrepared(result, directory);
  const seenRows = await countSeenRows(prepared.data, options.signal);
  const backend = await openBackend(options, opened, prepared.config);
  try {
    const choice = keptChoice(options, record);
    const identity = identityOf(prepared, { ...record, choice, seenRows });
    const { diagnostics } = result;
    const info = runInfo(directory, identity, { prepared, backend, diagnostics });
    const startPaused = options.startPaused ?? false;
    return await goOn({ info, identity, prepared, backend, startPaused }, opened);
  } catch (error) {
    backend.destroy();
    throw error;
  }
}

async function goOn(run: Omit<NewRun, 'text'>, opened: OpenedRun): Promise<TrainingRun> {
  const { info, identity, prepared, backend } = run;
  const { directory } = info;
  const { start, tensors } = await resumePoint(directory, prepared);
  const compiled = await compileTraining(backend, prepared, { tensors, step: start.step });
  const discarded = await discardAfter(directory, start);
  const keepsBest = prepared.config.callbacks.map(createCallback).some((c) => c.keeps === 'best');
  if (!keepsBest) await removeBest(path.join(directory, runFiles.checkpoints));
  const epochs = opened.epochs.filter(({ epoch }) => epoch <= start.epoch);
  await writeEpochColumns(directory, identity.series.epoch, epochs);
  const writer = new RunWriter(directory);
  await addRates(writer, prepared, { directory, steps: start.step });
  const lastEpoch = epochs.at(-1) ?? null;
  const time = new Date().toISOString();
  const message = [
    ...(discarded === null ? [] : [say`discarded steps are in ${discarded}`]),
    ...moveTo(backend, writer, opened.environment),
  ].join('; ');
  writer.appendEvent({ time, step: start.step, event: 'resumed', ...(message && { message }) });
  const { verdict, score } = opened.record;
  writer.updateFile(runFiles.config, stringifyNumbers(prepared.config, 1));
  const status = { state: 'running', training: start, lastEpoch, score, verdict } as const;
  await writer.writeRecord(runRecord(identity, status));
  await writer.settled();
  return new ActiveRun({ ...run, compiled, writer, start, lastEpoch });
}

/** Records that the run goes on with a backend of another kind, or of another machine. @returns words for it */
function moveTo(backend: Backend, writer: RunWriter, before: EnvironmentRecord): string[] {
  const { name, deviceName: device, threads } = backend;
  if (name === before.backend && device === before.device) return [];
  const choices = { ...backend.choices };
  const now: EnvironmentRecord = { ...before, backend: name, device, choices, threads };
  writer.updateFile(runFiles.environment, stringifyNumbers(now, 1));
  return [say`it goes on with ${device}, after ${before.device}: last bits may differ`];
}

/** A run that began before the learning rate of every step was kept gets those of its steps so far. */
async function addRates(
  writer: RunWriter,
  { task }: PreparedTraining,
  { directory, steps }: { readonly directory: string; readonly steps: number },
): Promise<void> {
  const { schedule } = task.optimizer;
  if (schedule === null) return;
  const kept = await stat(seriesFile(directory, 'step', 'learning_rate')).catch(() => null);
  if (kept !== null) return;
  writer.appendSteps({ learning_rate: ratesOf(schedule, 0, steps) });
}

function identityOf(
  { config, task, baseline }: PreparedTraining,
  origin: Pick<RunIdentity, 'created' | 'configFile' | 'choice' | 'seenRows'> & {
    readonly name?: string;
  },
): RunIdentity {
  return {
    name: origin.name ?? config.name,
    created: origin.created,
    configFile: origin.configFile,
    choice: origin.choice,
    epochs: config.training.epochs,
    stepsPerEpoch: Math.ceil(task.trainingRows / task.batchSize),
    baseline,
    seenRows: origin.seenRows,
    series: seriesNames(
      task.trainMetrics.map((metric) => metric.name),
      { validates: task.validationRows > 0, scheduled: task.optimizer.schedule !== null },
    ),
  };
}

/** Why a run has its device, unless it now gets another one. */
function keptChoice({ device }: ResumeOptions, { choice }: RunRecord): RunRecord['choice'] {
  return device === undefined || device === choice?.device ? choice : null;
}

interface RunInfoParts {
  readonly prepared: PreparedTraining;
  readonly backend: Backend;
  readonly diagnostics: readonly Diagnostic[];
}

function runInfo(
  directory: string,
  { name, epochs, stepsPerEpoch, baseline, seenRows, series, choice }: RunIdentity,
  { prepared, backend, diagnostics }: RunInfoParts,
): RunInfo {
  const { data, task } = prepared;
  return {
    runId: directory as RunId,
    directory,
    name,
    epochs,
    stepsPerEpoch,
    backend: backend.name,
    device: backend.deviceName,
    ...(choice !== null && { choice }),
    trainingRows: data.train.rows,
    validationRows: data.validation.rows,
    metrics: task.trainMetrics.map((metric) => metric.name),
    series: seriesOf(directory, series),
    baseline,
    seenRows,
    diagnostics,
  };
}
