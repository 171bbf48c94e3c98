/** From the text of a config to everything that training needs, or to all that is wrong with it. */
import { hasErrors, inOrder, type Diagnostic } from '../../shared/diagnostics.ts';
import { parseConfig, type ParsedConfigFile } from '../../shared/model/parseConfig.ts';
import type { TrainConfig } from '../../shared/model/trainConfig.ts';
import type { Baseline, DeviceName } from '../../shared/protocol/core.ts';
import { computeBaseline } from '../data/baseline.ts';
import { checkData, prepareData } from '../data/prepareData.ts';
import type { DataProgress, PrepareOptions } from '../data/preparation.ts';
import type { PreparedData } from '../data/preparedData.ts';
import { buildModel } from '../graph/buildModel.ts';
import type { Model, ModelContext } from '../graph/model.ts';
import { checkAccumulation } from './checkAccumulation.ts';
import { checkCallbacks } from './callbacks/checkCallbacks.ts';
import { createTask, typicalTarget, type EpochTask } from './epochTask.ts';

export interface PrepareTrainingOptions {
  readonly text: string;
  /** For diagnostics. */
  readonly file: string;
  /** Data paths are relative to its folder. */
  readonly configFile: string;
  readonly overrides?: {
    readonly device?: DeviceName | undefined;
    readonly seed?: number | undefined;
    readonly epochs?: number | undefined;
  };
  readonly onProgress?: (progress: DataProgress) => void;
  readonly signal?: AbortSignal | undefined;
  /** See PrepareOptions. */
  readonly whitening?: PrepareOptions['whitening'];
}

export interface PreparedTraining {
  /** With the overrides. */
  readonly config: TrainConfig;
  readonly data: PreparedData;
  readonly model: Model;
  readonly task: EpochTask;
  readonly baseline: Baseline | null;
}

export interface PreparationResult {
  /** Null when there are errors. */
  readonly prepared: PreparedTraining | null;
  /** By place in the config. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Bad input gives diagnostics; throws only what `signal` aborts with. */
export async function prepareTraining(options: PrepareTrainingOptions): Promise<PreparationResult> {
  const parsed = parseConfig(options.text, options.file);
  const { document } = parsed;
  if (parsed.config === null) {
    return { prepared: null, diagnostics: await checkDraft(parsed, options) };
  }
  const config = withOverrides(parsed.config, options.overrides ?? {});
  const { configFile, onProgress, signal, whitening } = options;
  const read = await prepareData({ config, document, configFile, onProgress, signal, whitening });
  const { data } = read;
  const context = data && contextOf(data);
  const built = buildModel({ config, document, context, classes: read.classes });
  const found = [
    ...parsed.diagnostics,
    ...read.diagnostics,
    ...built.diagnostics,
    ...(data === null ? [] : checkCallbacks(config, document, data.validation.rows)),
    ...(data === null ? [] : checkAccumulation(config, document, data.train.rows)),
  ];
  const diagnostics = inOrder(found, options.file);
  if (hasErrors(diagnostics) || data === null || built.model === null) {
    return { prepared: null, diagnostics };
  }
  const task = createTask(config, built.model, {
    trainingRows: data.train.rows,
    validationRows: data.validation.rows,
    typicalTarget: typicalTarget(data),
  });
  const baseline = computeBaseline(data);
  return { prepared: { config, data, model: built.model, task, baseline }, diagnostics };
}

/** What is wrong in the config itself, and what can be told of its data and its model all the same. */
async function checkDraft(
  { draft, document, diagnostics }: ParsedConfigFile,
  { file, configFile, onProgress, signal }: PrepareTrainingOptions,
): Promise<readonly Diagnostic[]> {
  if (draft === null) return diagnostics;
  const { data, classes, ...read } = await checkData(draft, {
    document,
    configFile,
    onProgress,
    signal,
  });
  const context = data && contextOf(data);
  const built = buildModel({ ...draft, document, context, classes });
  return inOrder([...diagnostics, ...read.diagnostics, ...built.diagnostics], file);
}

function contextOf(data: PreparedData): ModelContext {
  const { inputShape, inputScale = null, augmented = null, target } = data;
  return { inputShape, inputScale, augmented, target };
}

function withOverrides(
  config: TrainConfig,
  { device, seed, epochs }: NonNullable<PrepareTrainingOptions['overrides']>,
): TrainConfig {
  const { training } = config;
  return {
    ...config,
    seed: { ...config.seed, value: seed ?? config.seed.value },
    training: {
      ...training,
      epochs: epochs ?? training.epochs,
      device: device ?? training.device,
    },
  };
}
