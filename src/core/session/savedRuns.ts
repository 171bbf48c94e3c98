/** Answers about runs on disk. */
import { exportRun } from '../runs/export/exportRun.ts';
import { listRuns } from '../runs/openRun.ts';
import { readRun } from '../runs/readRun.ts';
import { evaluateRun } from '../train/evaluateRun.ts';
import { predictRun } from '../train/predictRun.ts';
import { runInputs } from '../train/runInputs.ts';
import { writeScript } from './runCode.ts';
import type { Area, SessionHost } from './session.ts';

export function savedRunHandlers({
  createBackend,
}: SessionHost): Pick<
  Area<'run'>,
  | 'run/list'
  | 'run/read'
  | 'run/evaluate'
  | 'run/predict'
  | 'run/inputs'
  | 'run/export'
  | 'run/script'
> {
  return {
    'run/list': async ({ directory }) => ({ runs: await listRuns(directory) }),
    'run/read': ({ directory }) => readRun(directory),
    'run/evaluate': (args) => evaluateRun({ ...args, createBackend }),
    'run/predict': async (args) => ({ predictions: await predictRun({ ...args, createBackend }) }),
    'run/inputs': ({ directory }) => runInputs(directory),
    'run/script': ({ directory, language }) => writeScript(directory, language),
    'run/export': async ({ directory, format, file }) => ({
      file: await exportRun(directory, format, file),
    }),
  };
}
