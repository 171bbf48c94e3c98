/** A training in the terminal that ends early: a core that dies, and Ctrl+C. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { jsonLines, runCli } from '../kit/runCli.ts';
import { createTinyProject } from '../kit/tinyProject.ts';

describe('trainbench with a core that dies', () => {
  it('fails with how it ended, as text and as JSON', async function () {
    if (process.platform === 'win32') this.skip(); // the stand-in is a shell script
    const project = createTinyProject();
    const node = path.join(project.folder, 'node');
    writeFileSync(node, '#!/bin/sh\necho "out of memory" >&2\nexit 7\n', { mode: 0o755 });
    const result = await runCli(['train', 'tiny.train.yaml', '--json'], {
      cwd: project.folder,
      environment: { TRAINBENCH_NODE: node },
    });
    project.remove();
    assert.equal(result.code, 1);
    assert.match(result.stderr, /ended with code 7; it last printed:\nout of memory/);
    const [end] = jsonLines(result.stdout);
    assert.deepEqual([end!['type'], end!['status']], ['end', 'failed']);
    assert.equal((end!['error'] as { code: string }).code, 'core.exited');
  });
});

describe('Ctrl+C', () => {
  it('stops, keeps the run, and resume goes on from there', async function () {
    if (process.platform === 'win32') this.skip(); // no signals between processes
    const project = createTinyProject({ epochs: 1_000_000 });
    let interrupted = false;
    const stopped = await runCli(['train', 'tiny.train.yaml', '--json'], {
      cwd: project.folder,
      onStdout(stdout, child) {
        if (interrupted || !stdout.includes('\n')) return;
        interrupted = true;
        child.kill('SIGINT');
      },
    });
    assert.equal(stopped.code, 0, stopped.stderr);
    const end = jsonLines(stopped.stdout).at(-1)!;
    assert.deepEqual([end['type'], end['status']], ['end', 'stopped']);
    const done = jsonLines(stopped.stdout).length - 1;
    const more = await runCli(
      ['resume', String(end['run']), '--epochs', String(done + 2), '--json'],
      {
        cwd: project.folder,
      },
    );
    assert.equal(more.code, 0, more.stderr);
    assert.equal(jsonLines(more.stdout).at(-2)!['epoch'], done + 2);
    project.remove();
  });
});
