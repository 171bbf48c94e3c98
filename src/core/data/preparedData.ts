/** What reading and preparing a data set gives: float rows by split, and how to prepare further rows alike. */
import type { Shape } from '../../shared/tensor/tensorType.ts';
import type { AugmentedImages, InputScale, TargetSpec } from '../graph/model.ts';
import type { HeadRow } from './headRows.ts';
import type { Preprocessing } from './preprocessing.ts';

export interface SplitData {
  readonly rows: number;
  /** [rows, ...shape of a sample as the data have it], row-major: inputShape but for images that are cropped. */
  readonly x: Float32Array | Uint8Array;
  /** Int32Array [rows] for classes, Float32Array [rows, width] for numbers. */
  readonly y: Int32Array | Float32Array;
  /** Of each row its number in the data file, from 0, where that is known. */
  readonly places?: Uint32Array;
}

export interface PreparedData {
  /** As in ModelContext, as are the next two. */
  readonly inputShape: Shape;
  readonly inputScale?: InputScale | null;
  readonly augmented?: AugmentedImages | null;
  readonly target: TargetSpec;
  readonly train: SplitData;
  readonly validation: SplitData;
  readonly test: SplitData | null;
  /** Plain data; stored in the run and used by predict and evaluate. */
  readonly preprocessing: Preprocessing;
  readonly source: DataSource;
  /** The first rows of a table; of images none. */
  readonly head: readonly HeadRow[];
}

export interface DataSource {
  readonly file: string;
  readonly sha256: string;
  /** Rows in the file, and how many were left out because of missing values. */
  readonly rows: number;
  readonly droppedRows: number;
}
