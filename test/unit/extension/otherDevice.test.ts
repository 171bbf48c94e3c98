/** What VS Code asks where the device of a run fails, and what it does with the answer. */
import assert from 'node:assert/strict';
import { followDeviceFailures } from '../../../src/extension/runs/otherDevice.ts';
import { RunStore } from '../../../src/extension/runs/runStore.ts';
import type { ErrorCode } from '../../../src/shared/errors.ts';
import type { RunId } from '../../../src/shared/protocol/core.ts';
import { fillIn } from '../../../src/shared/numberFormat.ts';
import { runEnd, runInfo } from '../../kit/runEvents.ts';

const runId = 'run' as RunId;
const lost = 'The GPU was lost (out of power).';

interface Failure {
  readonly code: ErrorCode;
  readonly backend?: string;
  /** A title, or null to close the message. */
  readonly answer?: string | null;
}

/** A run that fails; what was asked, and where it was resumed. */
async function fail({ code, backend = 'webgpu', answer = null }: Failure) {
  const store = new RunStore();
  const asked: (readonly string[])[] = [];
  const resumed: (readonly string[])[] = [];
  const works: Promise<void>[] = [];
  const following = followDeviceFailures(store, {
    translate: fillIn,
    ask: (message, titles) => {
      asked.push([message, ...titles]);
      return Promise.resolve(answer ?? undefined);
    },
    resume: (directory, device) => {
      resumed.push([directory, device]);
      return Promise.resolve();
    },
    run: (work) => works.push(work()),
  });
  store.begin('/w/a.train.yaml', 'a');
  store.prepared(runInfo({ backend, directory: '/w/runs/a' }));
  const error = { code, message: lost };
  store.onEnd({ runId, end: runEnd({ status: 'failed', verdict: lost, error }) });
  await Promise.all(works);
  following.dispose();
  assert.equal(store.listenerCount, 0);
  return { asked, resumed };
}

describe('a run whose device fails', () => {
  it('is offered on the GPU and on the CPU when the GPU was lost', async () => {
    const { asked, resumed } = await fail({ code: 'device.lost' });
    assert.deepEqual(asked, [[lost, 'Resume on the GPU', 'Resume on the CPU']]);
    assert.deepEqual(resumed, []);
  });

  it('goes on where the answer says', async () => {
    const { resumed: gpu } = await fail({ code: 'device.lost', answer: 'Resume on the GPU' });
    assert.deepEqual(gpu, [['/w/runs/a', 'webgpu']]);
    const { resumed: cpu } = await fail({ code: 'device.lost', answer: 'Resume on the CPU' });
    assert.deepEqual(cpu, [['/w/runs/a', 'cpu']]);
    const { resumed: cuda } = await fail({
      code: 'device.lost',
      backend: 'tfjs',
      answer: 'Resume on the GPU',
    });
    assert.deepEqual(cuda, [['/w/runs/a', 'cuda']]);
  });

  it('is offered on the CPU alone when the GPU has too little memory', async () => {
    const { asked } = await fail({ code: 'device.outOfMemory' });
    assert.deepEqual(asked, [[lost, 'Resume on the CPU']]);
  });

  it('asks nothing after other failures', async () => {
    const { asked } = await fail({ code: 'internal' });
    assert.deepEqual(asked, []);
  });
});
