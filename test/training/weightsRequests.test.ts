/** What the session tells of weights, in training and from the run directory. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { decodeSafetensors } from '../../src/core/runs/safetensors.ts';
import type { WeightsSource } from '../../src/shared/protocol/core.ts';
import { useSession } from '../kit/liveSession.ts';

const whole = { box: null, most: { rows: 100, columns: 100 } };

describe('weights over the session', () => {
  const session = useSession();
  const { signal, startPaused, trainToEnd } = session;

  const tile = async (source: WeightsSource, name: string) =>
    session.handlers['weights/tile']({ source, name, ...whole }, signal);
  const history = async (directory: string) =>
    session.handlers['weights/history']({ directory }, signal);

  it('names every tensor with its shape', async () => {
    const { directory } = await startPaused();
    const { name, tensors } = await history(directory);
    assert.equal(name, 'tiny');
    assert.deepEqual(
      tensors.map((tensor) => [tensor.name, tensor.shape]),
      [
        ['hidden/kernel', [2, 8]],
        ['hidden/bias', [8]],
        ['out/kernel', [8, 2]],
        ['out/bias', [2]],
      ],
    );
  });

  it('of a run in training are those of its last step, and move with it', async () => {
    const { runId } = await startPaused();
    const before = await tile({ runId }, 'hidden/kernel');
    await session.handlers['run/step']({ runId }, signal);
    const after = await tile({ runId }, 'hidden/kernel');
    const read = await session.handlers['weights/read']({ runId, name: 'hidden/kernel' }, signal);
    assert.deepEqual([before.step, after.step], [0, 1]);
    assert.notDeepEqual(before.values, after.values);
    assert.deepEqual(after.values, read.values);
  });

  it('of a finished run are read from its snapshots and its checkpoint', async () => {
    const info = await startPaused();
    const { runId, directory, stepsPerEpoch } = info;
    const initial = await tile({ runId }, 'out/kernel');
    await trainToEnd(info);
    const { step: end } = await session.handlers['run/stop']({ runId }, signal);
    const { snapshots } = await history(directory);
    assert.deepEqual(
      snapshots,
      [0, 1, 2, 3].map((epoch) => ({ step: epoch * stepsPerEpoch, epoch })),
    );
    assert.equal(end, 3 * stepsPerEpoch);
    const first = await tile({ directory, step: 0 }, 'out/kernel');
    assert.deepEqual(first.values, initial.values);
    const final = await tile({ directory, step: null }, 'out/kernel');
    assert.deepEqual(final.values, (await tile({ runId }, 'out/kernel')).values);
    assert.deepEqual(final.values, exported(directory, 'model/out/kernel'));
    assert.equal(final.step, end);
  });

  it('that are not there are refused in words', async () => {
    const { runId, directory } = await startPaused();
    await assert.rejects(tile({ runId }, 'no/such'), { code: 'input.invalid' });
    await session.handlers['run/stop']({ runId }, signal); // its files are complete then
    await assert.rejects(tile({ directory, step: 99 }, 'out/kernel'), { code: 'run.notFound' });
    await assert.rejects(tile({ directory, step: 0 }, 'no/such'), /it has hidden\/kernel/);
    await assert.rejects(history(session.project.folder), { code: 'run.notFound' });
  });

  it('of a damaged file are refused with its name', async () => {
    const { runId, directory } = await startPaused();
    await session.handlers['run/stop']({ runId }, signal);
    const [file] = readdirSync(path.join(directory, 'weights'));
    const snapshot = path.join(directory, 'weights', file!);
    writeFileSync(snapshot, readFileSync(snapshot).subarray(0, -4));
    await assert.rejects(tile({ directory, step: 0 }, 'out/bias'), { code: 'run.corrupt' });
  });
});

function exported(directory: string, name: string): Float32Array {
  const folder = path.join(directory, 'checkpoints');
  const file = readdirSync(folder).find((f) => f.startsWith('last') && f.endsWith('.safetensors'));
  const bytes = readFileSync(path.join(folder, file!));
  const found = decodeSafetensors(bytes, file!).tensors.find((tensor) => tensor.name === name);
  return found!.values as Float32Array;
}
