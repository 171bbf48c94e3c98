/** The colours of lines: of one run by what they show, of several by their run. */
import type { DrawnLine, DrawnLines } from '../../src/shared/protocol/views/lossPlot.ts';
import type { ChartColors } from '../kit/theme.ts';

export interface ColorWish {
  readonly colors: ChartColors;
  /** How many runs the plot has. */
  readonly runs: number;
  /** Which of them stands out; null for none. */
  readonly raised: number | null;
}

const loweredShare = 18;

/** Of line i + 1 of a drawing at place i + 1; 0 is transparent. @returns [lines + 1] of RGBA in memory order. */
export function paletteOf(lines: readonly DrawnLines[], wish: ColorWish): Uint32Array {
  const palette = new Uint32Array(countLines(lines) + 1);
  let layer = 0;
  for (const { kind, faint, runs } of lines) {
    for (const run of runs) palette[++layer] = pixelColor(cssColor({ run, kind, faint }, wish));
  }
  return palette;
}

export function countLines(lines: readonly DrawnLines[]): number {
  return lines.reduce((sum, { runs }) => sum + runs.length, 0);
}

export function cssColor({ run, kind, faint }: DrawnLine, wish: ColorWish): string {
  const { colors, runs, raised } = wish;
  const one = kind === 'validation' ? colors.validation : colors.training;
  const color = runs > 1 ? runColor(colors, run) : one;
  if (raised !== null && raised !== run) return mixed(color, loweredShare);
  return faint ? mixed(color, colors.faintShare) : color;
}

/** The theme has few colours; further rounds of them are nearer to the text's. */
export function runColor({ palette, foreground }: ChartColors, run: number): string {
  const color = palette[run % palette.length]!;
  const share = [100, 62, 38][Math.floor(run / palette.length) % 3]!;
  return share === 100 ? color : `color-mix(in srgb, ${color} ${share}%, ${foreground})`;
}

function mixed(color: string, share: number): string {
  return `color-mix(in srgb, ${color} ${share}%, transparent)`;
}

const known = new Map<string, number>();
let probe: CanvasRenderingContext2D | null = null;

/** What a canvas makes of a CSS colour. */
function pixelColor(css: string): number {
  const found = known.get(css);
  if (found !== undefined) return found;
  probe ??= newProbe();
  probe.clearRect(0, 0, 1, 1);
  probe.fillStyle = css;
  probe.fillRect(0, 0, 1, 1);
  const { data } = probe.getImageData(0, 0, 1, 1);
  const pixel = new Uint32Array(data.buffer)[0]!;
  known.set(css, pixel);
  return pixel;
}

function newProbe(): CanvasRenderingContext2D {
  const canvas = document.createElement('canvas');
  canvas.width = 1;
  canvas.height = 1;
  return canvas.getContext('2d', { willReadFrequently: true })!;
}
