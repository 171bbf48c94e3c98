/**
 * Draws the images of samples/digits: each digit as strokes of a pen, every time a little otherwise. They are our own,
 * so the sample needs no download and no licence. `node --import tsx src/build/digitImages.ts`
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { PNG } from 'pngjs';
import { randomSource } from '../core/random/threefry.ts';

const size = 16;
const imagesPerDigit = 60;

type Point = readonly [x: number, y: number];

/** Strokes in a box from (0, 0), top left, to (1, 1). */
const digits: readonly (readonly (readonly Point[])[])[] = [
  [circle(0.5, 0.5, 0.32, 0.46)],
  [
    [
      [0.3, 0.22],
      [0.55, 0.03],
      [0.55, 0.97],
    ],
  ],
  [
    [
      [0.2, 0.25],
      [0.35, 0.06],
      [0.65, 0.06],
      [0.8, 0.27],
      [0.65, 0.52],
      [0.2, 0.95],
      [0.85, 0.95],
    ],
  ],
  [
    [
      [0.2, 0.1],
      [0.55, 0.04],
      [0.78, 0.2],
      [0.7, 0.42],
      [0.45, 0.48],
      [0.72, 0.55],
      [0.82, 0.75],
      [0.6, 0.95],
      [0.18, 0.88],
    ],
  ],
  [
    [
      [0.62, 0.97],
      [0.62, 0.03],
      [0.15, 0.66],
      [0.88, 0.66],
    ],
  ],
  [
    [
      [0.78, 0.05],
      [0.3, 0.05],
      [0.25, 0.45],
      [0.6, 0.4],
      [0.8, 0.62],
      [0.68, 0.9],
      [0.2, 0.92],
    ],
  ],
  [
    [
      [0.7, 0.05],
      [0.36, 0.35],
      [0.22, 0.68],
    ],
    circle(0.5, 0.72, 0.28, 0.24),
  ],
  [
    [
      [0.15, 0.06],
      [0.85, 0.06],
      [0.42, 0.97],
    ],
  ],
  [circle(0.5, 0.26, 0.24, 0.22), circle(0.5, 0.73, 0.29, 0.24)],
  [
    circle(0.5, 0.28, 0.27, 0.24),
    [
      [0.77, 0.3],
      [0.72, 0.65],
      [0.5, 0.97],
    ],
  ],
];

function circle(x: number, y: number, across: number, down: number): readonly Point[] {
  return Array.from({ length: 21 }, (_, i) => {
    const angle = (i / 20) * 2 * Math.PI;
    return [x + across * Math.sin(angle), y - down * Math.cos(angle)] as const;
  });
}

/** How a hand differs from time to time. */
interface Hand {
  readonly turn: number;
  readonly slant: number;
  readonly scale: number;
  readonly shift: Point;
  /** In pixels. */
  readonly pen: number;
  readonly ink: number;
}

/** `draw` gives numbers from 0 to 1. */
function handOf(draw: () => number): Hand {
  const around = (width: number) => (draw() - 0.5) * 2 * width;
  return {
    turn: around(0.22),
    slant: around(0.3),
    scale: 0.78 + around(0.16),
    shift: [around(1.6), around(1.3)],
    pen: 0.75 + 0.5 * draw(),
    ink: 170 + 80 * draw(),
  };
}

function place([x, y]: Point, { turn, slant, scale, shift }: Hand): Point {
  const [u, v] = [(x - 0.5 - slant * (y - 0.5)) * 0.8, y - 0.5];
  const middle = (size - 1) / 2;
  const turnedX = u * Math.cos(turn) - v * Math.sin(turn);
  const turnedY = u * Math.sin(turn) + v * Math.cos(turn);
  return [middle + turnedX * scale * size + shift[0], middle + turnedY * scale * size + shift[1]];
}

function distance([px, py]: Point, [ax, ay]: Point, [bx, by]: Point): number {
  const [dx, dy] = [bx - ax, by - ay];
  const along = ((px - ax) * dx + (py - ay) * dy) / (dx * dx + dy * dy || 1);
  const share = Math.min(1, Math.max(0, along));
  return Math.hypot(px - ax - share * dx, py - ay - share * dy);
}

function drawDigit(digit: number, draw: () => number): Buffer {
  const hand = handOf(draw);
  const strokes = digits[digit]!.map((stroke) => stroke.map((point) => place(point, hand)));
  const image = new PNG({ width: size, height: size, colorType: 0 });
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const nearest = Math.min(
        ...strokes.flatMap((points) =>
          points.slice(1).map((point, i) => distance([x, y], points[i]!, point)),
        ),
      );
      const inked = hand.ink * Math.min(1, Math.max(0, hand.pen + 0.5 - nearest));
      const value = Math.round(Math.min(255, inked + 14 * draw()));
      image.data.set([value, value, value, 255], 4 * (y * size + x));
    }
  }
  return PNG.sync.write(image, { colorType: 0, inputColorType: 6 });
}

function main(): void {
  const folder = fileURLToPath(new URL('../../samples/digits/images', import.meta.url));
  rmSync(folder, { recursive: true, force: true });
  const draw = randomSource({ seed: 7, stream: 0 }).uniform;
  for (let digit = 0; digit < digits.length; digit++) {
    mkdirSync(path.join(folder, String(digit)), { recursive: true });
    for (let n = 0; n < imagesPerDigit; n++) {
      const name = `${String(n).padStart(2, '0')}.png`;
      writeFileSync(path.join(folder, String(digit), name), drawDigit(digit, draw));
    }
  }
}

main();
