/** Answers about a config file: all that is wrong with it, its data and its shapes; the model it describes; a first one. */
import path from 'node:path';
import { say } from '../../shared/language.ts';
import { AppError } from '../../shared/errors.ts';
import { inspectDataFile, type InspectFileOptions } from '../inspect/inspectFile.ts';
import { holdsImages, inspectImages } from '../inspect/inspectImages.ts';
import { isConfigFile } from '../../shared/model/data.ts';
import type { ConfigAbout } from '../../shared/protocol/core.ts';
import type { CancelSignal } from '../../shared/protocol/cancel.ts';
import { targetOptions } from '../propose/chooseTarget.ts';
import { proposeImages } from '../propose/images/proposeImages.ts';
import { proposeConfig } from '../propose/proposeConfig.ts';
import { plannedMemory } from '../train/plannedMemory.ts';
import { describeNetwork } from '../train/describeNetwork.ts';
import {
  prepareTraining,
  type PreparationResult,
  type PreparedTraining,
} from '../train/prepareTraining.ts';
import { readConfig } from '../train/readConfig.ts';
import { toAbortSignal } from './session.ts';
import type { Area, SessionHost } from './session.ts';

export function configHandlers({ announce, createBackend }: SessionHost): Area<'config'> {
  const check = (file: string, signal: AbortSignal) =>
    checkConfig(file, { signal, onProgress: (p) => announce('run/progress', { file, ...p }) });
  const looking = (file: string, cancel: CancelSignal): InspectFileOptions => ({
    signal: toAbortSignal(cancel),
    onProgress: (p) => announce('run/progress', { file, ...p }),
  });
  const lookAtTable = (file: string, cancel: CancelSignal) => {
    if (isConfigFile(file)) {
      throw new AppError('input.invalid', say`${file} is a config; name a file of rows`);
    }
    return inspectDataFile(file, looking(file, cancel));
  };
  return {
    async 'config/check'({ file }) {
      return { diagnostics: describeNetwork(await readConfig(file), file).diagnostics };
    },
    async 'config/validate'({ file }, cancel) {
      const { prepared, diagnostics } = await check(file, toAbortSignal(cancel));
      return { diagnostics, about: prepared === null ? null : aboutConfig(prepared) };
    },
    async 'config/summarize'({ file }, cancel) {
      const known = describeNetwork(await readConfig(file), file);
      // The shapes of a public data set are known: nobody wants to download it for them.
      if (known.isPublic) return { ...known, memory: null };
      const { prepared, diagnostics } = await check(file, toAbortSignal(cancel));
      if (prepared === null) return { summary: known.summary, memory: null, diagnostics };
      const memory = await plannedMemory(prepared, createBackend);
      return { summary: prepared.model.summary, memory, diagnostics };
    },
    async 'config/targets'({ dataFile }, cancel) {
      if (await holdsImages(dataFile)) return { targets: [] };
      return { targets: targetOptions(await lookAtTable(dataFile, cancel)) };
    },
    async 'config/propose'({ dataFile, target, configFile }, cancel) {
      const folder = path.dirname(configFile ?? dataFile);
      if (await holdsImages(dataFile)) {
        if (target !== undefined) throw noColumns(dataFile);
        const images = await inspectImages(dataFile, looking(dataFile, cancel));
        return { text: proposeImages(images, folder), diagnostics: [] };
      }
      const table = await lookAtTable(dataFile, cancel);
      const dataPath = path.relative(folder, dataFile).replaceAll(path.sep, '/');
      return proposeConfig({ table, target, dataPath });
    },
  };
}

function aboutConfig({ config, data, model }: PreparedTraining): ConfigAbout {
  const { train, validation, test } = data;
  const rows = { train: train.rows, validation: validation.rows, test: test?.rows ?? 0 };
  return { task: config.task, ...rows, parameters: model.summary.parameters };
}

function noColumns(place: string): AppError {
  const message = say`${place} has labels and no columns: a target cannot be chosen`;
  return new AppError('input.invalid', message);
}

interface CheckOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: { message: string; fraction: number | null }) => void;
}

/** @throws AppError `file.notFound`. */
async function checkConfig(file: string, options: CheckOptions): Promise<PreparationResult> {
  const text = await readConfig(file);
  return prepareTraining({ text, file, configFile: file, ...options });
}
