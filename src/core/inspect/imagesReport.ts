/** What a look at image data finds, before there is a config. */
import type { ImageData } from '../../shared/model/imageData.ts';

export interface ImagesReport {
  /** File or folder. */
  readonly place: string;
  readonly format: ImageData['format'];
  /** File of the labels, where the format does not find it by itself. */
  readonly labelsFile: string | null;
  /** Of one sample. Of images [height, width, channels]; those of several sizes are reported by their medians. */
  readonly shape: readonly number[];
  /** Smallest and largest [height, width]; null where all have one size. */
  readonly sizes: { readonly least: Size; readonly most: Size } | null;
  /** Bytes are pixels; other numbers have a range of their own. */
  readonly values: { readonly areBytes: boolean; readonly min: number; readonly max: number };
  readonly target: ImagesTarget;
  /** Samples for training, and of a part for tests that comes with them. */
  readonly train: number;
  readonly test: number;
  /** The part for tests is called `validation`: it is there to be validated on. */
  readonly testIsValidation: boolean;
  /** A file that prediction can be tried with; null where the samples are no files. */
  readonly example: string | null;
  /** Of classes: folders without images. */
  readonly notes: readonly string[];
}

export type Size = readonly [height: number, width: number];

export type ImagesTarget =
  | { readonly kind: 'classes'; readonly classes: readonly ImageClass[] }
  | {
      readonly kind: 'numbers';
      readonly width: number;
      readonly mean: number;
      readonly std: number;
    };

export interface ImageClass {
  readonly name: string;
  /** Training images. */
  readonly count: number;
}
