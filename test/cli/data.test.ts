/** `propose` and `inspect` of the built `trainbench`. */
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { repositoryRoot } from '../kit/realCore.ts';
import { jsonLines, runCli } from '../kit/runCli.ts';
import { temporaryFolder } from '../kit/temporaryFolder.ts';

describe('trainbench propose and inspect', () => {
  const folder = temporaryFolder();
  const run = (...words: string[]) => runCli(words, { cwd: folder() });
  beforeEach(() => {
    const sample = path.join(repositoryRoot, 'samples/penguins');
    for (const name of ['penguins.csv', 'penguins-lab.train.yaml']) {
      copyFileSync(path.join(sample, name), path.join(folder(), name));
    }
  });

  it('prints a config that validates and trains', async () => {
    const { stdout, stderr, code } = await run('propose', 'penguins.csv');
    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
    writeFileSync(path.join(folder(), 'mine.train.yaml'), stdout);
    const validated = await run('validate', 'mine.train.yaml');
    assert.equal(validated.code, 0);
    assert.doesNotMatch(validated.stdout, /error|warning/);
    const trained = await run('train', 'mine.train.yaml', '--epochs', '2', '--json');
    assert.equal(jsonLines(trained.stdout).at(-1)!['status'], 'completed');
  });

  it('writes a file whose path leads to the data, and says how to go on', async () => {
    mkdirSync(path.join(folder(), 'configs'));
    const out = path.join('configs', 'my penguins.train.yaml');
    const { stdout, stderr, code } = await run('propose', 'penguins.csv', '--out', out);
    assert.deepEqual({ code, stdout }, { code: 0, stdout: `${out}\n` });
    assert.ok(stderr.includes(`trainbench train "${out}"`));
    assert.match(readFileSync(path.join(folder(), out), 'utf8'), /path: "?\.\.\/penguins\.csv/);
    assert.equal((await run('validate', out)).code, 0);
  });

  it('overwrites nothing unless told to', async () => {
    const file = path.join(folder(), 'a.train.yaml');
    writeFileSync(file, 'mine');
    const refused = await run('propose', 'penguins.csv', '--out', 'a.train.yaml');
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /a\.train\.yaml is there already; --force/);
    assert.equal(readFileSync(file, 'utf8'), 'mine');
    assert.equal(
      (await run('propose', 'penguins.csv', '--out', 'a.train.yaml', '--force')).code,
      0,
    );
    assert.match(readFileSync(file, 'utf8'), /^# Proposed by Trainbench/);
  });

  it('predicts the column it is told to', async () => {
    const { stdout } = await run('propose', 'penguins.csv', '--target', 'BodyMass');
    assert.match(stdout, /^task: regression/m);
    const wrong = await run('propose', 'penguins.csv', '--target', 'Bodymass');
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /penguins\.csv:1:1 error data\.missingColumn .*`BodyMass`/);
    assert.equal(wrong.stdout, '');
  });

  for (const [what, words, expected] of [
    ['propose: a file that is not there', ['propose', 'no.csv'], /no\.csv: there is no such file/],
    [
      'propose: a folder that is not there',
      ['propose', 'penguins.csv', '--out', 'no/a.yaml'],
      /cannot write no.a\.yaml/,
    ],
    [
      'propose: a config in place of rows',
      ['propose', 'penguins-lab.train.yaml'],
      /penguins-lab\.train\.yaml is a config; name a file of rows/,
    ],
    [
      'propose: a form that is not written',
      ['propose', 'penguins.csv', '--out', 'a.train.json'],
      /--out must end in \.yaml; it is "a\.train\.json"/,
    ],
    ['inspect: a file that is not there', ['inspect', 'no.csv'], /no\.csv: there is no such file/],
    [
      'inspect: a config that is not there',
      ['inspect', 'no.train.yaml'],
      /no\.train\.yaml: there is no such file/,
    ],
  ] as const) {
    it(`names ${what}`, async () => {
      const { stderr, stdout, code } = await run(...words);
      assert.match(stderr, expected);
      assert.doesNotMatch(stdout + stderr, /^\s+at .*:\d+:\d+/m);
      assert.notEqual(code, 0);
    });
  }

  it('shows a table to people', async () => {
    const { stdout, code } = await run('inspect', 'penguins.csv');
    assert.equal(code, 0);
    const [head, columns, ...lines] = stdout.trimEnd().split('\n');
    assert.equal(head, 'penguins.csv: 344 rows, 6 columns, no row twice');
    assert.match(columns!, /column +type +missing +different +values/);
    assert.match(lines[0]!, /Island +category +0 +3 +Biscoe 168, Dream 124, Torgersen 52/);
    assert.match(
      lines[1]!,
      /CulmenLength +number +2 +164 +[▁-█ ]{20} {2}32\.1 \.\. 59\.6, mean 43\.92/,
    );
    assert.match(lines[5]!, /Species +integer +0 +3 +0 152, 1 124, 2 68/);
  });

  it('shows what a config makes of its data', async () => {
    const { stdout, code } = await run('inspect', 'penguins-lab.train.yaml');
    assert.equal(code, 0);
    assert.match(stdout, /957 training, 411 validation, 0 test rows; 2 left out/);
    assert.match(stdout, /395 of 411 validation rows have inputs that training has too/);
    assert.match(stdout, /FlipperLength .* 17\.2 \.\. 23\.1/, 'after the scaling');
    assert.match(stdout, /penguins-lab\.train\.yaml:19:\d+ warning data\.leakage/);
  });

  it('has all of it as JSON', async () => {
    const { stdout } = await run('inspect', 'penguins-lab.train.yaml', '--json');
    const kinds = jsonLines(stdout).map(({ type }) => type);
    const count = (kind: string) => kinds.filter((type) => type === kind).length;
    assert.deepEqual(
      ['table', 'column', 'prepared', 'input', 'diagnostic'].map(count),
      [1, 6, 1, 5, 3],
    );
  });

  it('ends with 2 where a table has errors, having shown it', async () => {
    writeFileSync(path.join(folder(), 'short.csv'), 'a,b\n1,2\n3\n');
    const { stdout, code } = await run('inspect', 'short.csv');
    assert.equal(code, 2);
    assert.match(stdout, /short\.csv: 1 row, 2 columns/);
    assert.match(stdout, /short\.csv:3:1 error data\.brokenRow/);
  });
});

