/**
 * Golden files: readable text beside the test, one per case. A difference leaves `<name>.actual` beside the golden;
 * TRAINBENCH_UPDATE_GOLDEN=1 rewrites it. A missing golden fails, so none is ever made by accident.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

export function checkGolden(file: string, actual: string): void {
  const text = actual.endsWith('\n') ? actual : `${actual}\n`;
  const actualFile = `${file}.actual`;
  if (process.env['TRAINBENCH_UPDATE_GOLDEN'] === '1') writeFileSync(file, text);
  const expected = existsSync(file) ? readFileSync(file, 'utf8') : null;
  rmSync(actualFile, { force: true });
  if (expected === text) return;
  writeFileSync(actualFile, text);
  assert.notEqual(expected, null, `${file} is missing; its text is in ${actualFile}`);
  assert.equal(text, expected);
}
