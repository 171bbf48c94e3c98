/** What a run wants to know of a row before it can say anything: for forms. */

/** One row of input by feature name, as a person or a JSON file gives it. */
export type InputRow = Readonly<Record<string, string | number | null>>;

export type InputField = NumberField | CategoryField | ImageField;

interface Field {
  readonly name: string;
  /** What stands in for a missing value; null where there must be one. */
  readonly fill: string | number | null;
}

export interface NumberField extends Field {
  readonly kind: 'number';
  /** Smallest and largest value of the training rows; null in runs that did not note them. */
  readonly range: { readonly min: number; readonly max: number } | null;
}

export interface CategoryField extends Field {
  readonly kind: 'category';
  readonly categories: readonly string[];
}

/** The path of a PNG or JPEG file. */
export interface ImageField extends Field {
  readonly kind: 'image';
}

/** An image as a model gets it. */
export interface InputImage {
  readonly height: number;
  readonly width: number;
  /** 1: grey; 3: red, green and blue. */
  readonly channels: number;
  /** [height, width, channels] */
  readonly pixels: Uint8Array;
}

export interface RunInputs {
  /** Of the run. */
  readonly name: string;
  /** In the order of the config. */
  readonly fields: readonly InputField[];
  /** The column that is predicted. */
  readonly target: string;
  /** The first row under `predict:` of the config, else a validation row; categories by name. */
  readonly example: InputRow;
}
