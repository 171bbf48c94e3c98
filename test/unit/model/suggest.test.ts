import assert from 'node:assert/strict';
import { suggest } from '../../../src/shared/model/suggest.ts';

const layers = ['Input', 'Dense', 'Activation', 'Dropout', 'Flatten', 'BatchNormalization'];

const cases: readonly [word: string, candidates: readonly string[], meant: string | null][] = [
  ['Dens', layers, 'Dense'],
  ['dense', layers, 'Dense'],
  ['Desne', layers, 'Dense'],
  ['batch_normalization', layers, 'BatchNormalization'],
  ['BatchNorm1d', layers, 'BatchNormalization'],
  ['Linear', layers, 'Dense'],
  ['Conv7D', layers, null],
  ['', layers, null],
  ['lr', ['learning_rate', 'momentum'], 'learning_rate'],
  ['learningRate', ['learning_rate', 'momentum'], 'learning_rate'],
  ['beta2', ['beta_1', 'beta_2'], 'beta_2'],
  ['constructor', ['type', 'name'], null],
];

describe('suggest', () => {
  for (const [word, candidates, meant] of cases) {
    it(`takes ${JSON.stringify(word)} for ${meant ?? 'nothing known'}`, () => {
      assert.equal(suggest(word, candidates), meant);
    });
  }
});
