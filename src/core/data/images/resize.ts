/**
 * Bilinear resize with pixel centres at halves and no antialiasing, as `image_dataset_from_directory` of Keras
 * does by default, and `interpolate(mode='bilinear', align_corners=False)` of PyTorch.
 */
export interface Image {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** [height, width, channels] */
  readonly pixels: Uint8Array;
}

export function resize(image: Image, height: number, width: number): Image {
  if (image.height === height && image.width === width) return image;
  const { channels, pixels } = image;
  const rows = placesOf(image.height, height);
  const columns = placesOf(image.width, width);
  const out = new Uint8Array(height * width * channels);
  let at = 0;
  for (const row of rows) {
    for (const column of columns) {
      for (let channel = 0; channel < channels; channel++) {
        const pixel = (y: number, x: number) => pixels[(y * image.width + x) * channels + channel]!;
        const top = mix(pixel(row.low, column.low), pixel(row.low, column.high), column.share);
        const bottom = mix(pixel(row.high, column.low), pixel(row.high, column.high), column.share);
        out[at++] = Math.round(mix(top, bottom, row.share));
      }
    }
  }
  return { height, width, channels, pixels: out };
}

function mix(a: number, b: number, share: number): number {
  return a + (b - a) * share;
}

interface Place {
  readonly low: number;
  readonly high: number;
  /** Of `high`. */
  readonly share: number;
}

/** Where each new pixel lies between old ones. */
function placesOf(from: number, to: number): Place[] {
  return Array.from({ length: to }, (_, i) => {
    const at = Math.min(Math.max(((i + 0.5) * from) / to - 0.5, 0), from - 1);
    const low = Math.floor(at);
    return { low, high: Math.min(low + 1, from - 1), share: at - low };
  });
}
