import assert from 'node:assert/strict';
import path from 'node:path';
import { commandHelp, parseArguments, usage } from '../../../src/cli/commandLine.ts';
import { commands } from '../../../src/cli/commandTable.ts';
import { createPaths, startFolder } from '../../../src/cli/paths.ts';
import { isError } from '../../../src/shared/errors.ts';

const command = (name: string) => commands.find((c) => c.name === name)!;

function refusal(name: string, words: readonly string[]): string {
  try {
    parseArguments(command(name), words);
  } catch (error) {
    assert.ok(isError(error, 'input.invalid') && error instanceof Error);
    return error.message;
  }
  return assert.fail('it was accepted');
}

describe('arguments', () => {
  it('are positional or options, in any order', () => {
    const given = parseArguments(command('train'), ['--epochs', '5', 'a.yaml', '--json']);
    assert.deepEqual(given.positionals, ['a.yaml']);
    assert.equal(given.wholeNumber('epochs', 1), 5);
    assert.equal(given.flag('json'), true);
    assert.equal(given.text('device'), undefined);
  });

  it('may be left out where the usage has brackets', () => {
    assert.deepEqual(parseArguments(command('runs'), []).positionals, []);
  });

  for (const [words, expected] of [
    [[], /FILE is missing[^]*Usage: trainbench train FILE/],
    [['a', 'b'], /"b" is one argument too many/],
    [['a', '--epoch', '5'], /--epoch/],
    [['a', '--epochs'], /--epochs/],
  ] as const) {
    it(`refuses train ${words.join(' ')}`, () => assert.match(refusal('train', words), expected));
  }

  for (const text of ['0', '-1', '1.5', 'ten', '', '1e3', '99999999999999999999']) {
    it(`refuses --epochs "${text}"`, () => {
      const given = parseArguments(command('train'), ['a', `--epochs=${text}`]);
      assert.throws(() => given.wholeNumber('epochs', 1), { code: 'input.invalid' });
    });
  }

  it('refuses a number over the most', () => {
    const given = parseArguments(command('train'), ['a', '--seed', '4294967296']);
    assert.equal(given.wholeNumber('seed', 0, 2 ** 32), 2 ** 32);
    assert.throws(() => given.wholeNumber('seed', 0, 2 ** 32 - 1), {
      message: '--seed must be a whole number from 0 to 4294967295; it is "4294967296"',
    });
  });

  it('refuses a choice that is none', () => {
    const given = parseArguments(command('train'), ['a', '--device', 'gpu']);
    assert.throws(() => given.choice('device', ['auto', 'cpu']), /one of auto, cpu; it is "gpu"/);
  });

  it('ask for help without the rest', () => {
    assert.equal(parseArguments(command('train'), ['--help']).flag('help'), true);
  });
});

describe('help', () => {
  for (const c of commands) {
    it(`of ${c.name} shows its usage, and every option of the usage is real`, () => {
      const text = commandHelp(c);
      assert.ok(text.includes(usage(c)));
      const inUsage = [...c.synopsis.matchAll(/--(\w+)/g)].map(([, name]) => name);
      assert.deepEqual(inUsage.sort(), Object.keys(c.options).sort());
    });
  }
});

describe('paths', () => {
  const root = path.resolve('/repo');
  const environment = { INIT_CWD: '/home/me', npm_package_json: path.join(root, 'package.json') };

  it('are relative to where npm was called from', () => {
    assert.equal(startFolder(environment, root), '/home/me');
  });

  it('are relative to the working folder in a program that npm did not start itself', () => {
    assert.equal(startFolder(environment, path.resolve('/elsewhere')), path.resolve('/elsewhere'));
    assert.equal(startFolder({}, root), root);
  });

  it('are shown relative inside the folder and absolute outside', () => {
    const { show, resolve } = createPaths(root);
    assert.equal(show(resolve('a/b.yaml')), path.join('a', 'b.yaml'));
    assert.equal(show(path.resolve('/other/b.yaml')), path.resolve('/other/b.yaml'));
  });
});
