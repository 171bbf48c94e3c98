/** A training image, and what augmentation makes of it: other images and other draws at the press of a button. */
import { errorMessage } from '../../src/shared/errors.ts';
import { fillIn, formatCount } from '../../src/shared/numberFormat.ts';
import type { ImagePreview, Picture, PreviewWish } from '../../src/shared/protocol/imagePreview.ts';
import { button } from '../kit/button.ts';
import { element } from '../kit/dom.ts';
import type { ViewContext } from './viewContext.ts';

type Wish = Omit<PreviewWish, 'file'>;

/** Epochs shown at a time. */
const epochs = 11;
const first: Wish = { image: 0, epoch: 0, count: epochs };

export class ImagesTab {
  readonly #context: ViewContext;
  readonly #ask: (wish: Wish) => Promise<ImagePreview>;
  readonly #title = element('h2');
  readonly #words = element('p');
  readonly #pictures = element('div', { id: 'pictures' });
  readonly #draw = button({ id: 'another-draw', action: () => this.#move({ epoch: epochs }) });
  readonly #next = button({
    id: 'another-image',
    appearance: 'secondary',
    action: () => this.#move({ image: 1 }),
  });
  readonly panel = element(
    'div',
    {},
    element('div', { className: 'actions' }, this.#next, this.#draw),
    this.#title,
    this.#words,
    this.#pictures,
  );
  #file = '';
  #wish: Wish = first;
  #stale = true;

  constructor(context: ViewContext, ask: (wish: Wish) => Promise<ImagePreview>) {
    this.#context = context;
    this.#ask = ask;
    this.#draw.textContent = context.texts.anotherDraw;
    this.#next.textContent = context.texts.anotherImage;
  }

  /** There is another report: what is shown may no longer be true; of another file it surely is not. */
  changed(file: string): void {
    this.#stale = true;
    if (file === this.#file) return;
    this.#file = file;
    this.#wish = first;
    this.#title.textContent = '';
    this.#words.textContent = '';
    this.#pictures.replaceChildren();
    delete this.panel.dataset['epoch'];
  }

  /** Asks for what the tab shows, once it is seen. */
  update(): void {
    if (!this.#stale) return;
    this.#stale = false;
    void this.#show(this.#wish);
  }

  #move({ image = 0, epoch = 0 }: Partial<Wish>): void {
    this.#wish = {
      ...this.#wish,
      image: this.#wish.image + image,
      epoch: this.#wish.epoch + epoch,
    };
    void this.#show(this.#wish);
  }

  async #show(wish: Wish): Promise<void> {
    try {
      const preview = await this.#ask(wish);
      if (wish === this.#wish) this.#render(preview);
    } catch (error) {
      this.#words.textContent = errorMessage(error);
      this.#pictures.replaceChildren();
      this.#stale = true;
    }
  }

  #render({ image, images, label, original, changed, transforms }: ImagePreview): void {
    const { texts, locale } = this.#context;
    const [at, of] = [image + 1, images].map((count) => formatCount(count, locale));
    this.#title.textContent = fillIn(texts.imageOf, at!, of!, label ?? '–');
    const isChanged = changed.length > 0;
    this.#draw.hidden = !isChanged;
    this.#words.textContent = isChanged
      ? fillIn(texts.changedBy, transforms.join(', '))
      : texts.noAugmentation;
    const named = changed.map((picture, i) => {
      const epoch = formatCount(this.#wish.epoch + i + 1, locale);
      return figure(picture, fillIn(texts.epoch, epoch));
    });
    this.#pictures.replaceChildren(figure(original, texts.asIs), ...named);
    this.panel.dataset['epoch'] = String(this.#wish.epoch);
    this.panel.dataset['image'] = String(image);
  }
}

/** The pixels as they are, each as large as the size of all allows. */
function figure({ height, width, rgba }: Picture, caption: string): HTMLElement {
  const canvas = element('canvas', { attributes: { role: 'img', 'aria-label': caption } });
  canvas.width = width;
  canvas.height = height;
  const picture = new ImageData(Uint8ClampedArray.from(rgba), width, height);
  canvas.getContext('2d')?.putImageData(picture, 0, 0);
  return element('figure', {}, canvas, element('figcaption', { className: 'note', text: caption }));
}
