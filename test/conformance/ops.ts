/** The op table: every backend must give these values, and every gradient must match differences. */
import { compositeCases } from './cases/composite.ts';
import { contractionCases } from './cases/contraction.ts';
import { elementwiseCases } from './cases/elementwise.ts';
import { movementCases } from './cases/movement.ts';
import { windowCases } from './cases/windows.ts';
import type { OpCase } from './opCase.ts';

export const ops: readonly OpCase[] = [
  ...elementwiseCases,
  ...movementCases,
  ...contractionCases,
  ...windowCases,
  ...compositeCases,
];
