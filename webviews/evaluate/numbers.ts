/** Predicted against true numbers, and how far they are apart. */
import { fillIn, formatValue } from '../../src/shared/numberFormat.ts';
import type { NumberOutcome, PredictedNumber } from '../../src/shared/protocol/evaluation.ts';
import { element } from '../kit/dom.ts';
import { Histogram } from '../kit/histogram.ts';
import { readChartColors } from '../kit/theme.ts';
import { number, type Drawing } from './drawing.ts';

const side = 320;
const room = 4;

export function numbersPart({ targets }: NumberOutcome, drawing: Drawing): HTMLElement[] {
  return targets.map((target) =>
    element(
      'section',
      { className: 'number' },
      scatter(target, drawing),
      residuals(target, drawing),
    ),
  );
}

function scatter(target: PredictedNumber, drawing: Drawing): HTMLElement {
  const { texts } = drawing;
  const title = fillIn(texts.scatter, target.name);
  const attributes = { role: 'img', 'aria-label': `${title}. ${texts.scatterText}` };
  const canvas = element('canvas', { className: 'scatter', attributes });
  const all = [...target.actual, ...target.predicted].filter(Number.isFinite);
  const range = { min: Infinity, max: -Infinity };
  for (const value of all) {
    range.min = Math.min(range.min, value);
    range.max = Math.max(range.max, value);
  }
  paint(canvas, target, range);
  const { min, max } = range;
  const ends = [min, max].map((value) => element('span', { text: number(value, drawing) }));
  return element(
    'div',
    {},
    element('h2', { text: title }),
    element('p', { text: texts.scatterText }),
    canvas,
    element('p', { className: 'ends' }, ...ends),
  );
}

function paint(
  canvas: HTMLCanvasElement,
  { actual, predicted }: PredictedNumber,
  { min, max }: { readonly min: number; readonly max: number },
): void {
  const scale = window.devicePixelRatio;
  canvas.width = canvas.height = side * scale;
  const context = canvas.getContext('2d')!;
  context.scale(scale, scale);
  const colors = readChartColors();
  const size = side - 2 * room;
  const at = (value: number) => room + (max > min ? (value - min) / (max - min) : 0.5) * size;
  context.strokeStyle = colors.grid;
  context.strokeRect(0.5, 0.5, side - 1, side - 1);
  context.strokeStyle = colors.baseline;
  context.beginPath();
  context.moveTo(room, side - room);
  context.lineTo(side - room, room);
  context.stroke();
  context.fillStyle = colors.training;
  context.globalAlpha = colors.pointOpacity;
  actual.forEach((value, i) => {
    context.fillRect(at(value) - 1.5, side - at(predicted[i]!) - 1.5, 3, 3);
  });
}

function residuals({ residuals: spread }: PredictedNumber, drawing: Drawing): HTMLElement {
  const { texts, locale } = drawing;
  const format = (value: number) => formatValue(value, locale);
  const histogram = new Histogram({
    width: side,
    height: 160,
    locale,
    format,
    binText: texts.binText,
  });
  const text =
    spread === null ? '' : fillIn(texts.residualsText, format(spread.mean), format(spread.std));
  histogram.draw(spread, `${texts.residuals}. ${text}`);
  const title = element('h2', { text: texts.residuals });
  return element('div', { id: 'residuals' }, title, element('p', { text }), histogram.node);
}
