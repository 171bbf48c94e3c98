/**
 * Random changes of training images, by the names and with the defaults of Keras. They work on the pixels as the data
 * have them, before `normalize`; validation, evaluation and prediction see the images as they are.
 */
import * as z from 'zod';
import { say } from '../language.ts';
import { kind, oneOf, positiveInteger, type DeepReadonly } from './schemaKit.ts';

/** A number f for a range that the transform makes of it, or `[lower, upper]`. */
function rangeOf(number: z.ZodNumber) {
  return z.union([number, z.array(number).length(2)]);
}

function orderedRange(number: z.ZodNumber) {
  return rangeOf(number).refine((range) => typeof range === 'number' || range[0]! <= range[1]!, {
    error: () => say('the lower end of the range is above the upper'),
  });
}

interface Filling {
  readonly fill_mode: string;
  readonly fill_value: number;
  readonly cval?: number | undefined;
}

/** A fill value that nothing would use, or a second one, is a mistake. */
function filled<Schema extends z.ZodObject>(schema: Schema): Schema {
  return schema.check(({ value, issues }) => {
    const { fill_mode: mode, fill_value: own, cval } = value as unknown as Filling;
    const report = (message: string, key: 'fill_value' | 'cval') =>
      void issues.push({ code: 'custom', message, path: [key], input: value });
    const key = (cval ?? 0) === 0 ? 'fill_value' : 'cval';
    if (cval !== undefined && own !== 0 && own !== cval) {
      report(say('`cval` and `fill_value` are the same thing: remove one of them'), 'cval');
    } else if (mode !== 'constant' && (cval ?? own) !== 0) {
      report(say`\`${key}\` needs \`fill_mode: constant\``, key);
    }
  });
}

/** f stands for [-f, f]; at -1 an image would be a point. */
function zoomRange() {
  return orderedRange(z.number().gt(-1)).refine((range) => typeof range !== 'number' || range < 1, {
    error: () =>
      say('a zoom of 1 or more stands for [-1, 1] or more, and -1 leaves nothing of an image'),
  });
}

/** f stands for [f, f]; the lower end is subtracted from 1, and below 0 dark and bright would change places. */
function contrastRange() {
  return rangeOf(z.number().min(0)).refine((range) => [range].flat()[0]! <= 1, {
    error: () =>
      say(
        'more than 1 below would turn dark into bright; write `[lower, upper]` with lower up to 1',
      ),
  });
}

const share = () => z.number().min(-1).max(1);
const positiveShare = () => z.number().min(0).max(1);

/** What comes in from outside of the image, and how a value between pixels is found. */
const fill = () => ({
  fill_mode: z
    .enum(['reflect', 'wrap', 'constant', 'nearest'])
    .default('reflect')
    .describe(
      'What is outside: `reflect` dcba|abcd|dcba, `wrap` abcd|abcd|abcd, `nearest` aaaa|abcd|dddd, `constant` the fill value.',
    ),
  fill_value: z.number().default(0).describe('With `fill_mode: constant`; a pixel value.'),
  cval: z.number().optional().describe('The same as `fill_value`, as ImageDataGenerator calls it.'),
  interpolation: z
    .enum(['bilinear', 'nearest'])
    .default('bilinear')
    .describe('Between pixels: from the four around, or the nearest.'),
});

const valueRange = () => ({
  value_range: z
    .array(z.number())
    .length(2)
    .default([0, 255])
    .refine((range) => range[0]! < range[1]!, {
      error: () => say('the lower end of the range is not below the upper'),
    })
    .describe('Of the pixels; results are cut to it.'),
});

function geometricSchemas() {
  return [
    kind('RandomFlip', 'Mirrors half of the images.', {
      mode: z
        .enum(['horizontal', 'vertical', 'horizontal_and_vertical'])
        .default('horizontal_and_vertical')
        .describe('Left and right, up and down, or both, each for itself.'),
    }),
    filled(
      kind('RandomTranslation', 'Moves images.', {
        height_factor: orderedRange(share()).describe(
          'Share of the height, down; f stands for [-f, f].',
        ),
        width_factor: orderedRange(share()).describe(
          'Share of the width, to the right; f stands for [-f, f].',
        ),
        ...fill(),
      }),
    ),
    filled(
      kind('RandomRotation', 'Turns images about their middle.', {
        factor: orderedRange(share()).describe(
          'Share of a full turn, against the clock; f stands for [-f, f].',
        ),
        ...fill(),
      }),
    ),
    filled(
      kind('RandomZoom', 'Makes images larger or smaller about their middle.', {
        height_factor: zoomRange().describe(
          '0.2 shows 20 % more of the height, -0.2 less; f stands for [-f, f].',
        ),
        width_factor: zoomRange()
          .nullable()
          .default(null)
          .describe('Likewise; by default the same zoom as that of the height.'),
        ...fill(),
      }),
    ),
  ] as const;
}

function shearAndCropSchemas() {
  return [
    filled(
      kind(
        'RandomShear',
        'Slants images as Keras does: the pixel in the upper left corner stays where it is.',
        {
          x_factor: orderedRange(positiveShare())
            .default(0)
            .describe(
              'Columns moved for each row down; f stands for [-f, f], two numbers for a range to either side.',
            ),
          y_factor: orderedRange(positiveShare())
            .default(0)
            .describe(
              'Rows moved for each column to the right; f stands for [-f, f], two numbers for a range up or down.',
            ),
          ...fill(),
        },
      ),
    ),
    kind(
      'RandomCrop',
      'Takes a piece at a random place. Where nothing is random, the largest piece of that aspect from the middle, resized.',
      {
        height: positiveInteger().describe('Rows of the piece, and so of what the model gets.'),
        width: positiveInteger().describe('Columns of the piece.'),
      },
    ),
  ] as const;
}

function colourSchemas() {
  return [
    kind('RandomBrightness', 'Makes images brighter or darker.', {
      factor: orderedRange(share()).describe(
        'Added, as share of the value range; f stands for [-f, f].',
      ),
      ...valueRange(),
    }),
    kind('RandomContrast', 'Moves pixels away from the mean of their channel, or towards it.', {
      factor: contrastRange().describe(
        'The distance is multiplied by 1 - lower to 1 + upper; f stands for [f, f].',
      ),
      ...valueRange(),
    }),
    kind('RandomChannelShift', 'Makes each channel brighter or darker by itself.', {
      factor: orderedRange(share()).describe(
        'Added, as share of the value range; f stands for [-f, f].',
      ),
      ...valueRange(),
    }),
  ] as const;
}

export function augmentationSchema() {
  return z
    .array(oneOf([...geometricSchemas(), ...shearAndCropSchemas(), ...colourSchemas()]))
    .default([])
    .describe(
      'Random changes of the training images, one after the other, each epoch others. Repeatable by the seed.',
    );
}

export type TransformConfig = DeepReadonly<z.infer<ReturnType<typeof augmentationSchema>>>[number];
export type TransformOf<Type extends TransformConfig['type']> = Extract<
  TransformConfig,
  { type: Type }
>;
