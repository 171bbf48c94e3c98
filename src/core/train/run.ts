/** Begins and resumes runs: from a config file or a run directory to a TrainingRun. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Diagnostic } from '../../shared/diagnostics.ts';
import { AppError } from '../../shared/errors.ts';
import { stringifyNumbers } from '../../shared/jsonNumbers.ts';
import type { RunId, RunInfo } from '../../shared/protocol/core.ts';
import type { Backend } from '../backends/backend.ts';
import { claimRun, releaseRun } from '../runs/activeRuns.ts';
import { discardAfter } from '../runs/discard.ts';
import { openRun, type OpenedRun } from '../runs/openRun.ts';
import { createRunDirectory, runFiles } from '../runs/runDirectory.ts';
import { RunWriter } from '../runs/runWriter.ts';
import { listSnapshots } from '../runs/snapshots.ts';
import { ActiveRun } from './activeRun.ts';
import { createCallback } from './callbacks/createCallback.ts';
import { compileTraining } from './compileTraining.ts';
import { prepareTraining, type PreparedTraining } from './prepareTraining.ts';
import { progressOf, requirePrepared } from './requirePrepared.ts';
import { environmentRecord, runRecord, type RunIdentity } from './runRecords.ts';
import { openBackend, prepareStored, resumePoint } from './storedRun.ts';
import { stepsPerEpoch } from './trainer.ts';
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
  const backend = await options.createBackend({ device, portable, backend: null, choices: null });
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
  const { directory, record } = opened;
  const result = await prepareStored(opened, options);
  const prepared = requirePrepared(result, directory);
  const { config } = prepared;
  const backend = await openBackend(options, opened, config);
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

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new AppError('file.notFound', `cannot read the config ${file}`, { cause });
  }
}
