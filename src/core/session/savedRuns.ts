/** Answers about runs on disk. */
import type { RunListEntry } from '../../shared/protocol/core.ts';
import { exportModel } from '../train/exportModel.ts';
import { listRuns } from '../runs/openRun.ts';
import { readRun, readSeries } from '../runs/readRun.ts';
import { evaluateRun } from '../train/evaluate/evaluateRun.ts';
import { predictRun } from '../train/predictRun.ts';
import { runImage, runInputs } from '../train/runInputs.ts';
import { savedVerdict } from '../train/verdict.ts';
import { writeScript } from './runCode.ts';
import { toAbortSignal, type Area, type SessionHost } from './session.ts';

export function savedRunHandlers({
  createBackend,
  announce,
}: SessionHost): Pick<
  Area<'run'>,
  | 'run/list'
  | 'run/series'
  | 'run/read'
  | 'run/evaluate'
  | 'run/predict'
  | 'run/image'
  | 'run/inputs'
  | 'run/export'
  | 'run/script'
> {
  return {
    'run/list': async ({ directory }) => ({ runs: (await listRuns(directory)).map(spoken) }),
    'run/series': async ({ directories }) => ({ runs: await readSeries(directories) }),
    'run/read': async ({ directory }) => spoken(await readRun(directory)),
    'run/evaluate': (args, cancel) =>
      evaluateRun({
        ...args,
        createBackend,
        signal: toAbortSignal(cancel),
        onProgress: (progress) => announce('run/progress', progress),
      }),
    'run/predict': async (args) => ({ predictions: await predictRun({ ...args, createBackend }) }),
    'run/image': ({ directory, row }) => runImage(directory, row),
    'run/inputs': ({ directory }) => runInputs(directory),
    'run/script': ({ directory, language }) => writeScript(directory, language),
    'run/export': async ({ directory, format, file }) => ({
      file: await exportModel(directory, format, file),
    }),
  };
}

function spoken<Run extends RunListEntry>(run: Run): Run {
  return { ...run, verdict: savedVerdict(run) };
}
