import assert from 'node:assert/strict';
import Papa from 'papaparse';
import { predictionsCsv } from '../../../src/extension/runs/predictionsCsv.ts';

describe('predictionsCsv', () => {
  it('has the row, the class and a probability for each class', () => {
    const text = predictionsCsv([
      {
        input: { Mass: 3.5, Island: 'Dream' },
        class: 'Adelie',
        probabilities: { Adelie: 0.75, Gentoo: 0.25 },
      },
      {
        input: { Mass: null, Island: 'Biscoe' },
        class: 'Gentoo',
        probabilities: { Adelie: 0.5, Gentoo: 0.5 },
      },
    ]);
    assert.equal(
      text,
      'Mass,Island,predicted,probability of Adelie,probability of Gentoo\n' +
        '3.5,Dream,Adelie,0.75,0.25\n,Biscoe,Gentoo,0.5,0.5\n',
    );
  });

  it('says last why a row is not predicted', () => {
    const text = predictionsCsv([
      { input: {}, problem: 'line 2 has 1 cells' },
      { input: { a: 1 }, value: 2 },
      { input: { a: null }, problem: '`a` is missing' },
    ]);
    assert.equal(
      text,
      'a,predicted,not predicted because\n,,line 2 has 1 cells\n1,2,\n,,`a` is missing\n',
    );
  });

  it('gives each of several numbers a column', () => {
    assert.equal(
      predictionsCsv([{ input: { a: 1 }, value: [2, 3] }]),
      'a,predicted 1,predicted 2\n1,2,3\n',
    );
    assert.equal(predictionsCsv([{ input: { a: 1 }, value: 2 }]), 'a,predicted\n1,2\n');
  });

  it('is read back with commas, quotes and line breaks in names and values', () => {
    const input = { 'a,"b"': 'x\ny', c: 'says "no", twice' };
    const { data } = Papa.parse<Record<string, string>>(predictionsCsv([{ input, class: 'p,q' }]), {
      header: true,
      skipEmptyLines: true,
    });
    assert.deepEqual(data, [{ ...input, predicted: 'p,q' }]);
  });
});
