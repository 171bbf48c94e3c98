import assert from 'node:assert/strict';
import { RunIndex } from '../../../src/extension/runs/runIndex.ts';
import { Client } from '../../../src/shared/protocol/client.ts';
import type { CoreContract, RunListEntry } from '../../../src/shared/protocol/core.ts';
import { Server } from '../../../src/shared/protocol/server.ts';
import type { Handlers } from '../../../src/shared/protocol/server.ts';
import { createTransportPair } from '../../kit/fakeTransport.ts';
import { runListEntry } from '../../kit/runEvents.ts';

/** An index over a core in memory whose disk is this record of folders. */
function indexOf(disk: Record<string, readonly RunListEntry[]>): RunIndex {
  const pair = createTransportPair();
  const handlers = {
    'run/list': ({ directory }: { directory: string }) => ({ runs: disk[directory] ?? [] }),
  };
  new Server<CoreContract>(pair.server, handlers as unknown as Handlers<CoreContract>);
  const client = new Client<CoreContract>(pair.client);
  return new RunIndex(() => Promise.resolve(client));
}

const run = (directory: string, created: string) => runListEntry({ directory, created });

describe('RunIndex', () => {
  it('has the runs of all folders, newest first', async () => {
    const index = indexOf({
      '/a/runs': [run('/a/runs/1', '2026-01-01'), run('/a/runs/3', '2026-01-03')],
      '/b/runs': [run('/b/runs/2', '2026-01-02')],
    });
    await index.refresh(['/a/runs', '/b/runs']);
    assert.deepEqual(
      index.runs.map(({ directory }) => directory),
      ['/a/runs/3', '/b/runs/2', '/a/runs/1'],
    );
    assert.equal(index.find('/b/runs/2')?.created, '2026-01-02');
  });

  it('reads again only what changed, and forgets what was deleted', async () => {
    const disk: Record<string, readonly RunListEntry[]> = {
      '/a/runs': [run('/a/runs/1', '2026-01-01')],
      '/b/runs': [run('/b/runs/2', '2026-01-02')],
    };
    const index = indexOf(disk);
    let changes = 0;
    index.onDidChange(() => changes++);
    await index.refresh(['/a/runs', '/b/runs']);
    disk['/a/runs'] = [];
    disk['/b/runs'] = [];
    await index.refresh(['/a/runs']);
    assert.deepEqual(
      index.runs.map(({ directory }) => directory),
      ['/b/runs/2'],
    );
    assert.equal(changes, 2);
    await index.refresh(['/a/runs']);
    assert.equal(changes, 2, 'nothing changed');
  });

  it('asks nothing of the core where there is no folder', async () => {
    const index = new RunIndex(() => Promise.reject(new Error('no core is needed')));
    await index.refresh([]);
    assert.deepEqual(index.runs, []);
  });
});
