/** The scale's colours from the user's theme. */
import { element } from './dom.ts';
import type { Rgb, ScaleColors } from './scale.ts';

export function readScaleColors(): ScaleColors {
  const style = getComputedStyle(document.documentElement);
  const color = (name: string, fallback: string) =>
    toRgb(style.getPropertyValue(`--vscode-${name}`).trim() || fallback);
  return {
    negative: color('charts-blue', '#3794ff'),
    zero: color('editor-background', '#1e1e1e'),
    positive: color('charts-red', '#f14c4c'),
    nan: color('charts-yellow', '#cca700'),
  };
}

/** A theme may write a colour in any form of CSS: the canvas knows them all. */
function toRgb(css: string): Rgb {
  const context = element('canvas').getContext('2d')!;
  context.fillStyle = css;
  context.fillRect(0, 0, 1, 1);
  const [r, g, b] = context.getImageData(0, 0, 1, 1).data;
  return [r!, g!, b!];
}
