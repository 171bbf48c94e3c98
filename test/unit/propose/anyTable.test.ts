/** Tables nobody thought of: each gives a config that can be trained, or a reason why not. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { brief } from '../data/dataKit.ts';
import { configOf, propose, prepareProposal } from './proposeKit.ts';

const word = fc.string({ unit: 'grapheme', maxLength: 8 });
const cellKinds: readonly fc.Arbitrary<string>[] = [
  fc.integer({ min: -5, max: 5 }).map(String),
  fc.integer().map(String),
  fc.double({ noNaN: true }).map(String),
  fc.constantFrom('yes', 'no'),
  fc.constantFrom('0', '1', '1.0', '01'),
  fc.constantFrom('red', 'green', ' blue', 'null', '~', 'on', '1e3'),
  fc.constantFrom('2024-01-03', '2023-11-30', '3/4/2021'),
  fc.constantFrom('1,5', '2,25', '3'),
  fc.constantFrom('', 'NA', '4.5', '?'),
  fc.constant('same'),
  word,
];

const column = fc.record({
  name: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom('a', 'b', 'c', 'id', 'price', 'class') },
    { weight: 1, arbitrary: word },
  ),
  cell: fc.constantFrom(...cellKinds),
});

const table = fc
  .tuple(fc.array(column, { minLength: 1, maxLength: 6 }), fc.integer({ min: 0, max: 40 }))
  .chain(([columns, rows]) =>
    fc.tuple(
      fc.constant(columns.map(({ name }) => name)),
      fc.array(fc.tuple(...columns.map(({ cell }) => cell)), { minLength: rows, maxLength: rows }),
    ),
  );

const quoted = (cells: readonly string[]): string =>
  cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join();

describe('any table', () => {
  it('gives a config that can be trained, or a reason', async function () {
    this.timeout(60_000);
    let [proposals, refusals] = [0, 0];
    await fc.assert(
      fc.asyncProperty(table, async ([names, rows]) => {
        const proposed = await propose([names, ...rows].map(quoted).join('\n'));
        if (proposed.text === null) {
          refusals++;
          assert.ok(proposed.diagnostics.some(({ severity }) => severity === 'error'));
          return;
        }
        proposals++;
        configOf(proposed);
        const { prepared, diagnostics } = await prepareProposal(proposed);
        assert.ok(prepared !== null, `${proposed.text}\n${diagnostics.map(brief).join('\n')}`);
      }),
      { numRuns: 150, seed: 1 },
    );
    assert.ok(proposals > 20 && refusals > 20, `${proposals} proposals, ${refusals} refusals`);
  });
});
