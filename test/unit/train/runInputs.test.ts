/** What a run says of its inputs, as a form needs it. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { runInputs } from '../../../src/core/train/runInputs.ts';
import { createTinyProject, type TinyOptions } from '../../kit/tinyProject.ts';
import { train, trainingBackends } from '../../kit/trainRun.ts';

const createBackend = trainingBackends.reference;

async function inputsOf(options: TinyOptions, csv?: string) {
  const project = createTinyProject({ epochs: 1, ...options });
  try {
    if (csv !== undefined) writeFileSync(path.join(project.folder, 'tiny.csv'), csv);
    const { run } = await train(project, { createBackend });
    return await runInputs(run.info.directory);
  } finally {
    project.remove();
  }
}

describe('inputs of a run', () => {
  it('have the range of the training rows and the row that the config predicts', async () => {
    const { name, target, fields, example } = await inputsOf({});
    assert.deepEqual({ name, target }, { name: 'tiny', target: 'side' });
    assert.deepEqual(example, { x: 0.1, y: 0.9 });
    for (const field of fields) {
      assert.ok(field.kind === 'number' && field.range !== null && field.fill === null);
      assert.ok(field.range.min >= 0 && field.range.min < 0.2, String(field.range.min));
      assert.ok(field.range.max <= 1 && field.range.max > 0.8, String(field.range.max));
    }
  });

  const rows = ['red,10,0', 'blue,20,1', 'red,30,0', 'blue,,1', 'red,50,0', 'blue,60,1'];
  const csv = ['x,y,side', ...rows, ''].join('\n');
  const edit = (yaml: string) =>
    yaml
      .replace(
        '[x, y]',
        '[{ name: x, encode: ordinal }, { name: y, scale: 0.1, normalize: zscore }]',
      )
      .replace('target: side', 'target: side\n  missing: mean');
  const withoutPredict = (yaml: string) => edit(yaml).replace(/predict:\n.*\n/, '');
  const byIndex = (yaml: string) => edit(yaml).replace('x: 0.1', 'x: 1');

  it('have the names of categories, what stands in for a missing value, and a row of the file', async () => {
    const { fields, example } = await inputsOf({ edit: withoutPredict }, csv);
    const [color, size] = fields;
    assert.ok(color?.kind === 'category');
    assert.deepEqual(color.categories, ['blue', 'red']);
    assert.ok(size?.kind === 'number' && typeof size.fill === 'number' && size.range !== null);
    assert.ok(size.range.min >= 10 && size.range.max <= 60);
    const found = rows.map((row) => row.split(',').slice(0, 2).join());
    assert.ok(found.includes(`${String(example['x'])},${String(example['y'] ?? '')}`));
  });

  it('name the category that the config gives by its index', async () => {
    const { example } = await inputsOf({ edit: byIndex }, csv);
    assert.deepEqual(example, { x: 'red', y: 0.9 });
  });
});
