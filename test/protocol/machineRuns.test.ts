/** Runs on another machine, as the session of this one sees them; the other one is a process beside us. */
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { columnLength } from '../../src/shared/columns/columnFormat.ts';
import { createSession, type Session } from '../../src/core/session/createSession.ts';
import { isError } from '../../src/shared/errors.ts';
import { createCancelSource } from '../../src/shared/protocol/cancel.ts';
import type { CoreContract, RunEnd, RunInfo } from '../../src/shared/protocol/core.ts';
import { scratchFolder } from '../kit/scratchFolder.ts';
import { stdioMachine, type StdioMachine } from '../kit/stdioMachine.ts';
import { createTinyProject, type TinyOptions, type TinyProject } from '../kit/tinyProject.ts';
import { trainingBackends } from '../kit/trainRun.ts';

const machine = { name: 'testbox', host: 'test.example', port: 22, user: 'ada' };
const { signal } = createCancelSource();
const answers = { hostKeys: [], secrets: {} };

type Events = CoreContract['events'];
type Told = { [E in keyof Events]: { readonly event: E; readonly args: Events[E] } }[keyof Events];

describe('a run on another machine', function () {
  this.timeout(60_000);
  let there: StdioMachine;
  let storage: string;
  let session: Session;
  let told: Told[];
  let ended: Promise<RunEnd>;
  const projects: TinyProject[] = [];
  /** Looks at every event when it is told. */
  let onTold: (told: Told) => void;

  beforeEach(async () => {
    storage = scratchFolder();
    there = stdioMachine(storage);
    told = [];
    onTold = () => undefined;
    session = openSession();
    await session.handlers['machine/connect']({ machine, answers }, signal);
  });
  afterEach(async () => {
    await session.stopAll();
    there.cut();
    for (const project of projects.splice(0)) project.remove();
  });

  function openSession(): Session {
    let end: (end: RunEnd) => void;
    const nextEnd = () => (ended = new Promise((resolve) => (end = resolve)));
    void nextEnd();
    return createSession({
      createBackend: trainingBackends.wasm,
      listDevices: () => Promise.resolve([]),
      cuda: { install: () => Promise.resolve(), remove: () => Promise.resolve(false) },
      connectMachine: () => there.connect(),
      announce(event, args) {
        const one = { event, args } as Told;
        told.push(one);
        onTold(one);
        if (one.event !== 'run/end') return;
        end(one.args.end);
        void nextEnd();
      },
    });
  }

  function project(options: TinyOptions = {}): TinyProject {
    const made = createTinyProject(options);
    projects.push(made);
    return made;
  }

  const start = async (file: string, startPaused = false) =>
    session.handlers['run/start'](
      { file, overrides: { device: 'cpu' }, startPaused, machine },
      signal,
    );
  const here = (file: string) =>
    session.handlers['run/start'](
      { file, overrides: { device: 'cpu' }, startPaused: false },
      signal,
    );

  it('leaves here the folder that a run of this machine leaves, to the last bit', async () => {
    const { config, folder } = project({ epochs: 4 });
    let [done] = [ended];
    const remote = await start(config);
    assert.equal(path.dirname(remote.directory), path.join(folder, 'runs'));
    assert.match(remote.device, / of testbox$/);
    assert.equal((await done).status, 'completed');
    done = ended;
    const local = await here(config);
    await done;
    assert.deepEqual(filesOf(remote.directory), filesOf(local.directory));
    const same = (name: string) =>
      assert.deepEqual(
        readFileSync(path.join(remote.directory, name)),
        readFileSync(path.join(local.directory, name)),
        name,
      );
    filesOf(local.directory)
      .filter((name) => /\.(f32|safetensors)$|config\.json|original/.test(name))
      .forEach(same);
    const text = readFileSync(path.join(remote.directory, 'run.json'), 'utf8');
    assert.ok(!text.includes(storage), 'no path of the other machine');
    assert.equal((JSON.parse(text) as { configFile: string }).configFile, config);
    const saved = await session.handlers['run/read']({ directory: remote.directory }, signal);
    assert.deepEqual([saved.state, saved.machine], ['completed', 'testbox']);
  });

  it('tells of steps and epochs when the files here have them, and only of its own run', async () => {
    const { config } = project({ epochs: 30 });
    let info: RunInfo | null = null;
    const short: string[] = [];
    onTold = ({ event, args }) => {
      if (event !== 'run/steps' || info === null) return;
      const { file } = info.series.find(({ name, per }) => name === 'loss' && per === 'step')!;
      const count = columnLength(readFileSync(file).length);
      if (count < args.step) short.push(`${count} of ${args.step}`);
    };
    const done = ended;
    info = await start(config, true);
    await session.handlers['run/continue']({ runId: info.runId }, signal);
    await done;
    assert.deepEqual(short, []);
    const epochs = told.flatMap((one) => (one.event === 'run/epochs' ? one.args.records : []));
    assert.deepEqual(
      epochs.map(({ epoch }) => epoch),
      Array.from({ length: 30 }, (_, i) => i + 1),
    );
    for (const { event, args } of told) {
      if (event.startsWith('run/') && 'runId' in args) assert.equal(args.runId, info.directory);
    }
  });

  it('pauses, steps, shows its weights and the next step, and stops', async () => {
    const { config } = project({ epochs: 200_000 });
    const { runId, directory } = await start(config, true);
    const ask = session.handlers;
    assert.equal((await ask['run/step']({ runId }, signal)).step, 1);
    const { tensors } = await ask['weights/list']({ runId }, signal);
    const { values, step } = await ask['weights/read']({ runId, name: tensors[0]!.name }, signal);
    assert.ok(values instanceof Float32Array && values.length > 0);
    assert.equal(step, 1);
    const wish = { directory, step: null, batch: null, row: 0, units: {}, weight: null };
    const explained = await ask['run/explain'](wish, signal);
    assert.equal(explained.step, 1);
    const done = ended;
    await ask['run/continue']({ runId }, signal);
    const end = await ask['run/stop']({ runId }, signal);
    assert.equal(end.status, 'stopped');
    assert.equal((await done).status, 'stopped');
    assert.equal((await ask['run/read']({ directory }, signal)).state, 'stopped');
  });

  it('sends data once, wherever the config says that they are', async () => {
    const { config, folder } = project({ epochs: 1, rows: 4000 });
    mkdirSync(path.join(folder, 'data'));
    const data = path.join(folder, 'data', 'all.csv');
    renameSync(path.join(folder, 'tiny.csv'), data);
    const text = readFileSync(config, 'utf8');
    const named: readonly string[] = [
      'data/all.csv',
      data,
      `../${path.basename(folder)}/data/all.csv`,
    ];
    const sent: number[] = [];
    for (const place of named) {
      writeFileSync(config, text.replace('tiny.csv', place));
      const before = there.sent();
      const done = ended;
      const { directory } = await start(config);
      assert.equal((await done).status, 'completed', place);
      sent.push(there.sent() - before);
      const original = path.join(directory, 'original', path.basename(config));
      assert.equal(readFileSync(original, 'utf8'), readFileSync(config, 'utf8'));
    }
    const bytes = readFileSync(data).length;
    assert.ok(sent[0]! > bytes, `${sent[0]} bytes sent of ${bytes}`);
    for (const again of sent.slice(1)) assert.ok(again < bytes / 2, `${again} bytes sent again`);
  });

  it('says what is wrong with a config as this machine would', async () => {
    const { config, folder } = project({ edit: (yaml) => yaml.replace('units: 2', 'units: two') });
    await assert.rejects(start(config), (error) => {
      assert.ok(isError(error, 'config.invalid'));
      return true;
    });
    const missing = project({
      edit: (yaml) => yaml.replace('features: [x, y]', 'features: [x, q]'),
    });
    await assert.rejects(
      start(missing.config),
      (error: Error & { diagnostics: { file: string }[] }) => {
        assert.ok(isError(error, 'config.invalid'));
        assert.equal(error.diagnostics[0]!.file, missing.config);
        return !error.message.includes(storage);
      },
    );
    rmSync(path.join(folder, 'runs'), { recursive: true, force: true });
  });

  it('keeps what has come when the connection is lost, and goes on there or here', async () => {
    const { config } = project({ epochs: 10_000 });
    const ask = session.handlers;
    const trainABit = async (runId: RunInfo['runId']) => {
      await ask['run/continue']({ runId }, signal);
      // Paused, so that it cannot end before it is cut.
      const { step } = await ask['run/pause']({ runId }, signal);
      return step;
    };
    const done = ended;
    const { runId, directory } = await start(config, true);
    const step = await trainABit(runId);
    await untilTold((one) => one.event === 'run/steps' && one.args.step === step);
    there.cut();
    const end = await done;
    assert.deepEqual([end.status, end.error?.code, end.step], ['interrupted', 'ssh.lost', step]);
    assert.match(end.verdict, /testbox was lost/);
    assert.equal((await ask['run/read']({ directory }, signal)).state, 'interrupted');

    await ask['machine/connect']({ machine, answers }, signal);
    const second = ended;
    const resumed = { directory, device: 'cpu' } as const;
    await ask['run/resume']({ ...resumed, startPaused: true, machine }, signal);
    await trainABit(runId);
    await ask['run/stop']({ runId }, signal);
    assert.equal((await second).status, 'stopped');

    const third = ended;
    await ask['run/resume']({ ...resumed, startPaused: false }, signal);
    assert.equal((await third).status, 'completed');
    const saved = await ask['run/read']({ directory }, signal);
    assert.equal(saved.epochsDone, 10_000);
    // As the same run that nobody interrupted.
    const fourth = ended;
    const whole = await here(config);
    await fourth;
    const losses = (folder: string) => readFileSync(path.join(folder, 'columns', 'loss.f32'));
    assert.deepEqual(losses(directory), losses(whole.directory));
  });

  async function untilTold(wanted: (one: Told) => boolean): Promise<void> {
    if (told.some(wanted)) return;
    await new Promise<void>((resolve) => {
      onTold = (one) => {
        if (wanted(one)) resolve();
      };
    });
  }
});

function filesOf(folder: string): string[] {
  const all = readdirSync(folder, { recursive: true, withFileTypes: true });
  return all
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => path.relative(folder, path.join(parentPath, name)))
    .sort();
}
