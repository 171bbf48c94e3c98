/** A run on disk as something to go on with: its config and data, its backend, its last checkpoint. */
import path from 'node:path';
import { AppError, isError } from '../../shared/errors.ts';
import { say } from '../../shared/language.ts';
import { parseConfig } from '../../shared/model/parseConfig.ts';
import type { TrainConfig } from '../../shared/model/trainConfig.ts';
import type { DeviceName } from '../../shared/protocol/deviceName.ts';
import type { Backend } from '../backends/backend.ts';
import { imageInputs } from '../data/images/imageInputs.ts';
import { inputWidth, isImages, type Preprocessing } from '../data/preprocessing.ts';
import { buildModel } from '../graph/buildModel.ts';
import type { Model, ModelContext } from '../graph/model.ts';
import { withPrefix } from '../runs/checkpoints.ts';
import { loadCheckpoint, type RunFiles } from '../runs/openRun.ts';
import { runFiles } from '../runs/runDirectory.ts';
import { createCallback } from './callbacks/createCallback.ts';
import type { DeviceStart } from './compileTraining.ts';
import {
  prepareTraining,
  type PreparationResult,
  type PreparedTraining,
} from './prepareTraining.ts';
import { progressOf } from './requirePrepared.ts';
import { fromCheckpointState, initialState, type TrainingState } from './trainingState.ts';
import type { RunEnvironment } from './trainingRun.ts';
import { initialTensors } from './weights.ts';

/** Config and data of a run as they were. @throws AppError `data.read` when the data file has changed. */
export async function prepareStored(
  opened: RunFiles,
  options: Pick<RunEnvironment, 'onProgress' | 'signal'> & { readonly epochs?: number },
): Promise<PreparationResult> {
  const { directory, record, environment, preprocessing } = opened;
  const result = await prepareTraining({
    text: opened.configText,
    file: path.join(directory, runFiles.config),
    configFile: record.configFile,
    overrides: { epochs: options.epochs },
    whitening: isImages(preprocessing) ? preprocessing.scale.whitening : undefined,
    ...progressOf(options, directory),
  });
  const source = result.prepared?.data.source;
  if (source !== undefined && source.sha256 !== environment.data.sha256) {
    throw new AppError(
      'data.read',
      say`${source.file} has changed since the run began, so the run cannot go on as it was: put the file with sha256 ${environment.data.sha256} back, or train anew`,
    );
  }
  return result;
}

/** The backend a run was trained on, with the choices that decided its bits; or that of another device. */
export function openBackend(
  { createBackend, device }: RunEnvironment & { readonly device?: DeviceName | undefined },
  { environment }: RunFiles,
  { training }: Pick<TrainConfig, 'training'>,
): Promise<Backend> {
  const { backend, choices, floatMode } = environment;
  const portable = floatMode === 'portable';
  const own = deviceOf.get(backend) ?? training.device;
  if (device !== undefined && device !== 'auto' && device !== own) {
    return createBackend({ device, portable, backend: null, choices: null });
  }
  return createBackend({ device: own, portable, backend, choices });
}

const deviceOf: ReadonlyMap<string, DeviceName> = new Map([
  ['wasm', 'cpu'],
  ['webgpu', 'webgpu'],
  ['tfjs', 'cuda'],
]);

/** To predict and to measure, where a run of `device: auto` may have had a GPU that is not here: then on the CPU. */
export async function openForAnswers(
  environment: RunEnvironment,
  opened: RunFiles,
  config: Pick<TrainConfig, 'training'>,
): Promise<Backend> {
  try {
    return await openBackend(environment, opened, config);
  } catch (error) {
    const isFixed = config.training.device !== 'auto' || opened.environment.backend === 'wasm';
    if (isFixed || !isError(error, 'device.unavailable')) throw error;
    return openBackend({ ...environment, device: 'cpu' }, opened, config);
  }
}

export interface StoredModel {
  readonly config: TrainConfig;
  readonly model: Model;
}

/** The model of a run from its own files: needs no data. @throws AppError `run.corrupt` */
export function storedModel({ configText, directory, preprocessing }: RunFiles): StoredModel {
  const file = path.join(directory, runFiles.config);
  const { config, document, diagnostics } = parseConfig(configText, file);
  if (config === null) throw new AppError('run.corrupt', say`${file} is damaged`, { diagnostics });
  const { target } = preprocessing;
  const context: ModelContext = {
    ...inputOf(preprocessing),
    target:
      target.kind === 'classes'
        ? { kind: 'classes', classes: target.names.length, names: target.names }
        : { kind: 'numbers', width: target.names.length },
  };
  const built = buildModel({ config, document, context });
  if (built.model !== null) return { config, model: built.model };
  throw new AppError('run.corrupt', say`${file} is damaged`, { diagnostics: built.diagnostics });
}

function inputOf(preprocessing: Preprocessing): Omit<ModelContext, 'target'> {
  return isImages(preprocessing)
    ? imageInputs(preprocessing)
    : { inputShape: [inputWidth(preprocessing)] };
}

/** Without a checkpoint the run begins again: initial weights follow from the seed. */
export async function resumePoint(
  directory: string,
  { config, data, model, task }: PreparedTraining,
): Promise<{ readonly start: TrainingState; readonly tensors: DeviceStart['tensors'] }> {
  const last = await loadCheckpoint(directory, 'last');
  if (last === null) {
    const start = initialState(task, config.callbacks.map(createCallback));
    return { start, tensors: initialTensors(model, config.seed, data) };
  }
  const start = fromCheckpointState(last.state, (callback) =>
    withPrefix(last.tensors, `callbacks/${callback}/`),
  );
  const own = withPrefix(last.tensors, 'model/');
  const optimizer = last.tensors.filter(({ name }) => name.startsWith('optimizer/'));
  return { start, tensors: [...own, ...optimizer] };
}
