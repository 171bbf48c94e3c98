/** Short pieces of what a step stored: nothing is copied that is not shown. */
import type { Strip } from '../../../shared/protocol/explainStep.ts';
import { elementCount } from '../../../shared/tensor/tensorType.ts';
import type { Stored } from './explainProgram.ts';
import type { WorkedStep } from './workedStep.ts';

const longestStrip = 64;

/** Values of one row of `[rows, ...]`. */
export function rowWidth({ shape }: Stored): number {
  return elementCount(shape.slice(1));
}

export async function rowStrip(worked: WorkedStep, stored: Stored, row: number): Promise<Strip> {
  const count = rowWidth(stored);
  const values = await worked.read(stored.buffer, row * count, Math.min(count, longestStrip));
  return { values, count };
}

/** One value of a row, or of a tensor with row 0. */
export async function valueAt(
  worked: WorkedStep,
  stored: Stored,
  { row, index }: { readonly row: number; readonly index: number },
): Promise<number> {
  const [value] = await worked.read(stored.buffer, row * rowWidth(stored) + index, 1);
  return value!;
}

/** The single value of a scalar. */
export async function scalar(worked: WorkedStep, { buffer }: Stored): Promise<number> {
  return (await worked.read(buffer, 0, 1))[0]!;
}

/** Rows to show, around the one that is looked at. */
export function rowWindow(rows: number, row: number): readonly number[] {
  const count = Math.min(rows, mostRows);
  const first = Math.max(0, Math.min(rows - count, row - Math.floor(mostRows / 2)));
  return Array.from({ length: count }, (_, i) => first + i);
}

const mostRows = 20;
