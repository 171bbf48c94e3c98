/** 5. Backward: gradients layer by layer from the end, then one weight and how the optimizer moves it. */
import { optimizerFormula } from '../../src/shared/explain/optimizerFormula.ts';
import { fillIn, formatCount } from '../../src/shared/numberFormat.ts';
import type {
  ExplainedLayer,
  ExplainedUpdate,
  ExplainedWeight,
  GradientParts,
} from '../../src/shared/protocol/explainStep.ts';
import type { ExplainText } from '../../src/shared/protocol/views/explain.ts';
import { textTable } from '../kit/dataGrid.ts';
import { element } from '../kit/dom.ts';
import { table } from '../kit/table.ts';
import { count, formulaList, number, paragraph, tint, type Drawing } from './drawing.ts';
import { unitName } from './names.ts';
import { mapPicture } from './mapPicture.ts';
import { stripOf } from './strip.ts';
import { weightChooser, weightName } from './weightChooser.ts';

export function backwardPart(drawing: Drawing): HTMLElement[] {
  const { step, texts } = drawing;
  const layers = step.layers.toReversed();
  const { weight } = step.update;
  return [
    paragraph(texts.backwardText),
    gradientTable(drawing, layers),
    ...layers.flatMap((layer) => signalStrip(drawing, layer)),
    ...(weight === null ? [] : weightPart(drawing, weight)),
  ];
}

function gradientTable(drawing: Drawing, layers: readonly ExplainedLayer[]): HTMLElement {
  const { texts } = drawing;
  const largest = Math.max(
    0,
    ...layers.flatMap(({ parameters }) => parameters.map((each) => each.gradient)),
  );
  const rows = layers.flatMap(({ parameters }) =>
    parameters.map(({ name, shape, size, gradient, change }) => {
      const text = number(drawing, gradient);
      const bar = element('span', { className: 'size', text });
      tint(bar, gradient, largest);
      const sizes = shape.join(' × ');
      return [`${name} (${sizes})`, number(drawing, size), bar, number(drawing, change)];
    }),
  );
  const head = [texts.tensor, texts.size, texts.gradient, texts.change];
  const made = table({ head, rows, label: texts['title.backward'] });
  made.id = 'gradients';
  return made;
}

function signalStrip(drawing: Drawing, layer: ExplainedLayer): HTMLElement[] {
  const { name, signal, signalMaps, parameters } = layer;
  if (signal === null || parameters.length === 0) return [];
  const title = fillIn(drawing.texts.signal, name);
  if (signalMaps !== null) {
    return [mapPicture(drawing, { maps: signalMaps, title, key: `${name}-signal` })];
  }
  const nameOf = (i: number) => unitName(drawing, layer, i);
  return [stripOf(drawing, { title, strip: signal, nameOf, key: `${name}-signal` })];
}

function weightPart(drawing: Drawing, weight: ExplainedWeight): HTMLElement[] {
  const { step, texts, locale } = drawing;
  const { update } = step;
  const format = (value: number) => number(drawing, value);
  const lines = optimizerFormula(update, weight, format);
  const name = update.optimizer.type;
  const [before, after] = [weight.before, weight.after].map(format);
  const result = element('p', { id: 'update', text: `w: ${before} → ${after}` });
  result.lang = locale;
  return [
    element('h3', { id: 'weight', text: texts.weightTitle }),
    weightChooser(drawing, weight),
    element('p', { className: 'lead', text: weightName(drawing, weight) }),
    ...(weight.parts === null
      ? []
      : [paragraph(texts.parts), parts(drawing, weight, weight.parts)]),
    ...gatheringTexts(drawing, weight),
    ...(waits(update)
      ? []
      : [paragraph(texts.update, name), paragraph(texts[optimizerText(update.optimizer)])]),
    ...(update.optimizer.use_ema ? [paragraph(texts.averaging)] : []),
    paragraph(texts.letters),
    formulaList(drawing, lines),
    result,
  ];
}

/** What happens to the gradient of this batch before the optimizer gets it. */
function gatheringTexts({ step, texts, locale }: Drawing, weight: ExplainedWeight): HTMLElement[] {
  const { gathering } = step.update;
  if (gathering === null) return weight.slope === weight.gradient ? [] : [paragraph(texts.clipped)];
  const counts = [gathering.taken, gathering.steps].map((each) => formatCount(each, locale));
  const outcome = waits(step.update) ? texts['gathering.waits'] : texts['gathering.due'];
  return [
    element('p', { id: 'gathering', text: fillIn(texts.gathering, ...counts) }),
    paragraph(outcome),
  ];
}

export function waits({ gathering }: ExplainedUpdate): boolean {
  return gathering !== null && gathering.taken < gathering.steps;
}

function parts(
  drawing: Drawing,
  { slope, gradient }: ExplainedWeight,
  { rows, more }: GradientParts,
): HTMLElement {
  const { texts } = drawing;
  const lines: string[][] = rows.map(({ row, input, signal }) => [
    count(drawing, row + 1),
    ...[input, signal, input * signal].map((each) => number(drawing, each)),
  ]);
  if (more !== null) {
    const text = fillIn(texts.moreRows, count(drawing, more.count));
    lines.push([text, '', '', number(drawing, more.sum)]);
  }
  const isFinal = drawing.step.update.gathering === null && slope === gradient;
  lines.push([`${texts.gradient} ${isFinal ? 'g' : 'b'}`, '', '', number(drawing, slope)]);
  const made = textTable({
    head: [texts.row, texts.input, texts.unitSignal, texts.product],
    rows: lines,
    label: texts.gradient,
  });
  made.querySelector('vscode-data-grid-row:last-child')?.classList.add('total');
  return made;
}

function optimizerText(optimizer: ExplainedUpdate['optimizer']): ExplainText {
  if (optimizer.type === 'SGD' && optimizer.momentum > 0) return 'optimizer.momentum';
  return `optimizer.${optimizer.type}`;
}
