/** `device: auto`, with devices whose speed the tests decide. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Backend, Executable } from '../../src/core/backends/backend.ts';
import { Measurements } from '../../src/core/backends/measurements.ts';
import { startRun } from '../../src/core/train/run.ts';
import type {
  BackendRequest,
  DeviceCandidate,
  RunEnvironment,
  TrainingEvent,
} from '../../src/core/train/trainingRun.ts';
import type { DeviceChoice } from '../../src/shared/protocol/deviceChoice.ts';
import { createTinyProject, type TinyProject } from '../kit/tinyProject.ts';
import { trainingBackends } from '../kit/trainRun.ts';

/** A wide layer makes it enough work to be worth a measurement. */
const wide = (yaml: string): string =>
  yaml.replace(/units: \d+/, 'units: 2000').replace(/epochs: \d+/, 'epochs: 20000');

/** A wasm backend under another name, each run of which is held up. */
async function heldUp(request: BackendRequest, milliseconds: number): Promise<Backend> {
  const backend = await trainingBackends.wasm({ ...request, choices: null });
  return {
    ...backend,
    deviceName: request.device,
    async compile(program, options) {
      const executable = await backend.compile(program, options);
      const run: Executable['run'] = async (...range) => {
        await new Promise((resolve) => setTimeout(resolve, milliseconds));
        await executable.run(...range);
      };
      return { ...executable, run };
    },
  };
}

describe('device auto', function () {
  this.timeout(60_000);
  const projects: TinyProject[] = [];
  afterEach(() => projects.splice(0).forEach((project) => project.remove()));

  interface Wish {
    readonly edit?: (yaml: string) => string;
    readonly candidates?: readonly DeviceCandidate[];
    readonly reason?: string;
    /** By device. */
    readonly delays?: Readonly<Record<string, number>>;
    readonly measurements?: Measurements;
    readonly signal?: AbortSignal;
  }

  /** Begins a run, which is stopped at once. */
  async function begin({ edit = wide, candidates = [], delays = {}, ...wish }: Wish) {
    const project = createTinyProject({ edit });
    projects.push(project);
    const made: string[] = [];
    const measured: string[] = [];
    const environment: RunEnvironment = {
      createBackend: (request) => {
        made.push(request.device);
        return heldUp(request, delays[request.device] ?? 0);
      },
      autoDevices: {
        find: () => Promise.resolve({ candidates, reason: wish.reason ?? '' }),
        measurements: wish.measurements ?? new Measurements(null),
      },
      onProgress: ({ message }) => measured.push(message),
      ...(wish.signal && { signal: wish.signal }),
    };
    const run = await startRun({ file: project.config, ...environment, startPaused: true });
    const events: TrainingEvent[] = [];
    run.onEvent((event) => events.push(event));
    await run.stop();
    const record = readFileSync(path.join(run.info.directory, 'run.json'), 'utf8');
    const { choice } = JSON.parse(record) as { choice: DeviceChoice | null };
    const logged = events.flatMap((event) => (event.kind === 'log' ? [event.message] : []));
    const looks = measured.filter((message) => message.startsWith('measuring some steps'));
    return { run, choice, made, logged, looks };
  }

  const gpu: DeviceCandidate = { device: 'webgpu', name: 'Fake GPU' };

  it('takes what is faster, and tells so in the record, in the log and to the view', async () => {
    const { run, choice, logged } = await begin({ candidates: [gpu], delays: { cpu: 30 } });
    assert.equal(choice?.device, 'webgpu');
    assert.deepEqual(
      choice.measured.map(({ device }) => device),
      ['cpu', 'webgpu'],
    );
    assert.ok(choice.measured.every(({ stepMilliseconds }) => stepMilliseconds! > 0));
    assert.match(choice.reason, /^Fake GPU: .* ms a step; .*: .* ms a step$/);
    assert.deepEqual(run.info.choice, choice);
    assert.ok(
      logged.some((line) => line.includes(choice.reason)),
      logged.join('\n'),
    );
  });

  it('stays with the CPU where that is faster', async () => {
    const { choice } = await begin({ candidates: [gpu], delays: { webgpu: 30 } });
    assert.equal(choice?.device, 'cpu');
  });

  it('passes over a device that fails, and keeps why', async () => {
    const broken: DeviceCandidate = { device: 'cuda', name: 'Broken' };
    const failing = {
      get cuda(): number {
        throw new Error('no libcuda');
      },
    };
    const { choice } = await begin({ candidates: [broken], delays: failing });
    assert.equal(choice?.device, 'cpu');
    assert.deepEqual(choice.measured[1], {
      device: 'cuda',
      name: 'Broken',
      stepMilliseconds: null,
      problem: 'no libcuda',
    });
  });

  it('measures nothing where there is little to compute, or no other device', async () => {
    const small = await begin({ edit: (yaml) => yaml, candidates: [gpu] });
    assert.deepEqual([small.choice?.device, small.looks], ['cpu', []]);
    assert.match(small.choice!.reason, /so little to compute/);
    const alone = await begin({ reason: 'no GPU is in here' });
    assert.deepEqual(
      [alone.choice, alone.looks],
      [{ device: 'cpu', reason: 'no GPU is in here', measured: [] }, []],
    );
  });

  it('measures the same program on the same devices once', async () => {
    const measurements = new Measurements(null);
    const wish = { candidates: [gpu], delays: { cpu: 30 }, measurements };
    const first = await begin(wish);
    assert.equal(first.looks.length, 2);
    const second = await begin(wish);
    assert.deepEqual([second.choice?.device, second.looks], ['webgpu', []]);
    assert.match(second.choice!.reason, /\(measured before\)$/);
    const other = await begin({
      ...wish,
      edit: (yaml) => wide(yaml).replace('units: 2000', 'units: 1900'),
    });
    assert.equal(other.looks.length, 2);
  });

  it('needs no choice where the config names the device', async () => {
    const edit = (yaml: string) => wide(yaml).replace(/epochs: \d+/, '$&\n  device: cpu');
    const { choice, made, looks } = await begin({ edit, candidates: [gpu] });
    assert.deepEqual([choice, made, looks], [null, ['cpu'], []]);
  });

  it('can be cancelled while it measures', async () => {
    const controller = new AbortController();
    const delays = {
      get cpu(): number {
        controller.abort(new Error('enough'));
        return 0;
      },
    };
    await assert.rejects(begin({ candidates: [gpu], delays, signal: controller.signal }), /enough/);
  });
});
