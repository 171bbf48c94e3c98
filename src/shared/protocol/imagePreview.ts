/** A training image, and what augmentation makes of it in some epochs: exactly what training sees there. */

export interface PreviewWish {
  /** The config. */
  readonly file: string;
  /** Among the training images, from 0; beyond the last it begins again. */
  readonly image: number;
  /** The first epoch to show, from 0, and how many. */
  readonly epoch: number;
  readonly count: number;
}

export interface ImagePreview {
  /** As shown, which of how many training images. */
  readonly image: number;
  readonly images: number;
  /** Name of its class, or its number; null where it has several numbers. */
  readonly label: string | null;
  readonly original: Picture;
  /** One for each epoch; none where nothing is changed at random. */
  readonly changed: readonly Picture[];
  /** Names of the transforms. */
  readonly transforms: readonly string[];
}

export interface Picture {
  readonly height: number;
  readonly width: number;
  /** Red, green, blue, alpha, row by row. */
  readonly rgba: Uint8Array;
}
