import assert from 'node:assert/strict';
import { RunRows } from '../../../src/extension/explorer/runRows.ts';
import { runListEntry } from '../../kit/runEvents.ts';

const a = runListEntry({ directory: '/runs/a', epochsDone: 1 });
const b = runListEntry({ directory: '/runs/b', epochsDone: 1 });

describe('the rows of the Runs tree', () => {
  it('are the same objects for the same runs, whatever is drawn', () => {
    const rows = new RunRows();
    const [first] = rows.replace([a]);
    const [, second] = rows.replace([b, { ...a, epochsDone: 2 }]);
    assert.equal(first, second);
    assert.equal(rows.find('/runs/a'), first);
    assert.equal(rows.find('/runs/c'), undefined);
  });

  it('are drawn one by one while the list is the same', () => {
    const rows = new RunRows();
    const [, second] = rows.replace([a, b]);
    assert.deepEqual(rows.update([{ ...a }, { ...b }]), []);
    const news = rows.update([a, { ...b, epochsDone: 2 }]);
    assert.equal(news?.length, 1);
    assert.equal(news[0], second);
    assert.deepEqual(rows.update([a, { ...b, epochsDone: 2 }]), []);
  });

  it('are drawn anew where there are others, or in another order', () => {
    const rows = new RunRows();
    assert.equal(rows.update([a]), undefined);
    rows.replace([a]);
    for (const others of [[], [a, b], [b]]) assert.equal(rows.update(others), undefined);
    rows.replace([a, b]);
    assert.equal(rows.update([b, a]), undefined);
  });
});
