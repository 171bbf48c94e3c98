/** Before and after: each column as it is in the file, and the inputs that the model gets of it. */
import { fillIn, formatCount } from '../../src/shared/numberFormat.ts';
import { isMeasured } from '../../src/shared/protocol/columnKind.ts';
import type {
  ColumnReport,
  DataReport,
  FeatureReport,
  InputReport,
} from '../../src/shared/protocol/dataReport.ts';
import { element } from '../kit/dom.ts';
import { VirtualList } from '../kit/virtualList.ts';
import { numberHistogram } from './columnRow.ts';
import { valueBars } from './valueBars.ts';
import type { ViewContext } from './viewContext.ts';

const pictureSize = { width: 200, height: 76 };

function rowHeight(width: number): number {
  return width >= 700 ? 150 : 330;
}

export class ModelTab {
  readonly #context: ViewContext;
  readonly #summary = element('p');
  readonly #list: VirtualList<FeatureReport>;
  readonly panel: HTMLElement;
  #report: DataReport | null = null;

  constructor(context: ViewContext) {
    this.#context = context;
    this.#list = new VirtualList({ rowHeight, render: (feature) => this.#render(feature) });
    this.panel = element('div', {}, this.#summary, this.#list.node);
  }

  show(report: DataReport): void {
    const { texts, locale } = this.#context;
    const { features, inputWidth, inputs } = report.prepared!;
    this.#report = report;
    const counts = [features.length, inputWidth].map((count) => formatCount(count, locale));
    const bounded = inputs.length > 0 && inputWidth > inputs.length;
    const more = bounded ? ` ${fillIn(texts.inputsMore, formatCount(inputs.length, locale))}` : '';
    this.#summary.textContent = fillIn(texts.inputs, ...counts) + more;
    this.#list.show(features);
  }

  update(): void {
    this.#list.update();
  }

  /** In the colours of another theme. */
  redraw(): void {
    this.#list.redraw();
  }

  #render(feature: FeatureReport): HTMLElement {
    const { table, prepared } = this.#report!;
    const { texts } = this.#context;
    const { column: name, description, firstInput, width } = feature;
    const title = element('h3', { text: name, attributes: { title: name } });
    const what = element('p', { text: description, attributes: { title: description } });
    const column = table?.columns.find((each) => each.name === name);
    const inputs = prepared!.inputs.slice(firstInput, firstInput + width);
    const before = element('div', { className: 'before' });
    before.append(element('p', { className: 'note', text: texts.inFile }));
    if (column !== undefined) before.append(this.#before(column));
    const after = element('div', { className: 'after', attributes: { tabindex: '0' } });
    after.append(...inputs.map((input) => this.#after(input)));
    const words = element('div', { className: 'words' }, title, what);
    const arrow = element('span', { className: 'arrow', text: '→' });
    arrow.setAttribute('aria-label', texts.arrow);
    return element('article', { className: 'feature' }, words, before, arrow, after);
  }

  #before(column: ColumnReport): HTMLElement {
    const { name, numbers } = column;
    if (numbers === null || !isMeasured(column)) return valueBars(column, this.#context);
    return numberHistogram(name, numbers, this.#context, pictureSize);
  }

  #after({ name, numbers }: InputReport): HTMLElement {
    const title = element('p', { className: 'note', text: name, attributes: { title: name } });
    const picture = numberHistogram(name, numbers, this.#context, pictureSize);
    return element('div', { className: 'input' }, title, picture);
  }
}
