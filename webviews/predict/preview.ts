/** The image of the row as the network gets it: its pixels, enlarged without smoothing. */
import { fillIn } from '../../src/shared/numberFormat.ts';
import type { InputImage } from '../../src/shared/protocol/runInputs.ts';
import type { PredictState } from '../../src/shared/protocol/views/predict.ts';
import { element } from '../kit/dom.ts';

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
    this.#canvas.width = width;
    this.#canvas.height = height;
    const scale = enlargement(Math.max(height, width));
    this.#canvas.style.width = `${width * scale}px`;
    this.#canvas.style.height = `${height * scale}px`;
    const data = new ImageData(rgba(image), width, height);
    this.#canvas.getContext('2d')!.putImageData(data, 0, 0);
  }
}

/** Small images grow by a whole factor, so that all their pixels are of one size; large ones shrink. */
function enlargement(side: number): number {
  return side > wantedSide ? wantedSide / side : Math.floor(wantedSide / side);
}

export function rgba({ channels, pixels }: InputImage): Uint8ClampedArray<ArrayBuffer> {
  const count = pixels.length / channels;
  const out = new Uint8ClampedArray(4 * count).fill(255);
  for (let i = 0; i < count; i++) {
    for (let c = 0; c < 3; c++) out[4 * i + c] = pixels[i * channels + (channels === 1 ? 0 : c)]!;
  }
  return out;
}
