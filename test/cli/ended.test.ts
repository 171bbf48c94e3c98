/** A training in the terminal that ends early: a core that dies, and Ctrl+C. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
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

describe('a run that fails', () => {
  it('says why once, as text and as JSON', async () => {
    const edit = (yaml: string) =>
      yaml.replace('{ type: Adam, learning_rate: 0.05 }', '{ type: SGD, learning_rate: 1.0e+38 }');
    const project = createTinyProject({ edit });
    const count = (text: string) => text.split('the loss became').length - 1;
    const human = await runCli(['train', 'tiny.train.yaml'], { cwd: project.folder });
    assert.equal(human.code, 1);
    assert.deepEqual([count(human.stdout), count(human.stderr)], [0, 1], human.stderr);
    assert.match(human.stdout, /^tiny failed after \d+ steps? in /m);
    assert.match(human.stderr, /^trainbench: the loss became \S+ at step/m);
    const json = await runCli(['train', 'tiny.train.yaml', '--json'], { cwd: project.folder });
    assert.equal(count(json.stderr), 1);
    const end = jsonLines(json.stdout).at(-1)!;
    assert.equal((end['error'] as { code: string }).code, 'run.diverged');
    const events = readFileSync(path.join(String(end['run']), 'events.jsonl'), 'utf8');
    assert.equal(count(events), 1);
    project.remove();
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
