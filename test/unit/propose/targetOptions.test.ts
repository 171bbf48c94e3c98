import assert from 'node:assert/strict';
import { inspectDataFile } from '../../../src/core/inspect/inspectFile.ts';
import { targetOptions } from '../../../src/core/propose/chooseTarget.ts';
import { writeTemporary } from '../data/dataKit.ts';
import { csvOf, noise } from './proposeKit.ts';

describe('the columns that a proposal could predict', () => {
  it('begin with the likeliest, with its reason, task and values', async () => {
    const csv = csvOf('species,mass,town,id', 40, (i) =>
      [
        ['cat', 'dog'][i % 2],
        noise(i) * 90,
        ['Lugo', 'Vigo', 'Ourense', 'Lugo'][i % 4],
        5000 + 13 * i,
      ].join(),
    );
    const table = await inspectDataFile(writeTemporary('pets.csv', csv), {});
    const [species, mass, town, ...others] = targetOptions(table);
    assert.deepEqual(species, {
      name: 'species',
      task: 'classification',
      reason: 'its name says so',
      values: 'cat 20, dog 20',
    });
    assert.equal(mass?.task, 'regression');
    assert.match(mass.values, /^\d.* to \d/);
    assert.deepEqual(
      [town?.name, town?.values, town?.reason],
      ['town', 'Lugo 20, Vigo 10, Ourense 10', null],
    );
    assert.deepEqual(others, [], 'an id cannot be predicted');
  });
});
