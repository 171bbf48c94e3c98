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
import { barsHeight, valueBars } from './valueBars.ts';
import type { ViewContext } from './viewContext.ts';

const pictureSize = { width: 200, height: 76 };

/** CSS pixels, as lookAtData.css lays a row out: side by side, or in a narrow tab one below the other. */
const sideBySide = 700;
const besideInputs = 510;
const input = { width: pictureSize.width + 18, height: 126 };
/** Of the inputs of a column; what is below is scrolled to. */
const mostLines = 3;

function rowHeight(width: number, { description }: FeatureReport, pictures: number): number {
  if (width >= sideBySide) return 24 + pictures;
  const lines = Math.min(6, Math.ceil((8 * description.length) / width));
  return 60 + 20 * lines + pictures;
}

/** A column of many categories has as many inputs: they go on in further lines. */
function inputsHeight(width: number, count: number): number {
  const room = width >= sideBySide ? width - besideInputs : width;
  const perLine = Math.max(1, Math.floor((room + 18) / input.width));
  return input.height * Math.min(mostLines, Math.max(1, Math.ceil(count / perLine)));
}

/** Of the picture of a column as it is, and the pictures of its inputs. */
function picturesHeight(width: number, column: ColumnReport | undefined, inputs: number): number {
  if (width >= sideBySide) return inputsHeight(width, inputs);
  if (column === undefined) return 0;
  const isPicture = column.numbers !== null && isMeasured(column);
  const before = isPicture ? pictureSize.height : barsHeight(column);
  return 24 + before + inputsHeight(width, inputs);
}

export class ModelTab {
  readonly #context: ViewContext;
  readonly #summary = element('p');
  readonly #list: VirtualList<FeatureReport>;
  readonly panel: HTMLElement;
  #report: DataReport | null = null;

  constructor(context: ViewContext) {
    this.#context = context;
    this.#list = new VirtualList({
      rowHeight: (width, feature) => {
        const pictures = picturesHeight(
          width,
          this.#columnOf(feature),
          this.#inputsOf(feature).length,
        );
        return rowHeight(width, feature, pictures);
      },
      render: (feature) => this.#render(feature),
    });
    this.panel = element('div', {}, this.#summary, this.#list.node);
  }

  show(report: DataReport): void {
    const { texts, locale } = this.#context;
    const { features, inputWidth, inputs } = report.prepared!;
    this.#report = report;
    const { areImages, inputShape } = report.prepared!;
    const counts = [features.length, inputWidth].map((count) => formatCount(count, locale));
    const bounded = inputs.length > 0 && inputWidth > inputs.length;
    const more = bounded ? ` ${fillIn(texts.inputsMore, formatCount(inputs.length, locale))}` : '';
    this.#summary.textContent = areImages
      ? fillIn(texts.inputsOfImages, inputShape.join(' × '), counts[1]!)
      : fillIn(texts.inputs, ...counts) + more;
    this.#list.show(features);
  }

  update(): void {
    this.#list.update();
  }

  /** In the colours of another theme. */
  redraw(): void {
    this.#list.redraw();
  }

  #columnOf({ column: name }: FeatureReport): ColumnReport | undefined {
    return this.#report?.table?.columns.find((each) => each.name === name);
  }

  #inputsOf({ firstInput, width }: FeatureReport): readonly InputReport[] {
    return this.#report!.prepared!.inputs.slice(firstInput, firstInput + width);
  }

  #render(feature: FeatureReport): HTMLElement {
    const { texts } = this.#context;
    const { column: name, description } = feature;
    const title = element('h3', { text: name, attributes: { title: name } });
    const what = element('p', { text: description, attributes: { title: description } });
    const column = this.#columnOf(feature);
    const inputs = this.#inputsOf(feature);
    const before = element('div', { className: 'before' });
    if (column !== undefined) {
      before.append(element('p', { className: 'note', text: texts.inFile }), this.#before(column));
    }
    const after = element('div', { className: 'after', attributes: { tabindex: '0' } });
    after.append(...inputs.map((input) => this.#after(input)));
    const words = element('div', { className: 'words' }, title, what);
    const arrow = element('span', { className: 'arrow', text: '→' });
    arrow.setAttribute('aria-label', texts.arrow);
    // Of an image there is only what becomes of it.
    const pictures = column === undefined && inputs.length === 0 ? [] : [before, arrow, after];
    const className = pictures.length === 0 ? 'feature wordy' : 'feature';
    return element('article', { className }, words, ...pictures);
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
