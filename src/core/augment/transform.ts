/**
 * What a random transform of images is: how many uniform numbers it draws for each image, and what it does to a batch
 * with them. A transform is a tensor program, so it gives the same on every backend, and it knows of an image nothing
 * but that image and its draws, so it does not matter which images share a batch.
 */
import type { Builder, Operand } from '../ir/builder.ts';
import type { Node } from '../ir/program.ts';
import type { Affine } from './affine.ts';

/** Rows and columns. */
export type Size = readonly [height: number, width: number];

/** f32 [batch] each: uniform in [0, 1), independent. */
export type Draws = readonly Node[];

export type Transform = Geometric | Pixelwise;

/** Moves pixels; neighbours in the list that fill alike become one resampling. */
export interface Geometric {
  readonly kind: 'geometric';
  /** Numbers drawn for each image. */
  readonly draws: number;
  /** Null where nothing from outside of the image is ever needed. */
  readonly fill: Fill | null;
  readonly sizeAfter: (before: Size) => Size;
  readonly matrix: (b: Builder, draws: Draws, before: Size) => Affine;
  /** What becomes of images where nothing is random; null: nothing. */
  readonly still: ((before: Size) => Affine) | null;
}

export interface Fill {
  readonly mode: 'reflect' | 'wrap' | 'constant' | 'nearest';
  readonly value: number;
  readonly interpolation: 'bilinear' | 'nearest';
}

/** Changes values where they are. */
export interface Pixelwise {
  readonly kind: 'pixelwise';
  readonly draws: number;
  /** x: f32 [batch, height, width, channels]. */
  readonly apply: (b: Builder, x: Node, draws: Draws) => Node;
}

/** Uniform in [lower, upper); a draw of an empty range is no draw. */
export function uniform(b: Builder, draw: Node, [lower, upper]: Range): Operand {
  return lower === upper ? lower : b.add(b.mul(draw, upper - lower), lower);
}

export type Range = readonly [lower: number, upper: number];

/** `[lower, upper]` of a factor as the config has it; `f` stands for [lowest(f), f]. */
export function rangeOf(factor: number | readonly number[], lowest: (f: number) => number): Range {
  return typeof factor === 'number' ? [lowest(factor), factor] : [factor[0]!, factor[1]!];
}
