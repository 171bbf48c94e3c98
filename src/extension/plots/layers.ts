/** In which order and how the lines of a chart are drawn over each other. */
import { plainLine, type LineStyle } from '../../plotData/raster.ts';
import type { DrawWish, DrawnLine } from '../../shared/protocol/views/lossPlot.ts';
import type { ChartLine } from './chartLines.ts';

export interface Layer extends DrawnLine {
  readonly line: ChartLine;
  readonly smoothing: number;
}

/** With smoothing every line is there twice: its values faint, their average over them. */
export function layersOf(lines: readonly ChartLine[], smoothing: number): readonly Layer[] {
  const hasEpochs = lines.some(({ kind }) => kind !== 'step');
  const layer = (line: ChartLine, weight: number, faint: boolean): Layer => {
    const { run, kind } = line;
    return { run, kind, faint, line, smoothing: weight };
  };
  if (smoothing === 0) {
    return lines.map((line) => layer(line, 0, line.kind === 'step' && hasEpochs));
  }
  const values = lines.map((line) => layer(line, 0, true));
  return [...values, ...lines.map((line) => layer(line, smoothing, false))];
}

/** Layers of one kind that follow each other, faint ones apart: all are drawn alike. */
export interface LayerGroup extends Omit<DrawnLine, 'run'> {
  readonly style: LineStyle;
  readonly layers: readonly Layer[];
}

export function groupsOf(layers: readonly Layer[], wish: DrawWish): readonly LayerGroup[] {
  const starts = layers.flatMap((layer, i) => (isAlike(layer, layers[i - 1]) ? [] : [i]));
  return starts.map((start, i) => {
    const { kind, faint } = layers[start]!;
    const style = styleOf(layers[start]!, wish, layers.length);
    return { kind, faint, style, layers: layers.slice(start, starts[i + 1]) };
  });
}

function isAlike({ kind, faint }: Layer, before: Layer | undefined): boolean {
  return before?.kind === kind && before.faint === faint;
}

/** Lines of many runs are thin, without dots and dashes: those of all would be stripes. */
const manyLayers = 60;

/** A run that was stepped once or a few times: a line of so few pixels would not be found. */
const fewSteps = 12;

/** The values of steps are always drawn as they are: the very pixels that all points touch, and dots on the first few. */
function styleOf(
  { faint, kind, smoothing }: Layer,
  { lineWidth }: DrawWish,
  layers: number,
): LineStyle {
  const many = layers > manyLayers;
  const size = many ? 0 : 2 * lineWidth + 1;
  const ofSteps = { dot: size, dotted: fewSteps };
  if (kind === 'step' && smoothing === 0) return { ...plainLine, ...ofSteps };
  if (faint) return plainLine;
  const dash = kind === 'validation' && !many ? { on: 4 * lineWidth, off: 2 * lineWidth } : null;
  const dots = kind === 'step' ? ofSteps : { dot: size, dotted: Infinity };
  return { width: many ? 1 : lineWidth, dash, ...dots };
}
