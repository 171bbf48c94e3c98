import assert from 'node:assert/strict';
import { DataLook, type LookResult } from '../../../src/extension/panels/dataLook.ts';
import { AppError } from '../../../src/shared/errors.ts';
import type { CancelSignal } from '../../../src/shared/protocol/cancel.ts';
import { Client } from '../../../src/shared/protocol/client.ts';
import type { CoreContract } from '../../../src/shared/protocol/core.ts';
import type { DataReport, TableReport } from '../../../src/shared/protocol/dataReport.ts';
import { Server } from '../../../src/shared/protocol/server.ts';
import type { Handlers } from '../../../src/shared/protocol/server.ts';
import type { LookProgress } from '../../../src/shared/protocol/views/lookAtData.ts';
import { createTransportPair } from '../../kit/fakeTransport.ts';

function reportOf(file: string): DataReport {
  const duplicates = { rows: 0, examples: [] };
  const top = Array.from({ length: 100 }, (_, i) => ({ value: `v${i}`, count: 1 }));
  const column = { name: 'a', type: 'text', values: 100, missing: 0, distinct: 100, top } as const;
  const table: TableReport = {
    file,
    rows: 100,
    columns: [{ ...column, numbers: null, wrongNumber: null, unit: null }],
    firstRows: [],
    duplicates,
    encoding: null,
    writing: null,
    diagnostics: [],
  };
  return { table, likelyTarget: null, prepared: null, network: null, diagnostics: [] };
}

/** Looks that a test answers by hand, in any order. */
function setUp() {
  const pair = createTransportPair();
  const asked: {
    readonly file: string;
    readonly answer: (report: DataReport) => void;
    readonly refuse: (error: Error) => void;
  }[] = [];
  const inspect = ({ file }: { file: string }, cancel: CancelSignal) =>
    new Promise<DataReport>((answer, refuse) => {
      cancel.addEventListener('abort', () => refuse(new Error('gave up')));
      asked.push({ file, answer, refuse });
    });
  const handlers: Pick<Handlers<CoreContract>, 'data/inspect'> = { 'data/inspect': inspect };
  const server = new Server<CoreContract>(pair.server, handlers as Handlers<CoreContract>);
  const client = new Client<CoreContract>(pair.client);
  const results: LookResult[] = [];
  const progress: LookProgress[] = [];
  const look = new DataLook({
    client: () => Promise.resolve(client),
    cancelledText: () => 'you cancelled',
    changed: () => results.push(look.result),
    progressed: (each) => progress.push(each),
  });
  return { look, asked, server, results, progress };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

describe('a look at a file', () => {
  it('says that it goes on, then what it found, with no more values than are shown', async () => {
    const { look, asked, results } = setUp();
    look.start('/a.csv');
    await settled();
    assert.ok(look.result.progress !== null && look.result.report === null);
    asked[0]!.answer(reportOf('/a.csv'));
    await settled();
    assert.equal(look.result.progress, null);
    assert.equal(look.result.report!.table!.columns[0]!.top.length, 20);
    assert.equal(results.length, 2);
  });

  it('passes on the progress of its own file only', async () => {
    const { look, server, progress } = setUp();
    look.start('/a.csv');
    await settled();
    server.announce('run/progress', { file: '/b.csv', message: 'b', fraction: 0.1 });
    server.announce('run/progress', { file: '/a.csv', message: 'a', fraction: 0.2 });
    await settled();
    assert.deepEqual(progress, [{ message: 'a', fraction: 0.2 }]);
    assert.deepEqual(look.result.progress, progress[0]);
  });

  it('keeps the report while it looks again, and when the user cancels that', async () => {
    const { look, asked } = setUp();
    look.start('/a.csv');
    await settled();
    asked[0]!.answer(reportOf('/a.csv'));
    await settled();
    const { report } = look.result;
    look.start('/a.csv');
    await settled();
    assert.equal(look.result.report, report);
    look.cancel();
    await settled();
    assert.deepEqual(look.result, { report, progress: null, failure: 'you cancelled' });
  });

  it('drops the report of a file that can no longer be read, and says why', async () => {
    const { look, asked } = setUp();
    look.start('/a.csv');
    await settled();
    asked[0]!.answer(reportOf('/a.csv'));
    await settled();
    look.start('/a.csv');
    await settled();
    asked[1]!.refuse(new AppError('data.read', 'cannot read /a.csv: there is no such file'));
    await settled();
    const failure = 'cannot read /a.csv: there is no such file';
    assert.deepEqual(look.result, { report: null, progress: null, failure });
  });

  it('shows what was asked for last, whatever is answered first', async () => {
    const { look, asked } = setUp();
    look.start('/a.csv');
    await settled();
    look.start('/b.csv');
    await settled();
    assert.deepEqual(
      asked.map(({ file }) => file),
      ['/a.csv', '/b.csv'],
    );
    assert.ok(look.result.progress !== null, 'the look that was given up does not end the new one');
    asked[1]!.answer(reportOf('/b.csv'));
    await settled();
    assert.equal(look.result.report!.table!.file, '/b.csv');
  });

  it('starts anew with a file that was closed, and says nothing of what was under way', async () => {
    const { look, asked, results } = setUp();
    look.start('/a.csv');
    await settled();
    asked[0]!.answer(reportOf('/a.csv'));
    await settled();
    look.start('/a.csv');
    await settled();
    const said = results.length;
    look.forget();
    await settled();
    assert.equal(results.length, said);
    look.start('/a.csv');
    assert.equal(look.result.report, null);
  });
});
