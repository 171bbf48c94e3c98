import type { Shape } from '../../shared/tensor/tensorType.ts';
import type { InputImage } from '../../shared/protocol/runInputs.ts';

/**
 * A sample as a picture: bytes as they are, other numbers spread from the smallest (black) to the largest (white).
 * Null where the shape, [height, width] or [height, width, 1 or 3], is no picture's.
 */
export function pictureOf(shape: Shape, values: Uint8Array | Float32Array): InputImage | null {
  const [height = 0, width = 0, channels = 1] = shape;
  const isPicture =
    shape.length === 2 || (shape.length === 3 && (channels === 1 || channels === 3));
  if (!isPicture || height < 1 || width < 1) return null;
  const pixels = values instanceof Uint8Array ? values.slice() : toBytes(values);
  return { height, width, channels: channels === 3 ? 3 : 1, pixels };
}

function toBytes(values: Float32Array): Uint8Array {
  let [min, max] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  const scale = max > min ? 255 / (max - min) : 0;
  return Uint8Array.from(values, (value) => Math.round((value - min) * scale));
}