describe('trainbench propose of images', () => {
  it('writes a config that validates, for a folder of images', async () => {
    const cwd = path.join(repositoryRoot, 'samples/digits');
    const { stdout, stderr, code } = await runCli(['propose', 'images'], { cwd });
    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
    assert.match(stdout, /^task: image_classification # 10 classes/m);
    const refused = await runCli(['propose', '.'], { cwd });
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /all its images are below images: choose that folder/);
    const column = await runCli(['propose', 'images', '--target', 'label'], { cwd });
    assert.match(column.stderr, /has labels and no columns: a target cannot be chosen/);
  });
});

describe('trainbench inspect', () => {
  const folder = temporaryFolder();
  const inspect = async (name: string, content: string | Buffer) => {
    writeFileSync(path.join(folder(), name), content);
    const { stdout, code } = await runCli(['inspect', name], { cwd: folder() });
    assert.equal(code, 0);
    return stdout;
  };

  it('says how many rows are different, how the file is written, and the unit of a column', async () => {
    const rows = Array.from(
      { length: 12 },
      (_, i) => `${i % 4 < 2 ? 'Málaga' : 'Jaén'};1.${i % 4}00,5 €;${i % 4}`,
    );
    const text = ['ciudad;precio;y', ...rows, ''].join('\n');
    const stdout = await inspect('a.csv', Buffer.from(text.replaceAll('€', '\u0080'), 'latin1'));
    assert.match(
      stdout,
      /^a\.csv: 12 rows, 3 columns, of them 4 different: 8 repeat an earlier one/,
    );
    assert.match(stdout, /encoding: windows-1252/);
    assert.match(stdout, /decimal mark: , \(as in .* on line 2\)/);
    assert.match(stdout, /thousands: "\."/);
    assert.match(stdout, /precio \(€\)/);
  });

  it('says how often a config repeats its rows', async () => {
    const cwd = path.join(repositoryRoot, 'samples/penguins');
    const { stdout } = await runCli(['inspect', 'penguins.train.yaml'], { cwd });
    const said =
      /^(\d+) training, [^]*^of the training rows (\d+) are different: each occurs 4 times/m;
    const [, all, different] = said.exec(stdout)!;
    assert.equal(Number(all), 4 * Number(different));
    const lab = await runCli(['inspect', 'penguins-lab.train.yaml'], { cwd });
    assert.match(lab.stdout, /^each row of the file occurs 4 times/m);
  });

  it('says that a file is empty', async () => {
    assert.equal(
      await inspect('b.csv', ''),
      'b.csv is empty: it has neither column names nor rows\n',
    );
  });

  it('speaks of images, and begins without an empty line', async () => {
    const cwd = path.join(repositoryRoot, 'samples/digits');
    const { stdout } = await runCli(['inspect', 'digits.train.yaml'], { cwd });
    assert.match(stdout, /^450 training, 150 validation, 0 test images$/m);
    assert.match(stdout, /^Model inputs:$/m);
    assert.ok(!stdout.startsWith('\n'));
  });
});
