import assert from 'node:assert/strict';
import { parse } from 'yaml';
import type { ConfigPath } from '../../../src/shared/model/configPath.ts';
import { parseConfig } from '../../../src/shared/model/parseConfig.ts';
import { plannedWords } from '../../../src/shared/model/planned.ts';
import { minimalConfig } from './exampleConfigs.ts';

/** Places whose words are keys; at the others they are values. */
const keyed = new Set([
  '',
  'data',
  'model',
  'model[]',
  'training',
  'training.optimizer',
  'training.loss',
  'callbacks[]',
]);
/** What a config has where the planned keys go in lists that the minimal config lacks. */
const hosts: Readonly<Record<string, unknown>> = {
  'callbacks[]': { type: 'TerminateOnNaN' },
  'data.features[]': { name: 'a' },
};

function configWith(place: string, word: string): string {
  const config: unknown = parse(minimalConfig);
  const path: (string | number)[] = place
    .split('.')
    .filter((step) => step !== '')
    .flatMap((step) => (step.endsWith('[]') ? [step.slice(0, -2), 0] : [step]));
  put(config, keyed.has(place) ? [...path, word] : path, keyed.has(place) ? 1 : word);
  return JSON.stringify(config);
}

/** Makes the places on the way, lists where an index follows. */
function put(root: unknown, path: ConfigPath, value: unknown): void {
  let owner = root as Record<string | number, unknown>;
  path.slice(0, -1).forEach((step, depth) => {
    const place = path
      .slice(0, depth + 1)
      .join('.')
      .replace(/\.0\b/g, '[]');
    const isList = typeof path[depth + 1] === 'number';
    const there = owner[step];
    if (typeof there !== 'object' || there === null || (Array.isArray(there) && !isList)) {
      owner[step] = isList ? [] : { ...(hosts[place] as object | undefined) };
    }
    owner = owner[step] as Record<string | number, unknown>;
  });
  owner[path.at(-1)!] = value;
}

describe('planned words', () => {
  for (const [place, words] of plannedWords()) {
    it(`are rejected as such in ${place === '' ? 'the config' : place}`, () => {
      for (const word of words) {
        const { diagnostics } = parseConfig(configWith(place, word), 'a.train.json');
        const messages = diagnostics.map(({ code, message }) => `${code} ${message}`);
        const expected = `config.notImplemented \`${word}\` is planned but not implemented yet`;
        assert.ok(messages.includes(expected), `${word}: ${messages.join('; ')}`);
      }
    });
  }
});
