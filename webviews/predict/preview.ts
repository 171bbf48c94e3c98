/** The image of the row as the network gets it: its pixels, enlarged without smoothing. */
import { fillIn } from '../../src/shared/numberFormat.ts';
import type { InputImage } from '../../src/shared/protocol/runInputs.ts';
import type { PredictState } from '../../src/shared/protocol/views/predict.ts';
import { element } from '../kit/dom.ts';
import { drawPicture } from '../kit/picture.ts';

/** CSS pixels that the longer side should have. */
const wantedSide = 160;

export class Preview {
  readonly #canvas = element('canvas', { attributes: { role: 'img' } });
  readonly #caption = element('figcaption');
  readonly node = element('figure', { id: 'preview' }, this.#canvas, this.#caption);

  constructor() {
    this.node.hidden = true;
  }

  /** Null hides it. */
  draw(image: InputImage | null, texts: PredictState['texts']): void {
    this.node.hidden = image === null;
    if (image === null) return;
    const { height, width, channels } = image;
    const text = fillIn(channels === 1 ? texts.imageGrey : texts.imageRgb, height, width);
    this.#caption.textContent = text;
    this.#canvas.setAttribute('aria-label', text);
    drawPicture(this.#canvas, image, wantedSide);
  }
}
