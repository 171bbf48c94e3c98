/** Long operations against the rig: every way of following one, failures on the way, and going on in another window. */
import assert from 'node:assert/strict';
import { computesOf, putCompute, readCompute, runComputeAction } from '../../src/azure/computes.ts';
import { explained } from '../../src/azure/explain.ts';
import { resumeOperation } from '../../src/azure/operations.ts';
import { clusterBody, penguins, useRig } from './rigKit.ts';

const workspace = penguins;

describe('long operations in Azure', () => {
  const test = useRig();
  /** Looks again at once: the rig's clock goes on by hand. */
  const soon = { intervalMs: 1 };

  const put = (compute: string, body = clusterBody(), following = {}) =>
    explained({ what: compute, role: 'Contributor' }, () =>
      putCompute(test.connect(), { workspace, compute, body }, { ...soon, ...following }),
    );

  /** Lets the rig's time go on until the work is over. */
  async function whileTimeGoesOn<T>(work: Promise<T>): Promise<T> {
    const timer = setInterval(() => test.clock.advance(1), 5);
    try {
      return await work;
    } finally {
      clearInterval(timer);
    }
  }

  const state = async (compute: string) =>
    (await readCompute(test.connect(), workspace, compute)).properties?.provisioningState;

  it('creates a cluster, followed by Azure-AsyncOperation', async () => {
    const created = put('made-here');
    let states: (string | undefined)[] = [];
    const seen = (async () => {
      while (!states.includes('Creating'))
        states = [...states, await state('made-here').catch(() => '')];
    })();
    await seen;
    await whileTimeGoesOn(created);
    assert.equal(await state('made-here'), 'Succeeded');
  });

  it('stops and starts an instance, and restarts it, followed by Location alone', async () => {
    const instance = async () => {
      const { properties } = await readCompute(test.connect(), workspace, 'ada-notebook');
      assert.ok(properties?.computeType === 'ComputeInstance');
      return properties.properties?.state;
    };
    const run = (verb: 'start' | 'stop' | 'restart') =>
      whileTimeGoesOn(
        runComputeAction(test.connect(), { workspace, compute: 'ada-notebook', verb }, soon),
      );
    await run('stop');
    assert.equal(await instance(), 'Stopped');
    await run('start');
    assert.equal(await instance(), 'Running');
    await run('restart');
    assert.equal(await instance(), 'Running');
  });

  it('deletes a cluster and detaches a machine', async () => {
    const act = (compute: string, verb: 'delete' | 'detach') =>
      whileTimeGoesOn(runComputeAction(test.connect(), { workspace, compute, verb }, soon));
    await act('idle-cluster', 'delete');
    await act('lab-machine', 'detach');
    const left = await computesOf(test.connect(), workspace).first();
    assert.deepEqual(
      left.filter(({ name }) => ['idle-cluster', 'lab-machine'].includes(name)),
      [],
    );
  });

  it('tells of an operation that fails after it was accepted', async () => {
    const error = { code: 'AllocationFailed', message: 'No machines of this size are left.' };
    test.rig.faults.add({ at: /PUT .*\/fails-late$/, failsLater: error });
    await assert.rejects(whileTimeGoesOn(put('fails-late')), {
      code: 'azure.quota',
      message:
        'The quota does not allow fails-late (AllocationFailed). Choose another size or region, or request more quota in the Azure portal. Azure says: No machines of this size are left.',
    });
    assert.equal(await state('fails-late'), 'Failed');
  });

  it('tells of a refusal at once: no quota, a bad name, a busy resource', async () => {
    await assert.rejects(put('much', clusterBody('Standard_ND40rs_v2')), {
      code: 'azure.quota',
      message: /ClusterCoreQuotaReached.*quota of 0; 40 are needed/,
    });
    await assert.rejects(put('ends-with-1'), { code: 'azure.invalid', message: /'ends-with-1'/ });
    const action = { workspace, compute: 'ada-notebook', verb: 'stop' } as const;
    const first = runComputeAction(test.connect(), action, soon);
    await untilRequest('/stop');
    const again = explained({ what: 'ada-notebook', role: 'Contributor' }, () =>
      runComputeAction(test.connect(), action, soon),
    );
    await assert.rejects(again, { code: 'azure.conflict', message: /busy/ });
    await whileTimeGoesOn(first);
  });

  it('goes on with an operation in another window, by its address', async () => {
    const window = new AbortController();
    let kept = '';
    const begun = put('resumed', clusterBody(), {
      signal: window.signal,
      onAccepted: (text: string) => {
        kept = text;
        window.abort(); // the window closes
      },
    });
    await assert.rejects(begun, { code: 'protocol.cancelled' });
    const puts = () => test.rig.requests.filter((request) => request.startsWith('PUT ')).length;
    const before = puts();
    await whileTimeGoesOn(resumeOperation(test.connect(), kept, soon));
    assert.equal(await state('resumed'), 'Succeeded');
    assert.equal(puts(), before, 'nothing is sent twice');
    assert.doesNotMatch(kept, /Bearer|trainbench-demo/);
  });

  it('goes to no other host for the kept address of an operation', async () => {
    const config = { operationLocation: 'http://127.0.0.1:1/steal', mode: 'OperationLocation' };
    const kept = JSON.stringify({ state: { status: 'running', config } });
    await assert.rejects(resumeOperation(test.connect(), kept, soon), {
      code: 'azure.foreignHost',
    });
  });

  async function untilRequest(end: string): Promise<void> {
    const count = () => test.rig.requests.filter((request) => request.endsWith(end)).length;
    const before = count();
    while (count() === before) await new Promise((resolve) => setTimeout(resolve, 5));
  }
});
