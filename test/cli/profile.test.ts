/** `trainbench profile` and `train --profile`: where a step goes, as a table and as JSON; runs stay as they are. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { assertNoStack, jsonLines, runCli } from '../kit/runCli.ts';
import { createTinyProject, type TinyProject } from '../kit/tinyProject.ts';

interface KernelLine {
  readonly type: string;
  readonly ops: readonly string[];
  readonly milliseconds: number;
  readonly operations: number;
  readonly origins: readonly { readonly layer: string | null; readonly pass: string }[];
}

/** Every file of a folder with what is in it. */
function contentOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(path.join(folder, name)).isFile())
    .sort()
    .map((name) => `${name} ${sha256(readFileSync(path.join(folder, name)))}`);
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

describe('trainbench profile', () => {
  let project: TinyProject;
  let directory = '';
  const run = (words: readonly string[], environment: NodeJS.ProcessEnv = {}) =>
    runCli(words, { cwd: project.folder, environment });
  const second = ['--seconds', '1'];

  before(async () => {
    project = createTinyProject();
    const { stdout } = await run(['train', 'tiny.train.yaml', '--json']);
    directory = String(jsonLines(stdout).at(-1)!['run']);
  });
  after(() => project.remove());

  it('tells time, speed, bytes and share of every kernel of a config', async () => {
    const { stdout, code } = await run(['profile', 'tiny.train.yaml', ...second]);
    assert.equal(code, 0);
    for (const part of [
      /^A step of tiny: batch 8, 1 thread on .* \(wasm\)$/m,
      /^[\d.e-]+ ms as it is trained; [\d.e-]+ ms in kernels timed one by one over \d+ steps$/m,
      /^ *share +ms +GFLOP\/s +GB\/s +bytes +layer +pass +what$/m,
      /^ *\d+\.\d % .* hidden +forward +matmul \+ add/m,
      /weight gradient +matmul/,
      / update +/,
      /^100\.0 % .* all kernels$/m,
      /^Memory: [\d.]+ kB: .* for the values of a step at their peak/m,
    ])
      assert.match(stdout, part);
    const shares = [...stdout.matchAll(/^ *(\d+\.\d) % (?!.*all kernels)/gm)].map((m) => +m[1]!);
    assert.deepEqual(
      shares,
      shares.toSorted((a, b) => b - a),
    );
  });

  it('gives the same as JSON, and leaves the files of a run as they are', async () => {
    const before = contentOf(directory);
    const { stdout } = await run(['profile', directory, '--json', ...second]);
    assert.deepEqual(contentOf(directory), before);
    const [step, ...kernels] = jsonLines(stdout) as unknown as [
      Record<string, number>,
      ...KernelLine[],
    ];
    assert.ok(step['steps']! > 0 && step['stepMilliseconds']! > 0);
    const sum = kernels.reduce((total, { milliseconds }) => total + milliseconds, 0);
    assert.ok(Math.abs(sum - step['kernelMilliseconds']!) < 1e-9);
    const products = kernels.filter(({ ops }) => ops.includes('matmul'));
    assert.ok(products.every(({ operations }) => operations > 0));
    const passes = new Set(kernels.flatMap(({ origins }) => origins.map(({ pass }) => pass)));
    for (const pass of ['forward', 'loss', 'inputGradient', 'weightGradient', 'update']) {
      assert.ok(passes.has(pass), `no kernel of pass ${pass}`);
    }
  });

  it('follows a training with --profile or TRAINBENCH_DEBUG=2, and else not', async () => {
    const words = ['train', 'tiny.train.yaml', '--threads', '1'];
    const asked = await run([...words, '--profile']);
    assert.match(asked.stdout, /completed after .*A step of tiny/s);
    const debugged = await run(words, { TRAINBENCH_DEBUG: '2' });
    assert.match(debugged.stdout, /A step of tiny/);
    const plain = await run(words, { TRAINBENCH_DEBUG: '1' });
    assert.doesNotMatch(plain.stdout, /A step of/);
  }).timeout(30_000);

  it('speaks Spanish', async () => {
    const spanish = { TRAINBENCH_LANGUAGE: 'es' };
    const { stdout } = await run(['profile', 'tiny.train.yaml', ...second], spanish);
    assert.match(stdout, /^Un paso de tiny: lote de 8, 1 hilo/m);
    assert.doesNotMatch(stdout, /\b(step|kernels of|share|layer|forward|weight|Memory)\b/);
  });

  it('says the memory that a training takes beside the layers', async () => {
    const { stdout } = await run(['summary', 'tiny.train.yaml']);
    assert.match(stdout, /^Memory: .* for the values of a step at their peak/m);
  });

  it('refuses what it cannot measure', async () => {
    for (const [words, expected] of [
      [['none.train.yaml'], /none\.train\.yaml/],
      [[project.folder], /is not a run/],
      [['tiny.train.yaml', '--seconds', '0'], /--seconds must be a whole number/],
      [['tiny.train.yaml', '--device', 'cuda'], /cuda/i],
    ] as const) {
      const result = await run(['profile', ...words]);
      assert.notEqual(result.code, 0);
      assert.match(result.stderr, expected);
      assertNoStack(result);
    }
  });
});
