/** 6. The loss of the same rows after the update; and the words of the page. */
import { fillIn } from '../../src/shared/numberFormat.ts';
import { explainedWords } from '../../src/shared/protocol/views/explain.ts';
import { element } from '../kit/dom.ts';
import { waits } from './backwardPart.ts';
import { number, paragraph, type Drawing } from './drawing.ts';

export function afterPart(drawing: Drawing): HTMLElement[] {
  const { step, texts } = drawing;
  const { batch, after } = step.loss;
  const [before, later] = [batch, after].map((loss) => number(drawing, loss));
  const moved = after < batch ? 'better' : after > batch ? 'worse' : 'same';
  const outcome = waits(step.update) ? 'waits' : moved;
  return [
    element('p', { id: 'after', text: fillIn(texts.afterText, before!, later!) }),
    paragraph(texts[`after.${outcome}`]),
  ];
}

export function wordsPart({ texts }: Pick<Drawing, 'texts'>): HTMLElement[] {
  return explainedWords.map((word) => {
    const about = texts[`about.${word}`];
    const summary = element('summary', {
      text: texts[`word.${word}`],
      attributes: { title: about },
    });
    const attributes = { 'data-key': `word-${word}` };
    return element('details', { attributes }, summary, element('p', { text: about }));
  });
}
