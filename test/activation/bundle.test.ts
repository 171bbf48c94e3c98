/** What VS Code has to load before the extension can do anything: dist/extension.cjs of the last build. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import spanish from '../../src/shared/language.es.json' with { type: 'json' };

const root = path.resolve(import.meta.dirname, '../..');
const bundle = path.join(root, 'dist', 'extension.cjs');
const mostKilobytes = 300;

/** Each begins in a `main.ts` of its own and is a bundle of its own, loaded on first use or in another process. */
const entry = /(^|\/)main\.ts$/;

/** Loads the bundle with a stand-in for VS Code's API; prints the milliseconds. */
const load = `
const Module = require('node:module');
const api = new Proxy(function () {}, { get: (_, name) => (name === 'prototype' ? {} : api) });
const { _load } = Module;
Module._load = (name, ...rest) => (name === 'vscode' ? api : _load(name, ...rest));
const begun = performance.now();
const { activate } = require(process.argv[1]);
const milliseconds = performance.now() - begun;
if (typeof activate !== 'function') throw new Error('the bundle exports no activate');
console.log(milliseconds);
`;

describe('the activation bundle', () => {
  before(() => assert.ok(existsSync(bundle), `${bundle} is missing: npm run build`));

  /** Of the project, relative to its root; packages are under node_modules. */
  function sources(): readonly string[] {
    const map = JSON.parse(readFileSync(`${bundle}.map`, 'utf8')) as { sources: string[] };
    const folder = path.dirname(bundle);
    return map.sources.map((file) => path.relative(root, path.resolve(folder, file)));
  }

  it(`has at most ${mostKilobytes} KB`, () => {
    const kilobytes = statSync(bundle).size / 1024;
    process.stdout.write(`    activation bundle: ${kilobytes.toFixed(1)} KB\n`);
    assert.ok(kilobytes <= mostKilobytes, `${kilobytes.toFixed(1)} KB`);
  });

  it('holds no other entry point, and nothing of the core or the views', () => {
    const own = sources().filter((file) => !file.includes('node_modules'));
    assert.ok(own.includes('src/extension/main.ts') && own.length > 30, own.join(', '));
    assert.deepEqual(
      own.filter((file) => entry.test(file)),
      ['src/extension/main.ts'],
    );
    const foreign = /^(src\/(core|cli|build|azure|azureRig|extension\/azure)|webviews)\//;
    assert.deepEqual(
      own.filter((file) => foreign.test(file)),
      [],
    );
  });

  it('holds nothing of Azure, nor of its packages, which wait for the first look at it', () => {
    assert.deepEqual(
      sources().filter((file) => /(node_modules\/@azure\/|src\/(extension\/)?azure)/i.test(file)),
      [],
    );
    const azure = readFileSync(path.join(path.dirname(bundle), 'azure.cjs.map'), 'utf8');
    assert.match(
      azure,
      /node_modules\/@azure\/arm-machinelearning/,
      'the test looks for the wrong names',
    );
  });

  it('leaves the dictionary of another language a file of its own', () => {
    const file = path.join(path.dirname(bundle), 'language.es.json');
    const dictionary = JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, string>>;
    const [english = ''] = Object.keys(dictionary);
    assert.equal(dictionary[english], (spanish as Readonly<Record<string, string>>)[english]);
    const sentence = dictionary['there is no such file or folder'] ?? '';
    assert.ok(sentence.length > 20);
    for (const name of ['extension.cjs', 'core.cjs', 'cli.cjs']) {
      const code = readFileSync(path.join(path.dirname(bundle), name), 'utf8');
      assert.ok(code.includes('language.es.json') && !code.includes(sentence), name);
    }
  });

  it('loads in a fresh process', () => {
    const times = Array.from({ length: 5 }, () => {
      const text = execFileSync(process.execPath, ['-e', load, bundle], { encoding: 'utf8' });
      return Number(text);
    }).sort((a, b) => a - b);
    process.stdout.write(`    loads in ${times[2]!.toFixed(0)} ms (median of 5)\n`);
    assert.ok(times.every((time) => time > 0));
  });
});
