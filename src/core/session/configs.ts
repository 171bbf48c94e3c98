/** Answers about a config file: all that is wrong with it, its data and its shapes; the model it describes; a first one. */
import path from 'node:path';
import { say } from '../../shared/language.ts';
import { AppError } from '../../shared/errors.ts';
import { inspectDataFile } from '../inspect/inspectFile.ts';
import { isConfigFile } from '../../shared/model/data.ts';
import { proposeConfig } from '../propose/proposeConfig.ts';
import { plannedMemory } from '../train/plannedMemory.ts';
import { describeNetwork } from '../train/describeNetwork.ts';
import { prepareTraining, type PreparationResult } from '../train/prepareTraining.ts';
import { readConfig } from '../train/readConfig.ts';
import { toAbortSignal } from './session.ts';
import type { Area, SessionHost } from './session.ts';

export function configHandlers({ announce, createBackend }: SessionHost): Area<'config'> {
  const check = (file: string, signal: AbortSignal) =>
    checkConfig(file, { signal, onProgress: (p) => announce('run/progress', { file, ...p }) });
  return {
    async 'config/validate'({ file }, cancel) {
      const { diagnostics } = await check(file, toAbortSignal(cancel));
      return { diagnostics };
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
    async 'config/propose'({ dataFile, target, configFile }, cancel) {
      if (isConfigFile(dataFile)) {
        throw new AppError('input.invalid', say`${dataFile} is a config; name a file of rows`);
      }
      const table = await inspectDataFile(dataFile, {
        signal: toAbortSignal(cancel),
        onProgress: (p) => announce('run/progress', { file: dataFile, ...p }),
      });
      const folder = path.dirname(configFile ?? dataFile);
      const dataPath = path.relative(folder, dataFile).replaceAll(path.sep, '/');
      return proposeConfig({ table, target, dataPath });
    },
  };
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
