/** Images as networks see them: their pixels, enlarged without smoothing. */
import type { InputImage } from '../../src/shared/protocol/runInputs.ts';

/** @param wantedSide CSS pixels that the longer side should have. */
export function drawPicture(
  canvas: HTMLCanvasElement,
  image: InputImage,
  wantedSide: number,
): void {
  const { height, width } = image;
  canvas.width = width;
  canvas.height = height;
  const scale = enlargement(Math.max(height, width), wantedSide);
  canvas.style.width = `${width * scale}px`;
  canvas.style.height = `${height * scale}px`;
  const data = new ImageData(rgba(image), width, height);
  canvas.getContext('2d')!.putImageData(data, 0, 0);
}

/** Small images grow by a whole factor, so that all their pixels are of one size; large ones shrink. */
function enlargement(side: number, wantedSide: number): number {
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
