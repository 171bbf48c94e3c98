/** Whether the precision of the products is worth something on the device. */
import { say } from '../language.ts';
import { valueAt } from './configPath.ts';
import type { PlacedProblem } from './issues.ts';

export function checkPrecision({ written }: { readonly written: unknown }): PlacedProblem[] {
  const path = ['training', 'precision'];
  if (valueAt(written, path) !== 'mixed' || valueAt(written, ['training', 'device']) !== 'cpu') {
    return [];
  }
  const problem = {
    code: 'config.slowPrecision',
    message: say(
      'on the CPU `precision: mixed` gives the numbers of a GPU by rounding, and is slower than float32',
    ),
    hint: say('use `device: auto` or `webgpu`, or remove `precision`'),
    severity: 'warning',
  } as const;
  return [{ path, where: 'value', problem }];
}
