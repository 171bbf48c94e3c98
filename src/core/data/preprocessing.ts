/**
 * How raw rows become numbers: plain data, fitted once on the training split, stored in the run as JSON,
 * and applied alike to training, validation, evaluation and prediction.
 */
import type { TextEncodingName } from '../../shared/model/data.ts';
import type { ImageData } from '../../shared/model/imageData.ts';
import type { InputRow } from '../../shared/protocol/core.ts';
import type { Shape } from '../../shared/tensor/tensorType.ts';
import type { InputScale } from '../graph/model.ts';
import type { NumberMarks } from './numberForm.ts';

export type Preprocessing = TablePreprocessing | ImagePreprocessing;

/** Images, and arrays of numbers: every sample has the same shape. */
export interface ImagePreprocessing {
  readonly kind: 'images';
  /** As the config has it: further files are read alike. */
  readonly data: ImageData;
  /** Of one sample. */
  readonly shape: Shape;
  readonly scale: InputScale;
  readonly target: TargetTransform;
}

export function isImages(preprocessing: Preprocessing): preprocessing is ImagePreprocessing {
  return 'kind' in preprocessing;
}

export type FileFormat = 'csv' | 'json' | 'jsonl';

/** How a file of rows is read, as the `data` section has it. Runs of earlier versions have the first two. */
export interface RowFormat extends NumberMarks {
  readonly format: FileFormat;
  /** Of CSV; null to find it out. */
  readonly delimiter: string | null;
  readonly encoding?: TextEncodingName | undefined;
}

export interface TablePreprocessing {
  /** How further files of the same kind are read. */
  readonly reader: RowFormat;
  /** In the order of the model's input columns. */
  readonly features: readonly FeatureTransform[];
  readonly target: TargetTransform;
  /** A row of the data that was not trained on, if there is one. Runs of earlier versions have none. */
  readonly example?: InputRow;
}

export type FeatureTransform = NumberTransform | OrdinalTransform | OneHotTransform;

/** One input column: `affine(value)`. */
export interface NumberTransform {
  readonly kind: 'number';
  readonly name: string;
  readonly affine: Affine;
  /** Stands in for a missing value; null where missing values are not allowed. */
  readonly fill: number | null;
  /** Beside the number where it is written as text. */
  readonly unit?: string;
  /** Smallest and largest value of the training rows. Runs of earlier versions do not tell. */
  readonly seen?: { readonly min: number; readonly max: number };
}

/** One input column: `affine(index of the category)`. */
export interface OrdinalTransform {
  readonly kind: 'ordinal';
  readonly name: string;
  readonly categories: readonly string[];
  readonly affine: Affine;
  readonly fill: string | null;
}

/** An input column per category: 1 where the row has it, else 0. */
export interface OneHotTransform {
  readonly kind: 'one_hot';
  readonly name: string;
  readonly categories: readonly string[];
  readonly fill: string | null;
}

/** `(value * scale + offset - center) / divisor`, in float64, then rounded to float32. */
export interface Affine {
  readonly scale: number;
  readonly offset: number;
  /** Mean or minimum of the training rows (after scale and offset); 0 without normalisation. */
  readonly center: number;
  /** Standard deviation or range of the training rows; 1 without normalisation. */
  readonly divisor: number;
}

export type TargetTransform =
  /** Row i of `values` is the text in the file that means class i, shown to people as `names[i]`. */
  | {
      readonly kind: 'classes';
      readonly name: string;
      readonly values: readonly string[];
      readonly names: readonly string[];
    }
  /** One or several number columns, as they are. */
  | { readonly kind: 'numbers'; readonly names: readonly string[]; readonly unit?: string };

/** Input columns that a feature takes. */
export function featureWidth(feature: FeatureTransform): number {
  return feature.kind === 'one_hot' ? feature.categories.length : 1;
}

export function inputWidth(preprocessing: TablePreprocessing): number {
  return preprocessing.features.reduce((width, feature) => width + featureWidth(feature), 0);
}
