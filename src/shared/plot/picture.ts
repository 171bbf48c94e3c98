/**
 * A drawn plot on its way to the view: which layer is on top at each pixel, as runs of equal pixels. Noise makes
 * tall ones, smooth lines make wide ones: they lie along what makes fewer of them. One line of a live run is some
 * ten kilobytes; a thousand lines are never more than the pixels of the plot. The view gives the layers their colours.
 */

/** [2 * n]: pairs of how many pixels, and their layer: 0 where there is none, else its number from 1. */
export type PictureRuns = Uint16Array;

export interface Picture {
  /** Size in pixels. */
  readonly columns: number;
  readonly rows: number;
  /** Column after column from the left, each from top to bottom; or row after row from the top, from left to right. */
  readonly along: 'columns' | 'rows';
  readonly runs: PictureRuns;
}

/** Layers are numbered with 16 bits, 0 is none. */
export const mostLayers = 65_535;

/**
 * Colours a picture.
 * @param palette [layers + 1] of one colour each, for layer 0 what shows nothing
 * @param pixels [rows * columns] row by row, all of it is written
 */
export function paintPicture(picture: Picture, palette: Uint32Array, pixels: Uint32Array): void {
  if (picture.along === 'rows') paintRows(picture, palette, pixels);
  else paintColumns(picture, palette, pixels);
}

function paintRows({ runs }: Picture, palette: Uint32Array, pixels: Uint32Array): void {
  let at = 0;
  for (let i = 0; i < runs.length; i += 2) {
    const end = at + runs[i]!;
    pixels.fill(palette[runs[i + 1]!]!, at, end);
    at = end;
  }
}

function paintColumns(
  { columns, rows, runs }: Picture,
  palette: Uint32Array,
  pixels: Uint32Array,
): void {
  let [column, row] = [0, 0];
  for (let i = 0; i < runs.length; i += 2) {
    const color = palette[runs[i + 1]!]!;
    const end = row + runs[i]!;
    for (let at = row * columns + column; row < end; row++, at += columns) pixels[at] = color;
    if (row < rows) continue;
    row = 0;
    column++;
  }
}
