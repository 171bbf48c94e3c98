import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { RunStore } from '../../../src/extension/runs/runStore.ts';
import { TrainingNote } from '../../../src/extension/runs/trainingNote.ts';
import type { RunId } from '../../../src/shared/protocol/core.ts';
import { runEnd, runInfo } from '../../kit/runEvents.ts';
import { temporaryFolder } from '../../kit/temporaryFolder.ts';

const runId = '/runs/a' as RunId;

describe('the note of the run in training', () => {
  const folder = temporaryFolder();

  function training(): { readonly note: TrainingNote; readonly store: RunStore } {
    const store = new RunStore();
    const note = new TrainingNote(path.join(folder(), 'not there yet'));
    note.follow(store);
    store.begin('/a.train.yaml', 'a');
    store.prepared(runInfo({ runId, directory: '/runs/a' }));
    return { note, store };
  }

  /** As the next window reads it. */
  const read = () => new TrainingNote(path.join(folder(), 'not there yet')).read();

  it('is there while a run trains or is paused, and gone once it has ended', async () => {
    const { note, store } = training();
    await note.settled();
    assert.equal(await read(), '/runs/a');
    store.onState({ runId, state: 'paused', step: 1 });
    await note.settled();
    assert.equal(await read(), '/runs/a');
    store.onEnd({ runId, end: runEnd({ status: 'stopped' }) });
    await note.settled();
    assert.equal(await read(), null);
  });

  it('stays when the core is gone', async () => {
    const { note, store } = training();
    store.lost('gone');
    await note.settled();
    assert.equal(await read(), '/runs/a');
  });

  it('is taken away by the window that has read it', async () => {
    await training().note.settled();
    const next = new TrainingNote(path.join(folder(), 'not there yet'));
    assert.equal(await next.read(), '/runs/a');
    next.write(null);
    await next.settled();
    assert.equal(await read(), null);
  });

  for (const text of ['', '[]', '{"directory":3}', '{"direct']) {
    it(`counts as none when it is ${JSON.stringify(text)}`, async () => {
      writeFileSync(path.join(folder(), 'training.json'), text);
      assert.equal(await new TrainingNote(folder()).read(), null);
    });
  }
});
