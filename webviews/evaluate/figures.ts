/** Loss and metrics beside those of a guess and those that the training recorded. */
import { fillIn, formatCount } from '../../src/shared/numberFormat.ts';
import type { Evaluation } from '../../src/shared/protocol/evaluation.ts';
import { textTable } from '../kit/dataGrid.ts';
import { number, type Drawing } from './drawing.ts';

export function figuresTable(
  { loss, metrics, baseline, recorded, part, rows }: Evaluation,
  drawing: Drawing,
): HTMLElement {
  const { texts, locale } = drawing;
  const here = `${part === 'file' ? texts.here : texts[`part.${part}`]} (${formatCount(rows, locale)})`;
  const head = [texts.metric, here];
  if (baseline !== null) head.push(texts.baseline);
  if (recorded !== null) {
    const epoch = formatCount(recorded.epoch, locale);
    head.push(fillIn(texts.recordedValidation, epoch), fillIn(texts.recordedTrain, epoch));
  }
  const line = (name: string, value: number, key: string) => [
    name,
    number(value, drawing),
    ...(baseline === null ? [] : [number(baseline.metrics[key], drawing)]),
    ...(recorded === null
      ? []
      : [
          number(key === 'loss' ? recorded.val_loss : recorded.metrics[`val_${key}`], drawing),
          number(key === 'loss' ? recorded.loss : recorded.metrics[key], drawing),
        ]),
  ];
  const lines = Object.entries(metrics).map(([name, value]) => line(name, value, name));
  return textTable({ id: 'figures', head, rows: [line(texts.loss, loss, 'loss'), ...lines] });
}
