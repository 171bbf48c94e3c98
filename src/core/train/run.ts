/** Begins and resumes runs: from a config file or a run directory to a TrainingRun. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { formatDiagnostic, type Diagnostic } from '../../shared/diagnostics.ts';
import { AppError } from '../../shared/errors.ts';
import { stringifyNumbers } from '../../shared/jsonNumbers.ts';
import type { RunId, RunInfo } from '../../shared/protocol/core.ts';
import type { Backend } from '../backends/backend.ts';
import { claimRun, releaseRun } from '../runs/activeRuns.ts';
import { withPrefix } from '../runs/checkpoints.ts';
import { discardAfter } from '../runs/discard.ts';
import { loadCheckpoint, openRun, type OpenedRun } from '../runs/openRun.ts';
import { createRunDirectory, runFiles } from '../runs/runDirectory.ts';
import { RunWriter } from '../runs/runWriter.ts';
import { listSnapshots } from '../runs/snapshots.ts';
import { ActiveRun } from './activeRun.ts';
import { createCallback } from './callbacks/createCallback.ts';
import { compileTraining, type DeviceStart } from './compileTraining.ts';
import {
  prepareTraining,
  type PreparationResult,
  type PreparedTraining,
} from './prepareTraining.ts';
import { environmentRecord, runRecord, type RunIdentity } from './runRecords.ts';
import { stepsPerEpoch } from './trainer.ts';
import { fromCheckpointState, initialState, type TrainingState } from './trainingState.ts';
import type { ResumeOptions, RunEnvironment, StartOptions, TrainingRun } from './trainingRun.ts';
import { initialTensors } from './weights.ts';

/**
 * Prepares everything, makes the run directory and begins to train in a later turn of the event loop.
 * @throws AppError `file.notFound`; `config.invalid` with all diagnostics; `device.unavailable`.
 */
export async function startRun(options: StartOptions): Promise<TrainingRun> {
  const { overrides = {}, startPaused = false } = options;
  const file = path.resolve(options.file);
  const text = await readText(file);
  const result = await prepareTraining({
    text,
    file: options.file,
    configFile: file,
    overrides,
    ...progressOf(options, options.file),
  });
  const prepared = requirePrepared(result, options.file);
  const { config, model, data } = prepared;
  const { device, deterministic } = config.training;
  const portable = deterministic === 'portable';
  const backend = await options.createBackend({ device, portable, choices: null });
  const tensors = initialTensors(model, config.seed);
  const compiled = await compileTraining(backend, prepared, { tensors, step: 0 });
  const created = new Date();
  const parent = path.resolve(
    overrides.outputDirectory ?? path.resolve(path.dirname(file), config.output.dir),
  );
  const directory = await createRunDirectory(parent, config.name, created);
  claimRun(directory, null);
  const identity: RunIdentity = {
    name: config.name,
    created: created.toISOString(),
    configFile: file,
    epochs: config.training.epochs,
    stepsPerEpoch: stepsPerEpoch(compiled.program),
  };
  const start = initialState(prepared.task, config.callbacks.map(createCallback));
  const writer = new RunWriter(directory);
  const status = { state: 'running', training: start, lastEpoch: null, verdict: '' } as const;
  writer.begin({
    record: runRecord(identity, status),
    files: {
      [runFiles.config]: stringifyNumbers(config, 1),
      [runFiles.environment]: stringifyNumbers(environmentRecord(config, backend, data), 1),
      [runFiles.preprocessing]: stringifyNumbers(data.preprocessing, 1),
    },
    original: { name: path.basename(file), text },
  });
  writer.snapshot({ number: 0, step: 0 }, tensors);
  return new ActiveRun({
    info: runInfo(directory, identity, { prepared, backend, diagnostics: result.diagnostics }),
    identity,
    prepared,
    backend,
    compiled,
    writer,
    start,
    lastEpoch: null,
    snapshots: 1,
    startPaused,
  });
}

