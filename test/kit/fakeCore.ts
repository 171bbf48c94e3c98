/**
 * A core that trains nothing: it speaks the contract and replays an exponential decay at a given pace. For looking
 * at the views, and for what a real core does too quickly to be caught (pause, crash). The config's name chooses:
 * `slow` takes minutes, `crash` dies after its first steps, any other is over in about two seconds.
 */
import path from 'node:path';
import { parentTransport } from '../../src/core/parentTransport.ts';
import { AppError } from '../../src/shared/errors.ts';
import type { CoreContract, EpochRecord, RunId } from '../../src/shared/protocol/core.ts';
import { Server } from '../../src/shared/protocol/server.ts';
import type { Handlers } from '../../src/shared/protocol/server.ts';

const stepsPerEpoch = 48;
const epochs = 60;
const tickMs = 33;

interface FakeRun {
  readonly runId: RunId;
  readonly stepsPerTick: number;
  readonly crashes: boolean;
  step: number;
  paused: boolean;
}

const runs = new Map<RunId, FakeRun>();
const lossAt = (step: number) => 0.03 + 1.07 * Math.exp(-step / 500);
const noiseAt = (step: number) => 1 + 0.35 * Math.sin(step * 12.9898) * Math.sin(step * 78.233);

function advance(run: FakeRun): void {
  const total = epochs * stepsPerEpoch;
  if (run.paused || run.step >= total) return;
  const firstStep = run.step;
  run.step = Math.min(total, firstStep + run.stepsPerTick);
  const loss = lossAt(run.step) * noiseAt(run.step);
  const seconds = (run.step / run.stepsPerTick) * (tickMs / 1000);
  server.announce('run/steps', { runId: run.runId, step: run.step, loss, seconds });
  if (run.crashes) setTimeout(() => process.exit(7), 100);
  for (let step = firstStep + 1; step <= run.step; step++) {
    if (step % stepsPerEpoch === 0) announceEpoch(run, step / stepsPerEpoch);
  }
  if (run.step >= total) end(run, 'completed');
}

function announceEpoch({ runId }: FakeRun, epoch: number): void {
  const step = epoch * stepsPerEpoch;
  const loss = lossAt(step);
  const accuracy = 1 - 0.6 * Math.exp(-step / 700);
  const record: EpochRecord = {
    epoch,
    epochs,
    step,
    loss,
    val_loss: loss * 1.15 + 0.02,
    metrics: { accuracy, val_accuracy: accuracy - 0.02 },
    learning_rate: 0.001,
    seconds: 0.03,
  };
  server.announce('run/epochs', { runId, records: [record] });
}

function end(run: FakeRun, status: 'completed' | 'stopped') {
  runs.delete(run.runId);
  const verdict = '101 of 103 right; always guessing the commonest class: 45';
  const result = { status, step: run.step, seconds: 2, verdict };
  server.announce('run/end', { runId: run.runId, end: result });
  return result;
}

function find(runId: RunId): FakeRun {
  const run = runs.get(runId);
  if (run === undefined) throw new AppError('run.notFound', `there is no run ${runId}`);
  return run;
}

function setPaused(runId: RunId, paused: boolean) {
  const run = find(runId);
  run.paused = paused;
  server.announce('run/state', { runId, state: paused ? 'paused' : 'running', step: run.step });
  return { step: run.step };
}

const notFaked = () => {
  throw new AppError('protocol.unknownMethod', 'the fake core only trains');
};

const handlers: Handlers<CoreContract> = {
  'device/list': () => ({ devices: [] }),
  'config/check': () => ({ diagnostics: [] }),
  'config/validate': () => ({ diagnostics: [], about: null }),
  'machine/connect': notFaked,
  'machine/devices': notFaked,
  'machine/disconnect': notFaked,
  'files/missing': notFaked,
  'files/put': notFaked,
  'files/place': notFaked,
  'files/list': notFaked,
  'files/read': notFaked,
  'files/remove': notFaked,
  'device/install': notFaked,
  'device/uninstall': notFaked,
  'config/summarize': notFaked,
  'config/targets': notFaked,
  'config/propose': notFaked,
  'data/inspect': notFaked,
  'data/preview': notFaked,
  'run/start': ({ file }) => {
    const name = path.basename(file).replace(/\.train\..*$/, '');
    const runId = `${name}-${Date.now()}` as RunId;
    const stepsPerTick = name === 'slow' ? 2 : 48;
    runs.set(runId, { runId, stepsPerTick, crashes: name === 'crash', step: 0, paused: false });
    const metrics = { accuracy: 0.44, loss: 1.05 };
    return {
      runId,
      name,
      epochs,
      stepsPerEpoch,
      directory: path.join(path.dirname(file), 'runs', name),
      backend: 'wasm',
      device: 'cpu',
      trainingRows: 957,
      validationRows: 103,
      metrics: ['accuracy'],
      series: [],
      baseline: { kind: 'majority', metrics, guess: 'Adelie' },
      seenRows: null,
      diagnostics: [],
    };
  },
  'run/resume': notFaked,
  'run/profile': notFaked,
  'run/kernels': notFaked,
  'run/pause': ({ runId }) => setPaused(runId, true),
  'run/continue': ({ runId }) => setPaused(runId, false),
  'run/step': notFaked,
  'run/stop': ({ runId }) => end(find(runId), 'stopped'),
  'run/list': notFaked,
  'run/series': notFaked,
  'run/read': notFaked,
  'run/evaluate': notFaked,
  'run/explain': notFaked,
  'run/predict': notFaked,
  'run/image': notFaked,
  'run/inputs': notFaked,
  'run/script': notFaked,
  'run/export': notFaked,
  'weights/list': notFaked,
  'weights/read': notFaked,
  'weights/history': notFaked,
  'weights/tile': notFaked,
};

const transport = parentTransport();
if (transport === null) throw new Error('the fake core is forked, not run');
transport.onClose(() => process.exit(0));
const server = new Server<CoreContract>(transport, handlers);
setInterval(() => {
  for (const run of [...runs.values()]) advance(run);
}, tickMs);
