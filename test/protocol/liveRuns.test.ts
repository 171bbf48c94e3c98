/** Training in a real core over the protocol: events, requests in mid-run, and every way a run can be cut short. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { fork } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Core } from '../../src/coreProcess/coreClient.ts';
import type {
  CoreContract,
  EpochRecord,
  RunEnd,
  RunId,
  RunInfo,
} from '../../src/shared/protocol/core.ts';
import { readColumn } from '../../src/core/runs/columnFile.ts';
import { isAlive } from '../../src/core/system/isAlive.ts';
import { disposeCores, forkRealCore, builtBundle } from '../kit/realCore.ts';
import { createTinyProject } from '../kit/tinyProject.ts';
import type { TinyOptions, TinyProject } from '../kit/tinyProject.ts';

type Events = CoreContract['events'];

/** Everything a core says of its runs. */
function record({ client }: Core) {
  const states: Events['run/state'][] = [];
  const steps: Events['run/steps'][] = [];
  const epochs: { readonly runId: RunId; readonly record: EpochRecord }[] = [];
  const ends = new Map<RunId, RunEnd>();
  const waiting: (() => void)[] = [];
  client.on('run/state', (event) => states.push(event));
  client.on('run/steps', (event) => steps.push(event));
  client.on('run/epochs', ({ runId, records }) => {
    epochs.push(...records.map((record) => ({ runId, record })));
    waiting.splice(0).forEach((wake) => wake());
  });
  client.on('run/end', ({ runId, end }) => {
    ends.set(runId, end);
    waiting.splice(0).forEach((wake) => wake());
  });
  async function until<T>(find: () => T | undefined): Promise<T> {
    for (;;) {
      const found = find();
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
  }
  return {
    states,
    steps,
    epochs,
    end: ({ runId }: RunInfo) => until(() => ends.get(runId)),
    firstEpoch: ({ runId }: RunInfo) => until(() => epochs.find((e) => e.runId === runId)),
  };
}

describe('a run over the protocol', () => {
  const projects: TinyProject[] = [];
  afterEach(async () => {
    await disposeCores();
    for (const project of projects.splice(0)) project.remove();
  });

  function create(options: TinyOptions = {}): TinyProject {
    const project = createTinyProject(options);
    projects.push(project);
    return project;
  }

  const start = ({ client }: Core, { config }: TinyProject, startPaused = false) =>
    client.request('run/start', { file: config, overrides: {}, startPaused });

  it('tells of its states, of every step once and in order, of its epochs and its end', async () => {
    const core = forkRealCore();
    const seen = record(core);
    const info = await start(core, create());
    assert.deepEqual(
      [info.trainingRows, info.validationRows, info.stepsPerEpoch, info.epochs, info.backend],
      [30, 10, 4, 3, 'wasm'],
    );
    const end = await seen.end(info);
    assert.deepEqual([end.status, end.step], ['completed', 12]);
    assert.deepEqual(
      seen.states.map(({ state }) => state).filter((state, i, all) => state !== all[i - 1]),
      ['running', 'completed'],
    );
    let before = 0;
    for (const { step, loss, seconds } of seen.steps) {
      assert.ok(step > before && Number.isFinite(loss) && seconds > 0);
      before = step;
    }
    assert.equal(before, 12);
    const losses = info.series.find(({ name, per }) => name === 'loss' && per === 'step')!;
    const { values } = await readColumn(losses.file);
    assert.equal(values.length, 12);
    assert.equal(values.at(-1), seen.steps.at(-1)!.loss);
    assert.deepEqual(
      seen.epochs.map(({ record: { epoch, step } }) => [epoch, step]),
      [
        [1, 4],
        [2, 8],
        [3, 12],
      ],
    );
  });

  it('goes step by step when it starts paused, and gives the weights of the last step', async () => {
    const core = forkRealCore();
    const { client } = core;
    const { runId } = await start(core, create(), true);
    const { tensors } = await client.request('weights/list', { runId });
    assert.deepEqual(
      tensors.map(({ name, shape }) => [name, shape]),
      [
        ['hidden/kernel', [2, 8]],
        ['hidden/bias', [8]],
        ['out/kernel', [8, 2]],
        ['out/bias', [2]],
      ],
    );
    const read = () => client.request('weights/read', { runId, name: 'hidden/kernel' });
    const before = await read();
    assert.deepEqual([before.step, before.values.length], [0, 16]);
    assert.deepEqual(await client.request('run/step', { runId }), { step: 1 });
    const after = await read();
    assert.equal(after.step, 1);
    assert.notDeepEqual(after.values, before.values);
    assert.deepEqual(await client.request('run/step', { runId }), { step: 2 });
    await assert.rejects(client.request('weights/read', { runId, name: 'no/such' }), {
      code: 'input.invalid',
    });
    const end = await client.request('run/stop', { runId });
    assert.deepEqual([end.status, end.step], ['stopped', 2]);
    assert.equal((await read()).step, 2, 'weights can be read after the end');
  });

  it('answers in the middle of a long epoch, pauses and goes on', async () => {
    const core = forkRealCore();
    const { client } = core;
    const seen = record(core);
    const info = await start(core, create({ rows: 400_000, epochs: 1 }));
    const { runId, stepsPerEpoch } = info;
    const { step } = await client.request('run/pause', { runId });
    assert.ok(step < stepsPerEpoch, 'the pause did not wait for the end of the epoch');
    await client.request('device/list', {});
    const again = await client.request('run/pause', { runId });
    assert.deepEqual(again, { step }, 'a paused run stands still');
    await client.request('run/continue', { runId });
    const end = await seen.end(info);
    assert.deepEqual([end.status, end.step], ['completed', stepsPerEpoch]);
  });

  it('has a second one beside it, each with its own events', async () => {
    const core = forkRealCore();
    const seen = record(core);
    const [long, short] = [create({ epochs: 1_000_000 }), create({ epochs: 5 })];
    const first = await start(core, long);
    const second = await start(core, short);
    assert.notEqual(first.runId, second.runId);
    assert.equal((await seen.end(second)).status, 'completed');
    await seen.firstEpoch(first);
    const end = await core.client.request('run/stop', { runId: first.runId });
    assert.equal(end.status, 'stopped');
    const mine = seen.epochs.filter(({ runId }) => runId === second.runId);
    assert.deepEqual(
      mine.map(({ record: { epoch } }) => epoch),
      [1, 2, 3, 4, 5],
    );
  });

  it('stops and keeps: a list shows it, and it can be resumed in another core', async () => {
    const project = create({ epochs: 1_000_000 });
    const core = forkRealCore();
    const seen = record(core);
    const info = await start(core, project);
    await seen.firstEpoch(info);
    const end = await core.client.request('run/stop', { runId: info.runId });
    assert.deepEqual(await core.client.request('run/stop', { runId: info.runId }), end);
    const { runs } = await core.client.request('run/list', {
      directory: path.join(project.folder, 'runs'),
    });
    assert.deepEqual(
      runs.map(({ directory, state }) => [directory, state]),
      [[info.directory, 'stopped']],
    );
    await assertResumes(info.directory, end.step);
  });

  it('that is cancelled while it is prepared leaves no run behind', async () => {
    const project = create({ rows: 100_000, epochs: 1_000_000 });
    const { client } = forkRealCore();
    await client.ready;
    const controller = new AbortController();
    const args = { file: project.config, overrides: {}, startPaused: false };
    const starting = client.request('run/start', args, controller.signal);
    controller.abort();
    await assert.rejects(starting, { code: 'protocol.cancelled' });
    const runs = path.join(project.folder, 'runs');
    assert.deepEqual(existsSync(runs) ? readdirSync(runs) : [], []);
  });

  it('with a bad config fails with its diagnostics', async () => {
    const project = create();
    writeFileSync(project.config, 'version: 1\ntask: clasification\n');
    await assert.rejects(start(forkRealCore(), project), (error: unknown) => {
      assert.ok(error instanceof Error && 'code' in error && 'diagnostics' in error);
      assert.equal(error.code, 'config.invalid');
      const [first] = error.diagnostics as { start: { line: number }; file: string }[];
      assert.equal(first!.file, project.config);
      return true;
    });
  });

  it('unknown to the core is an error', async () => {
    const { client } = forkRealCore();
    const runId = 'no such run' as RunId;
    await assert.rejects(client.request('run/pause', { runId }), { code: 'run.notFound' });
  });

  it('is kept when its core is asked to go', async () => {
    const core = forkRealCore();
    const seen = record(core);
    const info = await start(core, create({ epochs: 1_000_000 }));
    await seen.firstEpoch(info);
    await core.dispose();
    assert.equal(await core.exited, 'the core process ended with code 0');
    const kept = readFileSync(path.join(info.directory, 'run.json'), 'utf8');
    // Nobody stopped it: whoever comes next may offer to go on.
    assert.equal((JSON.parse(kept) as { state: string }).state, 'interrupted');
    await assertResumes(info.directory, 1);
  });

  it('is kept when its core is killed', async () => {
    const core = forkRealCore();
    const seen = record(core);
    const info = await start(core, create({ epochs: 1_000_000 }));
    await seen.firstEpoch(info);
    // It is a run once this file is there; until then nothing of it is worth keeping.
    while (!existsSync(path.join(info.directory, 'run.json'))) await pause();
    process.kill(core.pid!, 'SIGKILL');
    await core.exited;
    const { runs } = await forkRealCore().client.request('run/list', {
      directory: path.dirname(info.directory),
    });
    assert.equal(runs[0]!.state, 'interrupted');
    await assertResumes(info.directory, 0);
  });

  it('is answered about other things while a long step is under way', async () => {
    const wide = (yaml: string) =>
      yaml
        .replace('batch_size: 8', 'batch_size: 1024')
        .replace('units: 8,', 'units: 1024,')
        .replace('units: 2,', 'units: 1024 }\n  - { type: Dense, name: classes, units: 2,');
    const project = create({ rows: 2000, edit: wide });
    const { client } = forkRealCore();
    const args = { file: project.config, overrides: {}, startPaused: true };
    const { runId } = await client.request('run/start', args);
    const answers: string[] = [];
    const step = client.request('run/step', { runId }).then(() => answers.push('step'));
    // The step must have begun: it takes some hundred milliseconds.
    await new Promise((resolve) => setTimeout(resolve, 30));
    await client.request('weights/list', { runId }).then(() => answers.push('list'));
    await step;
    assert.deepEqual(answers, ['list', 'step']);
    await client.request('run/stop', { runId });
  });

  it('is kept when the parent of its core is killed', async () => {
    const project = create({ epochs: 1_000_000 });
    const script = path.join(project.folder, 'parent.cjs');
    writeFileSync(
      script,
      `const core = require('node:child_process').fork(process.argv[2], { serialization: 'advanced' });
      const args = { file: process.argv[3], overrides: {}, startPaused: false };
      core.send({ kind: 'request', id: 1, method: 'run/start', args });
      core.on('message', (m) => m.kind === 'event' && m.method === 'run/epochs' && process.send(core.pid));`,
    );
    const parent = fork(script, [builtBundle('core.cjs'), project.config], { execArgv: [] });
    const [corePid] = (await once(parent, 'message')) as [number];
    parent.kill('SIGKILL');
    while (isAlive(corePid)) await pause();
    const [directory] = readdirSync(path.join(project.folder, 'runs'));
    await assertResumes(path.join(project.folder, 'runs', directory!), 1);
  });
});

/** It opens in a fresh core, at a step of at least `leastStep`, and trains on. */
async function assertResumes(directory: string, leastStep: number): Promise<void> {
  const { client } = forkRealCore();
  const { runId } = await client.request('run/resume', { directory, startPaused: true });
  const { step } = await client.request('run/step', { runId });
  assert.ok(step > leastStep || (leastStep === 0 && step > 0), `resumed at step ${step}`);
  assert.equal((await client.request('run/stop', { runId })).status, 'stopped');
}

/** Between two looks at something nobody tells us of. */
function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 20));
}