/**
 * Goes on from the last checkpoint; what was recorded after it moves to `discarded/`. The weights end up
 * as those of a run that was never interrupted, bit for bit.
 * @throws AppError `run.notFound`, `run.corrupt`, `run.busy`; `data.read` when the data have changed.
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
  const { directory, record, environment } = opened;
  const result = await prepareStored(opened, options);
  const prepared = requirePrepared(result, directory);
  const { config } = prepared;
  const { device } = config.training;
  const portable = environment.floatMode === 'portable';
  const { choices } = environment;
  const backend = await options.createBackend({ device, portable, choices });
  const { start, tensors } = await resumePoint(directory, prepared);
  const compiled = await compileTraining(backend, prepared, { tensors, step: start.step });
  const discarded = await discardAfter(directory, start);
  const identity: RunIdentity = {
    name: record.name,
    created: record.created,
    configFile: record.configFile,
    epochs: config.training.epochs,
    stepsPerEpoch: stepsPerEpoch(compiled.program),
  };
  const writer = new RunWriter(directory);
  const lastEpoch = opened.epochs.filter(({ epoch }) => epoch <= start.epoch).at(-1) ?? null;
  const time = new Date().toISOString();
  const message = discarded === null ? {} : { message: `discarded steps are in ${discarded}` };
  writer.appendEvent({ time, step: start.step, event: 'resumed', ...message });
  const { verdict } = record;
  writer.updateConfig(stringifyNumbers(config, 1));
  void writer.writeRecord(
    runRecord(identity, { state: 'running', training: start, lastEpoch, verdict }),
  );
  const snapshots = (await listSnapshots(path.join(directory, runFiles.weights))).at(-1);
  return new ActiveRun({
    info: runInfo(directory, identity, { prepared, backend, diagnostics: result.diagnostics }),
    identity,
    prepared,
    backend,
    compiled,
    writer,
    start,
    lastEpoch,
    snapshots: (snapshots?.number ?? -1) + 1,
    startPaused: options.startPaused ?? false,
  });
}

/** Config and data of a run as they were. @throws AppError `data.read` when the data file has changed. */
export async function prepareStored(
  opened: OpenedRun,
  options: Pick<RunEnvironment, 'onProgress' | 'signal'> & { readonly epochs?: number },
): Promise<PreparationResult> {
  const { directory, record, environment } = opened;
  const result = await prepareTraining({
    text: opened.configText,
    file: path.join(directory, runFiles.config),
    configFile: record.configFile,
    overrides: { epochs: options.epochs },
    ...progressOf(options, directory),
  });
  const source = result.prepared?.data.source;
  if (source !== undefined && source.sha256 !== environment.data.sha256) {
    throw new AppError(
      'data.read',
      `${source.file} has changed since the run began, so the run cannot go on as it was: put the file with sha256 ${environment.data.sha256} back, or train anew`,
    );
  }
  return result;
}

/** Without a checkpoint the run begins again: initial weights follow from the seed. */
async function resumePoint(
  directory: string,
  { config, model, task }: PreparedTraining,
): Promise<{ readonly start: TrainingState; readonly tensors: DeviceStart['tensors'] }> {
  const last = await loadCheckpoint(directory, 'last');
  if (last === null) {
    const start = initialState(task, config.callbacks.map(createCallback));
    return { start, tensors: initialTensors(model, config.seed) };
  }
  const start = fromCheckpointState(last.state, (callback) =>
    withPrefix(last.tensors, `callbacks/${callback}/`),
  );
  const own = withPrefix(last.tensors, 'model/');
  const optimizer = last.tensors.filter(({ name }) => name.startsWith('optimizer/'));
  return { start, tensors: [...own, ...optimizer] };
}

interface RunInfoParts {
  readonly prepared: PreparedTraining;
  readonly backend: Backend;
  readonly diagnostics: readonly Diagnostic[];
}

function runInfo(
  directory: string,
  { name, epochs, stepsPerEpoch: steps }: RunIdentity,
  { prepared, backend, diagnostics }: RunInfoParts,
): RunInfo {
  const { data, task, baseline } = prepared;
  return {
    runId: directory as RunId,
    directory,
    name,
    epochs,
    stepsPerEpoch: steps,
    backend: backend.name,
    device: backend.deviceName,
    trainingRows: data.train.rows,
    validationRows: data.validation.rows,
    metrics: task.trainMetrics.map((metric) => metric.name),
    baseline,
    diagnostics,
  };
}

/** @throws AppError `config.invalid` with the diagnostics. */
export function requirePrepared(
  { prepared, diagnostics }: PreparationResult,
  file: string,
): PreparedTraining {
  if (prepared !== null) return prepared;
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const first = errors[0] === undefined ? '' : `: ${formatDiagnostic(errors[0])}`;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  throw new AppError('config.invalid', `${file} cannot be trained${first}${more}`, { diagnostics });
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new AppError('file.notFound', `cannot read the config ${file}`, { cause });
  }
}

function progressOf(
  { onProgress, signal }: Pick<RunEnvironment, 'onProgress' | 'signal'>,
  file: string,
): Pick<Parameters<typeof prepareTraining>[0], 'onProgress' | 'signal'> {
  return {
    ...(onProgress === undefined
      ? {}
      : { onProgress: (progress) => onProgress({ file, ...progress }) }),
    signal,
  };
}
