/** `trainbench` for people who read Spanish: the same work and the same codes, said in Spanish from end to end. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { jsonLines, runCli } from '../kit/runCli.ts';
import { createTinyProject } from '../kit/tinyProject.ts';
import type { TinyProject } from '../kit/tinyProject.ts';

/** Words of English sentences that no Spanish one has, and no key of a config either. */
const english =
  /\b(the|is|are|has|have|of|with|rows?|needs?|expects?|steps?|right|always|after|kept)\b/i;

describe('trainbench in Spanish', () => {
  let project: TinyProject;
  before(() => (project = createTinyProject()));
  after(() => project.remove());
  const run = (
    words: readonly string[],
    environment: NodeJS.ProcessEnv = { TRAINBENCH_LANGUAGE: 'es' },
  ) => runCli(words, { cwd: project.folder, environment });

  it('is chosen by the locale, or by TRAINBENCH_LANGUAGE before it', async () => {
    const byLocale = { TRAINBENCH_LANGUAGE: '', LC_ALL: 'es_MX.UTF-8' };
    assert.match((await run(['--help'], byLocale)).stdout, /^Uso: trainbench/);
    const byName = { ...byLocale, TRAINBENCH_LANGUAGE: 'en' };
    assert.match((await run(['--help'], byName)).stdout, /^Usage: trainbench/);
  });

  it('helps with every command', async () => {
    const { stdout } = await run(['--help']);
    const names = [...stdout.matchAll(/^ {2}(\w+) {2,}/gm)].map(([, name]) => name!);
    assert.ok(names.length >= 10, stdout);
    for (const name of names) {
      const help = await run([name, '--help']);
      assert.match(help.stdout, /^Uso: /);
      assert.doesNotMatch(
        // Options have the same names in every language.
        help.stdout.replaceAll(/file:line:column severity code message|--\w+/g, ''),
        english,
      );
    }
  });

  it('trains, and a verdict on disk is read in the language of the reader', async () => {
    const trained = await run(['train', 'tiny.train.yaml']);
    assert.equal(trained.code, 0, trained.stderr);
    assert.match(trained.stderr, /^época 1\/\d+, loss /m);
    assert.match(trained.stdout, /completada tras \d+ pasos/);
    assert.match(trained.stdout, /Ejecución guardada en runs/);
    assert.doesNotMatch(trained.stdout + trained.stderr, english);
    const verdictFor = async (language: string) => {
      const { stdout } = await run(['runs', '--json'], { TRAINBENCH_LANGUAGE: language });
      return String(jsonLines(stdout)[0]!['verdict']);
    };
    const [spanish, translated] = [await verdictFor('es'), await verdictFor('en')];
    assert.doesNotMatch(spanish, english);
    assert.match(translated, english);
    assert.deepEqual(spanish.match(/[\d.]+/g), translated.match(/[\d.]+/g));
  });

  it('says of a config and of its data what is wrong, under the same codes', async () => {
    const text = [
      'task: classification',
      'data: { path: rows.csv, features: [x, nothing], target: y }',
      'model: [{ type: Dense, unit: 3 }]',
      'training: { epochs: 0, batch_size: "4", optimizer: Adm, loss: mean_squared_error }',
    ];
    writeFileSync(path.join(project.folder, 'bad.train.yaml'), text.join('\n'));
    writeFileSync(path.join(project.folder, 'rows.csv'), 'x,y\n1,a\nten,b\n3\n');
    const problemsIn = async (language: string) => {
      const words = ['validate', 'bad.train.yaml', '--json'];
      return jsonLines((await run(words, { TRAINBENCH_LANGUAGE: language })).stdout);
    };
    const [spanish, translated] = [await problemsIn('es'), await problemsIn('en')];
    assert.ok(spanish.length >= 5, JSON.stringify(spanish));
    const codes = (problems: typeof spanish) => problems.map(({ code, line }) => ({ code, line }));
    assert.deepEqual(codes(spanish), codes(translated));
    for (const { message, hint } of spanish) {
      assert.doesNotMatch(JSON.stringify([message, hint]), english);
    }
  });

  it('names what a command line lacks', async () => {
    for (const [words, expected] of [
      [['tarin'], /no existe el comando "tarin"/],
      [['train', 'x', '--epoch', '3'], /no existe la opción --epoch/],
      [['train', 'x', '--seed', '-1'], /la opción --seed necesita un valor/],
      [['resume'], /falta RUN/],
      [['train', 'no.train.yaml'], /no se puede leer la configuración .*: no existe ese archivo/],
    ] as const) {
      const { stderr, code } = await run(words);
      assert.match(stderr, expected);
      assert.equal(code, 2);
    }
  });
});
