/** The transforms of Keras that move pixels, each as an affine map of the result to the image before. */
import type { TransformOf } from '../../shared/model/augmentation.ts';
import type { Builder, Operand } from '../ir/builder.ts';
import type { Node } from '../ir/program.ts';
import { about, identity, minus, times, type Affine } from './affine.ts';
import { rangeOf, uniform, type Fill, type Geometric, type Size } from './transform.ts';

type Filled = TransformOf<'RandomTranslation' | 'RandomRotation' | 'RandomZoom' | 'RandomShear'>;

type Moving = Pick<Geometric, 'draws' | 'matrix'>;

function geometric(config: Filled | null, moving: Moving): Geometric {
  const fill = config === null ? null : fillOf(config);
  return { kind: 'geometric', fill, sizeAfter: (size) => size, still: null, ...moving };
}

function fillOf({ fill_mode: mode, fill_value, cval, interpolation }: Filled): Fill {
  return { mode, value: cval ?? fill_value, interpolation };
}

const middle = ([height, width]: Size): [number, number] => [(height - 1) / 2, (width - 1) / 2];
const symmetric = (f: number): number => -f;

/** +1 or -1 with even odds. */
function sign(b: Builder, draw: Node): Node {
  return b.select(b.compare('lt', draw, 0.5), -1, 1);
}

export function randomFlip({ mode }: TransformOf<'RandomFlip'>): Geometric {
  const flips = (axis: 'horizontal' | 'vertical') =>
    mode === axis || mode.endsWith('_and_vertical');
  const [vertical, horizontal] = [flips('vertical'), flips('horizontal')];
  return geometric(null, {
    draws: Number(vertical) + Number(horizontal),
    matrix: (b, draws, size) => {
      const rr = vertical ? sign(b, draws[0]!) : 1;
      const cc = horizontal ? sign(b, draws.at(-1)!) : 1;
      return about(b, middle(size), { ...identity, rr, cc });
    },
  });
}

/** Down and to the right by a share of the size. */
export function randomTranslation(config: TransformOf<'RandomTranslation'>): Geometric {
  const down = rangeOf(config.height_factor, symmetric);
  const right = rangeOf(config.width_factor, symmetric);
  return geometric(config, {
    draws: 2,
    matrix: (b, draws, [height, width]) => ({
      ...identity,
      r0: times(b, uniform(b, draws[0]!, down), -height),
      c0: times(b, uniform(b, draws[1]!, right), -width),
    }),
  });
}

/** Against the clock as one sees it: rows count downwards. */
export function randomRotation(config: TransformOf<'RandomRotation'>): Geometric {
  const turns = rangeOf(config.factor, symmetric);
  return geometric(config, {
    draws: 1,
    matrix: (b, draws, size) => {
      const angle = times(b, uniform(b, draws[0]!, turns), 2 * Math.PI);
      const [cos, sin] =
        typeof angle === 'number'
          ? [Math.cos(angle), Math.sin(angle)]
          : [b.unary('cos', angle), b.unary('sin', angle)];
      return about(b, middle(size), { rr: cos, rc: sin, cr: minus(b, 0, sin), cc: cos });
    },
  });
}

export function randomZoom(config: TransformOf<'RandomZoom'>): Geometric {
  const rows = rangeOf(config.height_factor, symmetric);
  const columns = config.width_factor === null ? null : rangeOf(config.width_factor, symmetric);
  const shown = (b: Builder, share: Operand): Operand =>
    typeof share === 'number' ? 1 + share : b.add(share, 1);
  return geometric(config, {
    draws: columns === null ? 1 : 2,
    matrix: (b, draws, size) => {
      const rr = shown(b, uniform(b, draws[0]!, rows));
      const cc = columns === null ? rr : shown(b, uniform(b, draws[1]!, columns));
      return about(b, middle(size), { ...identity, rr, cc });
    },
  });
}

/**
 * As the layer of Keras: the upper left pixel stays, not the middle as in ImageDataGenerator, and one sign is drawn for
 * both axes (keras/src/layers/preprocessing/image_preprocessing/random_shear.py).
 */
export function randomShear(config: TransformOf<'RandomShear'>): Geometric {
  const [x, y] = [rangeOf(config.x_factor, symmetric), rangeOf(config.y_factor, symmetric)];
  return geometric(config, {
    draws: 3,
    matrix: (b, draws) => {
      const side = sign(b, draws[0]!);
      const rc = times(b, uniform(b, draws[1]!, y), side);
      const cr = times(b, uniform(b, draws[2]!, x), side);
      return { ...identity, rc, cr };
    },
  });
}

/** Whole pixels, every place alike. */
export function randomCrop({ height, width }: TransformOf<'RandomCrop'>): Geometric {
  const start = (b: Builder, draw: Node, room: number): Operand =>
    room === 0 ? 0 : b.unary('floor', b.mul(draw, room + 1));
  return {
    ...geometric(null, {
      draws: 2,
      matrix: (b, draws, [rows, columns]) => ({
        ...identity,
        r0: start(b, draws[0]!, rows - height),
        c0: start(b, draws[1]!, columns - width),
      }),
    }),
    sizeAfter: () => [height, width],
    still: (before) => middlePiece(before, [height, width]),
  };
}

/** The largest piece of the wanted aspect, from the middle, resized; pixels are areas whose middles are looked up. */
function middlePiece([rows, columns]: Size, [height, width]: Size): Affine {
  const pieceHeight = Math.min(rows, Math.floor((columns * height) / width));
  const pieceWidth = Math.min(columns, Math.floor((rows * width) / height));
  const along = (size: number, piece: number, wanted: number) => {
    const zoom = piece / wanted;
    return { zoom, start: Math.floor((size - piece) / 2) + (zoom - 1) / 2 };
  };
  const row = along(rows, pieceHeight, height);
  const column = along(columns, pieceWidth, width);
  return { ...identity, rr: row.zoom, r0: row.start, cc: column.zoom, c0: column.start };
}
