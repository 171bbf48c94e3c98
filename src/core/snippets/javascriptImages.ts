/** How a JavaScript module reads images: PNG files, without a package. */
import { say } from '../../shared/language.ts';

/** An image file to the pixels that the model gets. */
export function javascriptImages(): string {
  return `/** ${say('The pixels that the model gets: resized, and grey where it sees grey.')} */
function encode({ image }) {
  const { height, width, rgb } = readPng(image);
  const [rows, columns, channels] = inputShape;
  const pixel = (y, x, c) => {
    const [r, g, b] = rgb.subarray(3 * (y * width + x));
    return channels === 3 ? [r, g, b][c] : Math.round(0.299 * r + 0.587 * g + 0.114 * b);
  };
  const [ys, xs] = [places(height, rows), places(width, columns)];
  const mix = (a, b, share) => a + (b - a) * share;
  return ys.flatMap((y) => xs.flatMap((x) => Array.from({ length: channels }, (_, c) => {
    const top = mix(pixel(y.low, x.low, c), pixel(y.low, x.high, c), x.share);
    const bottom = mix(pixel(y.high, x.low, c), pixel(y.high, x.high, c), x.share);
    return Math.round(mix(top, bottom, y.share));
  })));
}

/** ${say('Bilinear, with the centres of pixels at halves.')} */
function places(from, to) {
  return Array.from({ length: to }, (_, i) => {
    const at = Math.min(Math.max(((i + 0.5) * from) / to - 0.5, 0), from - 1);
    const low = Math.floor(at);
    return { low, high: Math.min(low + 1, from - 1), share: at - low };
  });
}

${readPng()}`;
}

function readPng(): string {
  return `function readPng(file) {
  const bytes = readFileSync(file);
  if (bytes.readUInt32BE(0) !== 0x89504e47 || bytes[24] !== 8 || bytes[28] !== 0) {
    throw new Error(file + ': ${say('this script reads PNG files with 8 bits a channel, not interlaced; convert it first').replaceAll("'", "\\'")}');
  }
  const [width, height, kind] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20), bytes[25]];
  const channels = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }[kind];
  const parts = { IDAT: [], PLTE: [] };
  for (let at = 8; at < bytes.length; at += bytes.readUInt32BE(at) + 12) {
    parts[bytes.toString('latin1', at + 4, at + 8)]?.push(bytes.subarray(at + 8, at + 8 + bytes.readUInt32BE(at)));
  }
  const pixels = unfilter(inflateSync(Buffer.concat(parts.IDAT)), width * channels, channels);
  const palette = Buffer.concat(parts.PLTE);
  const rgb = new Uint8Array(3 * width * height);
  for (let i = 0; i < width * height; i++) {
    const from = kind === 3 ? palette.subarray(3 * pixels[i]) : pixels.subarray(i * channels);
    for (let c = 0; c < 3; c++) rgb[3 * i + c] = from[channels < 3 && kind !== 3 ? 0 : c];
  }
  return { height, width, rgb };
}

/** ${say('Each line of a PNG says how its bytes differ from those before and above.')} */
function unfilter(lines, width, channels) {
  const out = new Uint8Array((lines.length / (width + 1)) * width);
  for (let at = 0; at < out.length; at++) {
    const [line, column] = [Math.floor(at / width), at % width];
    const kind = lines[line * (width + 1)];
    const a = column < channels ? 0 : out[at - channels];
    const b = line === 0 ? 0 : out[at - width];
    const c = column < channels || line === 0 ? 0 : out[at - width - channels];
    const p = a + b - c;
    const [pa, pb, pc] = [Math.abs(p - a), Math.abs(p - b), Math.abs(p - c)];
    const paeth = pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
    const guess = [0, a, b, (a + b) >> 1, paeth][kind];
    out[at] = lines[line * (width + 1) + 1 + column] + guess;
  }
  return out;
}`;
}
