import assert from 'node:assert/strict';
import { countSeenRows } from '../../../src/core/data/findLeaks.ts';
import { savedVerdict, verdictText } from '../../../src/core/train/verdict.ts';
import { runListEntry } from '../../kit/runEvents.ts';

const score = { epoch: 3, rows: 100, correct: 97, rmse: null };
const run = { baseline: null, validationRows: 100 };
const rows = (x: readonly number[], y: readonly number[]) => {
  return { rows: y.length, x: Float32Array.from(x), y: Int32Array.from(y) };
};

describe('the verdict on a run', () => {
  it('takes back its praise where the validation rows are in training too', () => {
    assert.match(
      verdictText(score, { ...run, seenRows: 80 }),
      /^97 of 100 right\. But 80 of these 100 rows are in training too/,
    );
    const saved = runListEntry({ score, seenRows: 80 });
    assert.match(savedVerdict(saved), /But 80 of these 100 rows/);
  });

  it('says nothing of the few rows that repeat in most tables, or were not counted', () => {
    for (const seenRows of [null, 0, 5]) {
      assert.equal(verdictText(score, { ...run, seenRows }), '97 of 100 right');
    }
  });
});

describe('rows seen in training', () => {
  it('have the inputs and the target of a training row', async () => {
    const train = rows([1, 2, 3, 4, 1, 2], [0, 1, 0]);
    const validation = rows([1, 2, 3, 4, 9, 9], [0, 0, 1]);
    assert.equal(await countSeenRows({ train, validation }), 1);
  });

  it('are not counted without validation', async () => {
    const none = rows([], []);
    assert.equal(await countSeenRows({ train: rows([1], [0]), validation: none }), null);
  });
});
