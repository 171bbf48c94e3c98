/** Where feature maps lie on a canvas, side by side in rows, and which value is under a point. No DOM. */
import type { FeatureMaps } from '../../src/shared/protocol/explainStep.ts';

/** CSS pixels: of the longer side of a map, of a value in it (one of 1 is hard to see, and to hit), and between maps. */
const wantedSide = 62;
const sizes = { least: 2, most: 14 };
const gap = 6;

export interface Tiling {
  /** Values of a map. */
  readonly rows: number;
  readonly columns: number;
  /** CSS pixels of a value. */
  readonly size: number;
  /** Maps in a row, and rows of maps. */
  readonly across: number;
  readonly down: number;
  readonly width: number;
  readonly height: number;
}

/** A value of a map; all are counted from 0. */
export interface MapPlace {
  readonly map: number;
  readonly row: number;
  readonly column: number;
}

/** `room`: CSS pixels that there are. */
export function tilingOf({ height, width, block, shown }: FeatureMaps, room: number): Tiling {
  const [rows, columns] = [Math.ceil(height / block), Math.ceil(width / block)];
  const wanted = Math.floor(wantedSide / Math.max(rows, columns));
  const size = Math.max(sizes.least, Math.min(sizes.most, wanted));
  const [stepX, stepY] = [columns * size + gap, rows * size + gap];
  const across = Math.max(1, Math.min(shown, Math.floor((room + gap) / stepX)));
  const down = Math.ceil(shown / across);
  return {
    rows,
    columns,
    size,
    across,
    down,
    width: across * stepX - gap,
    height: down * stepY - gap,
  };
}

/** Upper left corner of a map. */
export function cornerOf({ rows, columns, size, across }: Tiling, map: number) {
  return {
    x: (map % across) * (columns * size + gap),
    y: Math.floor(map / across) * (rows * size + gap),
  };
}

/** Null for what lies between maps or beyond the last. */
export function placeAt(tiling: Tiling, shown: number, x: number, y: number): MapPlace | null {
  const { rows, columns, size, across } = tiling;
  const [stepX, stepY] = [columns * size + gap, rows * size + gap];
  const [tileX, tileY] = [Math.floor(x / stepX), Math.floor(y / stepY)];
  const [column, row] = [Math.floor((x % stepX) / size), Math.floor((y % stepY) / size)];
  const map = tileY * across + tileX;
  const inside = x >= 0 && y >= 0 && tileX < across && map < shown;
  return inside && column < columns && row < rows ? { map, row, column } : null;
}

/** As if the maps were one grid without gaps, for the keyboard. */
export function cellOf({ rows, columns, across }: Tiling, { map, row, column }: MapPlace) {
  return {
    row: Math.floor(map / across) * rows + row,
    column: (map % across) * columns + column,
  };
}

export function placeOfCell(
  { rows, columns, across }: Tiling,
  shown: number,
  cell: { readonly row: number; readonly column: number },
): MapPlace | null {
  const map = Math.floor(cell.row / rows) * across + Math.floor(cell.column / columns);
  return map < shown ? { map, row: cell.row % rows, column: cell.column % columns } : null;
}

/** Into the outputs of the layer for the row: of a block the first value. */
export function unitOf({ width, channels, block }: FeatureMaps, place: MapPlace): number {
  return (place.row * block * width + place.column * block) * channels + place.map;
}

/** The way back; null for a unit of a map that is not shown. */
export function placeOfUnit(maps: FeatureMaps, unit: number): MapPlace | null {
  const { width, channels, block, shown } = maps;
  const map = unit % channels;
  const place = Math.floor(unit / channels);
  const [row, column] = [Math.floor(place / width), place % width];
  if (map >= shown) return null;
  return { map, row: Math.floor(row / block), column: Math.floor(column / block) };
}
