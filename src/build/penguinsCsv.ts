/**
 * Writes samples/penguins/penguins.csv from the npm package vega-datasets (penguins.json), in the columns of the
 * penguins lab: species as a code, rows in the order of the codes. `node --import tsx src/build/penguinsCsv.ts`
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { invariant } from '../shared/errors.ts';

interface Penguin {
  readonly Species: string;
  readonly Island: string;
  readonly 'Beak Length (mm)': number | null;
  readonly 'Beak Depth (mm)': number | null;
  readonly 'Flipper Length (mm)': number | null;
  readonly 'Body Mass (g)': number | null;
}

const header = 'Island,CulmenLength,CulmenDepth,FlipperLength,BodyMass,Species';

/** The lab's codes: index in this list. */
const speciesByCode = ['Adelie', 'Gentoo', 'Chinstrap'];

export function penguinsCsv(): string {
  const source = new URL('../../node_modules/vega-datasets/data/penguins.json', import.meta.url);
  const penguins = JSON.parse(readFileSync(source, 'utf8')) as Penguin[];
  const rows = penguins.map((penguin) => ({ code: codeOf(penguin), line: lineOf(penguin) }));
  const sorted = rows.sort((a, b) => a.code - b.code); // stable: file order within a species
  return [header, ...sorted.map(({ line }) => line), ''].join('\n');
}

function codeOf({ Species }: Penguin): number {
  const code = speciesByCode.indexOf(Species);
  invariant(code >= 0, `vega-datasets has the unknown species ${Species}`);
  return code;
}

function lineOf(penguin: Penguin): string {
  return [
    penguin.Island,
    penguin['Beak Length (mm)'] ?? '',
    penguin['Beak Depth (mm)'] ?? '',
    penguin['Flipper Length (mm)'] ?? '',
    penguin['Body Mass (g)'] ?? '',
    codeOf(penguin),
  ].join(',');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const file = fileURLToPath(new URL('../../samples/penguins/penguins.csv', import.meta.url));
  writeFileSync(file, penguinsCsv());
}
