/** `trainbench explain`: a step of a run as text and as JSON. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { assertNoStack, jsonLines, runCli } from '../kit/runCli.ts';
import { createTinyProject } from '../kit/tinyProject.ts';
import type { TinyProject } from '../kit/tinyProject.ts';

describe('trainbench explain', () => {
  let project: TinyProject;
  let directory = '';
  const run = (words: readonly string[], environment: NodeJS.ProcessEnv = {}) =>
    runCli(words, { cwd: project.folder, environment });

  before(async () => {
    project = createTinyProject();
    const { stdout } = await run(['train', 'tiny.train.yaml', '--json']);
    directory = String(jsonLines(stdout).at(-1)!['run']);
  });
  after(() => project.remove());

  it('tells a step from its rows to the loss after it', async () => {
    const { stdout, code } = await run(['explain', directory, '--step', '1', '--row', '3']);
    assert.equal(code, 0);
    const parts = [
      /^Step 1 of tiny: epoch 1, batch 1 of 4, 8 rows$/m,
      /^Row 3; side is [01]$/m,
      /^hidden \(Dense\)$/m,
      /^ {2}unit \d {2,}z = .* × .* = /m,
      /^ {2,}a = tanh\(z\) = tanh\(/m,
      /^ {2}[01] +\d+\.\d % ← right$/m,
      /^ {2}L = −ln\(p\) = −ln\(0\.\d+\) = \d/m,
      /^ {2}out\/kernel +size .*, gradient .*, change 0\.0\d/m,
      /^ {2}m′ = 0\.9 × m \+ 0\.1 × g = 0\.9 × 0 \+ 0\.1 × /m,
      /^Loss of the same rows after the update: \d\.\d+ → \d\.\d+$/m,
    ];
    for (const part of parts) assert.match(stdout, part);
  });

  it('tells the next step where none is named, another batch where one is, and all of it as JSON', async () => {
    const { stdout } = await run(['explain', directory, '--json']);
    const [next] = jsonLines(stdout);
    assert.deepEqual([next!['type'], next!['step'], next!['epoch']], ['step', 12, 4]);
    const other = await run(['explain', directory, '--batch', '4']);
    assert.match(
      other.stdout,
      /epoch 4, batch 4 of 4, 6 rows\nIt is not the turn of this batch\.$/m,
    );
  });

  it('tells images by their sizes and a few statistics', async () => {
    const sample = path.resolve('samples/digits/digits.train.yaml');
    const out = path.join(project.folder, 'digits-runs');
    const trained = await run(['train', sample, '--epochs', '1', '--out', out, '--json']);
    const { stdout, code } = await run([
      'explain',
      String(jsonLines(trained.stdout).at(-1)!['run']),
    ]);
    assert.equal(code, 0);
    assert.match(stdout, /^ {2}in +16 x 16 x 1$/m);
    assert.match(stdout, /^ {2}out +16 x 16 x 8: from 0 to \d\S*, mean \S+, \d+ % zeros$/m);
    const longest = Math.max(...stdout.split('\n').map((line) => line.length));
    assert.ok(longest < 1000, `a line of ${longest} characters`);
  });

  it('speaks Spanish', async () => {
    const { stdout } = await run(['explain', directory], { TRAINBENCH_LANGUAGE: 'es' });
    assert.match(stdout, /^Paso 13 de tiny: época 4, lote 1 de 4, 8 filas$/m);
    assert.doesNotMatch(stdout, /\b(Step|Row|rows|Answer|Loss|unit|right|gradient|moved)\b/);
  });

  it('refuses what is not there', async () => {
    for (const [words, code, expected] of [
      [['no-run'], 2, /no-run is not a run/],
      [[directory, '--step', '99'], 2, /keeps no weights of step 98/],
      [[directory, '--step', '0'], 2, /whole number of at least 1/],
      [[directory, '--batch', '5'], 2, /batches 0 to 3, not 4/],
    ] as const) {
      const result = await run(['explain', ...words]);
      assert.match(result.stderr, expected);
      assert.equal(result.code, code, result.stderr);
      assertNoStack(result);
    }
  });
});
