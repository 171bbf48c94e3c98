/**
 * What layers over images and sequences share. A sequence [steps, channels] is an image of one row, so all of
 * them are lowered in two dimensions.
 */
import { say } from '../../shared/language.ts';
import type { Shape } from '../../shared/tensor/tensorType.ts';
import { type IncomingTensor, type LayerProblem, printBatch } from './layer.ts';

/** Rows and columns. */
export type Pair = readonly [number, number];

/** Of a sequence or of an image. */
export type Dimensions = 1 | 2;

const wanted = {
  1: { axes: '[batch, steps, channels]', example: '[100, 1]' },
  2: { axes: '[batch, rows, columns, channels]', example: '[28, 28, 1]' },
} as const;

/** Null when `input` has the axes it should have, and values along each. */
export function imageProblem(
  dimensions: Dimensions,
  { shape, from }: IncomingTensor,
): LayerProblem | null {
  if (shape.length === dimensions + 1) return null;
  const { axes, example } = wanted[dimensions];
  return {
    problem: say`expects ${axes}, gets ${printBatch(shape)} from ${from}`,
    path: [],
    hint: say`put a Reshape layer before it, with \`target_shape: ${example}\`, say`,
  };
}

/** [rows, columns, channels] of a sequence or an image. */
export function imageShape(shape: Shape): readonly [number, number, number] {
  const [channels = 0, columns = 0, rows = 1] = [...shape].reverse();
  return [rows, columns, channels];
}

/** The way back: of a sequence without the one row. */
export function withoutRow(
  dimensions: Dimensions,
  [rows, columns]: Pair,
  channels: number,
): number[] {
  return dimensions === 1 ? [columns, channels] : [rows, columns, channels];
}

/** What a config says for rows and columns; of a sequence for its steps, with `row` for the one row. */
export function asPair(dimensions: Dimensions, value: number | readonly number[], row = 1): Pair {
  if (dimensions === 1) return [row, Number(value)];
  const [rows, columns = rows] = typeof value === 'number' ? [value] : value;
  return [rows!, columns!];
}
