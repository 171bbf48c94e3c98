/** Which long work tells of itself as what: only the preparation of a run is a run's. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { useSession } from '../kit/liveSession.ts';

describe('progress over the session', function () {
  this.timeout(60_000);
  const session = useSession();
  const { signal, startPaused } = session;
  /** Enough for more than one piece of the file. */
  const rows = 20_000;
  const told = () => [
    ...new Set(session.announced.filter((event) => /prepar|progress/.test(event))),
  ];

  it('of a run that begins is its own, of a look at data is not', async () => {
    await startPaused({ rows });
    assert.deepEqual(told(), ['run/preparing']);
    const before = session.announced.length;
    const file = path.join(session.project.folder, 'tiny.csv');
    await session.handlers['data/inspect']({ file }, signal);
    await session.handlers['data/inspect']({ file: session.project.config }, signal);
    const later = new Set(session.announced.slice(before));
    assert.ok(later.has('run/progress') && !later.has('run/preparing'), [...later].join());
  });

  it('of a run that goes on is its own', async () => {
    const { runId, directory } = await startPaused({ rows });
    await session.handlers['run/step']({ runId }, signal);
    await session.handlers['run/stop']({ runId }, signal);
    const before = session.announced.length;
    await session.handlers['run/resume']({ directory, startPaused: true }, signal);
    const later = new Set(session.announced.slice(before));
    assert.ok(later.has('run/preparing') && !later.has('run/progress'), [...later].join());
  });
});
