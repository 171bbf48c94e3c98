import assert from 'node:assert/strict';
import { followRun, followWeights } from '../../../src/extension/panels/followRun.ts';
import type { RunViewServices, WeightsNews } from '../../../src/extension/panels/followRun.ts';
import { RunStore } from '../../../src/extension/runs/runStore.ts';
import { Client } from '../../../src/shared/protocol/client.ts';
import type { CoreContract, RunId } from '../../../src/shared/protocol/core.ts';
import { Server } from '../../../src/shared/protocol/server.ts';
import type { Handlers } from '../../../src/shared/protocol/server.ts';
import { createTransportPair } from '../../kit/fakeTransport.ts';
import { epochRecord, runEnd, runInfo } from '../../kit/runEvents.ts';

const runId = 'a' as RunId;
const everyMs = 0;
const settled = () => new Promise((resolve) => setTimeout(resolve, 20));

/** A run that trains; its directory. */
function training() {
  const store = new RunStore();
  store.begin('/w/a.train.yaml', 'a');
  const info = runInfo({ runId });
  store.prepared(info);
  const epoch = () => store.onEpochs({ runId, records: [epochRecord({ epoch: 1, loss: 1 })] });
  return { store, epoch, directory: info.directory };
}

/** A core that answers what a test lets it. */
function coreOf(history: (directory: string) => Promise<unknown>) {
  const pair = createTransportPair();
  const handlers = {
    'weights/history': ({ directory }: { directory: string }) => history(directory),
  };
  new Server<CoreContract>(pair.server, handlers as unknown as Handlers<CoreContract>);
  const client = new Client<CoreContract>(pair.client);
  return () => Promise.resolve(client);
}

describe('a view that follows a run', () => {
  it('hears of epochs and of the end, not of single steps', async () => {
    const { store, epoch, directory } = training();
    let news = 0;
    followRun({ store, directory: () => directory, everyMs }, () => news++);
    store.onSteps({ runId, step: 1, loss: 1, seconds: 0 });
    await settled();
    assert.equal(news, 0);
    epoch();
    await settled();
    assert.equal(news, 1);
    store.onEnd({ runId, end: runEnd({}) });
    await settled();
    assert.equal(news, 2);
  });

  it('hears nothing of another run, while it is closed, or after its end', async () => {
    const { store, epoch, directory } = training();
    let shown: string | undefined = '/runs/other';
    let news = 0;
    const following = followRun({ store, directory: () => shown, everyMs }, () => news++);
    epoch();
    shown = undefined;
    epoch();
    shown = directory;
    following.dispose();
    epoch();
    await settled();
    assert.equal(news, 0);
    assert.equal(store.listenerCount, 0);
  });

  it('learns which weights there are, and not of a run that is no longer on show', async () => {
    const { store, epoch, directory } = training();
    const snapshots = [{ step: 3, epoch: 1 }];
    const asked: string[] = [];
    const client = coreOf((of) => {
      asked.push(of);
      return Promise.resolve({ name: 'a', tensors: [], snapshots });
    });
    let shown = directory;
    const told: WeightsNews[] = [];
    const services = { store, client } as RunViewServices;
    followWeights(services, { directory: () => shown, everyMs }, (news) => told.push(news));
    epoch();
    await settled();
    assert.deepEqual(told, [{ snapshots, live: true }]);
    store.onEnd({ runId, end: runEnd({}) });
    shown = '/runs/other';
    await settled();
    assert.deepEqual([asked, told.length], [[directory, directory], 1]);
  });

  it('reports a core that does not answer', async () => {
    const { store, epoch, directory } = training();
    const reported: string[] = [];
    const actions = { report: (action: string) => Promise.resolve(void reported.push(action)) };
    const client = coreOf(() => Promise.reject(new Error('gone')));
    const services = { store, client, actions } as unknown as RunViewServices;
    followWeights(services, { directory: () => directory, everyMs }, () => assert.fail());
    epoch();
    await settled();
    assert.deepEqual(reported, ['weights/history']);
  });
});
