/** A config or a run on disk as a training whose plan can be looked at: nothing of a run is touched. */
import path from 'node:path';
import type { ProfileWish } from '../../../shared/protocol/profile.ts';
import type { Backend } from '../../backends/backend.ts';
import { openRunFiles } from '../../runs/openRun.ts';
import { prepareTraining, type PreparedTraining } from '../prepareTraining.ts';
import { readConfig } from '../readConfig.ts';
import { progressOf, requirePrepared } from '../requirePrepared.ts';
import { prepareStored, resumePoint } from '../storedRun.ts';
import type { RunEnvironment } from '../trainingRun.ts';
import { initialTensors } from '../weights.ts';
import type { ProfileStart } from './profileStep.ts';

export interface OpenedSource {
  readonly prepared: PreparedTraining;
  /** The caller destroys it. */
  readonly backend: Backend;
  readonly start: ProfileStart;
}

/** @throws AppError `file.notFound`, `config.invalid`, `run.notFound`, `run.corrupt`, `data.read`, `device.unavailable`. */
export async function openSource(
  { source, device, threads }: Omit<ProfileWish, 'seconds'>,
  environment: RunEnvironment,
): Promise<OpenedSource> {
  const { prepared, start, choices, backend } = await ('file' in source
    ? openConfig(source.file, environment)
    : openStored(source.directory, environment));
  const { training } = prepared.config;
  return {
    prepared,
    start,
    backend: await environment.createBackend({
      device: device ?? training.device,
      portable: training.deterministic === 'portable',
      backend,
      choices,
      ...(threads === undefined ? {} : { threads }),
    }),
  };
}

type Opened = Pick<OpenedSource, 'prepared' | 'start'> &
  Pick<Parameters<RunEnvironment['createBackend']>[0], 'backend' | 'choices'>;

async function openConfig(given: string, environment: RunEnvironment): Promise<Opened> {
  const file = path.resolve(given);
  const text = await readConfig(file);
  const progress = progressOf(environment, given);
  const result = await prepareTraining({ text, file: given, configFile: file, ...progress });
  const prepared = requirePrepared(result, given);
  const { model, config, task } = prepared;
  const { learningRate } = task.optimizer;
  const tensors = initialTensors(model, config.seed);
  const start = { tensors, step: 0, epoch: 0, firstStep: 0, learningRate };
  return { prepared, start, backend: null, choices: null };
}

/** From where the run would go on. */
async function openStored(given: string, environment: RunEnvironment): Promise<Opened> {
  const directory = path.resolve(given);
  const opened = await openRunFiles(directory);
  const prepared = requirePrepared(await prepareStored(opened, environment), directory);
  const { start, tensors } = await resumePoint(directory, prepared);
  const { step, batch, epoch, learningRate } = start;
  const { backend, choices } = opened.environment;
  const position = { step, epoch, firstStep: step - batch, learningRate };
  return { prepared, start: { ...position, tensors }, backend, choices };
}
