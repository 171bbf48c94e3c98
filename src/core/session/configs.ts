/** Answers about a config file: all that is wrong with it, its data and its shapes; the model it describes; a first one. */
import path from 'node:path';
import type { Diagnostic } from '../../shared/diagnostics.ts';
import { say } from '../../shared/language.ts';
import { AppError } from '../../shared/errors.ts';
import type { ModelSummary } from '../../shared/protocol/core.ts';
import { inspectDataFile } from '../inspect/inspectFile.ts';
import { isConfigFile } from '../../shared/model/data.ts';
import { proposeConfig } from '../propose/proposeConfig.ts';
import { prepareTraining } from '../train/prepareTraining.ts';
import { readConfig } from '../train/readConfig.ts';
import { toAbortSignal } from './session.ts';
import type { Area, SessionHost } from './session.ts';

export function configHandlers({ announce }: SessionHost): Area<'config'> {
  const check = (file: string, signal: AbortSignal) =>
    checkConfig(file, { signal, onProgress: (p) => announce('run/progress', { file, ...p }) });
  return {
    async 'config/validate'({ file }, cancel) {
      const { diagnostics } = await check(file, toAbortSignal(cancel));
      return { diagnostics };
    },
    'config/summarize'({ file }, cancel) {
      return check(file, toAbortSignal(cancel));
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

interface CheckedConfig {
  /** Null when there are errors. */
  readonly summary: ModelSummary | null;
  /** By file and place. */
  readonly diagnostics: readonly Diagnostic[];
}

/** @throws AppError `file.notFound`. */
async function checkConfig(file: string, options: CheckOptions): Promise<CheckedConfig> {
  const text = await readConfig(file);
  const { prepared, diagnostics } = await prepareTraining({
    text,
    file,
    configFile: file,
    ...options,
  });
  return { summary: prepared?.model.summary ?? null, diagnostics };
}
