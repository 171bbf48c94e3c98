import assert from 'node:assert/strict';
import { RemotePaths } from '../../../src/core/machines/remotePaths.ts';

describe('paths of another machine', () => {
  const paths = new RemotePaths('/cache/files/c1');

  it('have a place for each path of this one, and find back, also in sentences', () => {
    assert.equal(paths.toThere('/home/ada/a b.csv'), '/cache/files/c1/home/ada/a b.csv');
    assert.equal(paths.toHere('/cache/files/c1/home/ada/a b.csv'), '/home/ada/a b.csv');
    assert.equal(
      paths.toHere('/cache/files/c1/x.yaml:3: there is no file /cache/files/c1/y.csv'),
      '/x.yaml:3: there is no file /y.csv',
    );
    assert.equal(paths.toHere('/cache/other'), '/cache/other');
  });

  it('follow a run whose folder is called otherwise here', () => {
    const moved = new RemotePaths('/cache/files/c1');
    moved.except('/p/runs/a-2', '/cache/files/c1/p/runs/a');
    assert.equal(moved.toThere('/p/runs/a-2/run.json'), '/cache/files/c1/p/runs/a/run.json');
    assert.equal(moved.toHere('/cache/files/c1/p/runs/a/run.json'), '/p/runs/a-2/run.json');
    assert.equal(moved.toHere('/cache/files/c1/p/runs/ab'), '/p/runs/ab');
  });

  it('are changed anywhere in plain data, and typed arrays stay as they are', () => {
    const values = new Float32Array([1, 2]);
    const answer = { list: ['/cache/files/c1/a', 5, null], inner: { text: 'no path' }, values };
    const ours = paths.answer(answer);
    assert.deepEqual(ours, { list: ['/a', 5, null], inner: { text: 'no path' }, values });
    assert.equal(ours.values, values);
    const asked = { runId: '/p/runs/a', name: '/p/runs/ab', source: { directory: '/p/runs/a/x' } };
    assert.deepEqual(paths.request(asked, '/p/runs/a'), {
      runId: '/cache/files/c1/p/runs/a',
      name: '/p/runs/ab',
      source: { directory: '/cache/files/c1/p/runs/a/x' },
    });
  });
});
