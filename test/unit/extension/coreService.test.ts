import assert from 'node:assert/strict';
import { CoreService } from '../../../src/extension/core/coreService.ts';
import { followRuns, RunController } from '../../../src/extension/runs/runController.ts';
import { RunStore } from '../../../src/extension/runs/runStore.ts';
import { AppError, isError } from '../../../src/shared/errors.ts';
import type { CancelSignal } from '../../../src/shared/protocol/cancel.ts';
import { Client } from '../../../src/shared/protocol/client.ts';
import type { CoreContract, RunId, RunInfo } from '../../../src/shared/protocol/core.ts';
import { Server } from '../../../src/shared/protocol/server.ts';
import type { Handlers } from '../../../src/shared/protocol/server.ts';
import { createTransportPair } from '../../kit/fakeTransport.ts';
import type { TransportPair } from '../../kit/fakeTransport.ts';
import { runEnd, runInfo } from '../../kit/runEvents.ts';

interface Started {
  readonly pair: TransportPair;
  readonly server: Server<CoreContract>;
  disposed: boolean;
}

type Start = (cancel: CancelSignal) => RunInfo | Promise<RunInfo>;

/** A core service over cores in memory, each of which answers only what a test of runs needs. */
function setUp(start: Start = () => runInfo({})) {
  const started: Started[] = [];
  const exits: AppError[] = [];
  const store = new RunStore();
  let failNext: AppError | null = null;
  const service = new CoreService({
    connect: () => {
      if (failNext !== null) {
        const error = failNext;
        failNext = null;
        throw error;
      }
      const pair = createTransportPair();
      const core: Started = { pair, server: serve(pair, start), disposed: false };
      started.push(core);
      const client = new Client<CoreContract>(pair.client, { closedCode: 'core.exited' });
      const dispose = () => {
        core.disposed = true;
        client.close();
        return Promise.resolve();
      };
      return { client, dispose };
    },
    onConnect: (client) => followRuns(client, store),
    onExit: (error) => exits.push(error),
  });
  const controller = new RunController({ store, client: () => service.client() });
  const failNextStart = (error: AppError) => (failNext = error);
  return { service, controller, store, started, exits, failNextStart };
}

function serve({ server }: TransportPair, start: Start): Server<CoreContract> {
  const runs = {
    'run/start': (_args: unknown, cancel: CancelSignal) => start(cancel),
    'run/stop': () => runEnd({ status: 'stopped' }),
    'device/list': () => ({ devices: [] }),
  } satisfies Partial<Handlers<CoreContract>>;
  return new Server<CoreContract>(server, runs as unknown as Handlers<CoreContract>);
}

/** Long enough for every message and promise that is under way in memory. */
async function settle(): Promise<void> {
  for (let i = 0; i < 10; i++) await new Promise((resolve) => setImmediate(resolve));
}

describe('CoreService', () => {
  it('starts one core, however many ask', async () => {
    const { service, started } = setUp();
    service.warmUp();
    const [a, b] = await Promise.all([service.client(), service.client()]);
    assert.equal(a, b);
    assert.equal(started.length, 1);
  });

  it('tells of a crash once, and starts another core for the next request', async () => {
    const { service, started, exits } = setUp();
    await service.client();
    started[0]!.pair.breakDown('it crashed');
    await settle();
    assert.deepEqual(
      exits.map(({ message }) => message),
      ['it crashed'],
    );
    const client = await service.client();
    assert.deepEqual(await client.request('device/list', {}), { devices: [] });
    assert.equal(started.length, 2);
  });

  it('tries again after a core that could not be started', async () => {
    const { service, started, exits, failNextStart } = setUp();
    failNextStart(new AppError('core.noRuntime', 'no such program'));
    await assert.rejects(service.client(), (error) => isError(error, 'core.noRuntime'));
    await service.client();
    assert.deepEqual([started.length, exits.length], [1, 0]);
  });

  it('restarts and ends its core without calling that a crash', async () => {
    const { service, started, exits } = setUp();
    await service.client();
    await service.restart();
    assert.deepEqual(
      started.map(({ disposed }) => disposed),
      [true, false],
    );
    service.dispose();
    await settle();
    assert.deepEqual(
      started.map(({ disposed }) => disposed),
      [true, true],
    );
    assert.deepEqual(exits, []);
  });
});

describe('RunController', () => {
  it('starts a run on the device of the setting, and else as its config says', async () => {
    const asked: object[] = [];
    const request = (_method: string, args: { overrides: object }) => {
      asked.push(args.overrides);
      return Promise.resolve(runInfo({}));
    };
    const client = () => Promise.resolve({ request } as unknown as Client<CoreContract>);
    for (const chosen of ['cuda', null] as const) {
      const device = (file: string) => (file === '/w/a.train.yaml' ? chosen : 'cpu');
      const controller = new RunController({ store: new RunStore(), client, device });
      await controller.start('/w/a.train.yaml', 'a');
    }
    assert.deepEqual(asked, [{ device: 'cuda' }, {}]);
  });

  it('starts a run whose events reach the store', async () => {
    const { controller, store, started } = setUp();
    await controller.start('/w/a.train.yaml', 'a');
    assert.equal(store.run?.state, 'running');
    const news = { runId: 'run' as RunId, step: 2, loss: 1, seconds: 0 };
    started[0]!.server.announce('run/steps', news);
    await settle();
    assert.deepEqual([store.run?.steps, store.run?.lastLoss], [2, 1]);
  });

  it('gives up a run that still prepares', async () => {
    const untilCancelled = (cancel: CancelSignal) =>
      new Promise<RunInfo>((_resolve, reject) => {
        cancel.addEventListener('abort', () => reject(new Error('aborted')));
      });
    const { controller, store } = setUp(untilCancelled);
    const start = controller.start('/w/a.train.yaml', 'a');
    await settle();
    await controller.stop();
    await assert.rejects(start, (error) => isError(error, 'protocol.cancelled'));
    assert.equal(store.run?.state, 'stopped');
  });

  it('keeps the problems of a bad config, each with its place, as the reason', async () => {
    const diagnostic = {
      code: 'config.unknownKey',
      severity: 'error',
      message: 'unknown key `units`',
      file: '/w/a.train.yaml',
      start: { line: 3, column: 5 },
      end: { line: 3, column: 10 },
    } as const;
    const { controller, store } = setUp(() => {
      throw new AppError('config.invalid', 'bad', { diagnostics: [diagnostic] });
    });
    await assert.rejects(controller.start('/w/a.train.yaml', 'a'));
    assert.equal(store.run?.state, 'failed');
    assert.equal(
      store.run.end?.verdict,
      'a.train.yaml:3:5 error config.unknownKey unknown key `units`',
    );
  });

  it('does nothing to a run that is over', async () => {
    const { controller, store, started } = setUp();
    await controller.start('/w/a.train.yaml', 'a');
    started[0]!.server.announce('run/end', { runId: 'run' as RunId, end: runEnd({}) });
    await settle();
    const sent = started[0]!.pair.client.sent.length;
    await controller.stop();
    assert.equal(started[0]!.pair.client.sent.length, sent);
    assert.equal(store.run?.state, 'completed');
  });
});
