/** Data that are images, or numbers in arrays: a label each, no columns. */
import * as z from 'zod';
import { augmentationSchema } from './augmentation.ts';
import {
  positiveInteger,
  positiveNumber,
  type DeepReadonly,
  type SchemaNotes,
} from './schemaKit.ts';
import { splitSchema } from './split.ts';

const perChannel = () => z.union([z.number(), z.array(z.number()).min(1)]);

function normalizeSchema() {
  return z.strictObject({
    divide_by: positiveNumber().default(1).describe('Pixels go from 0 to 255.'),
    mean: perChannel().default(0).describe('Subtracted after that; one, or one for each channel.'),
    std: perChannel().default(1).describe('Divides after that; one, or one for each channel.'),
    samplewise_center: z
      .boolean()
      .default(false)
      .describe('Subtract from each image its own mean, right after `divide_by`.'),
    samplewise_std_normalization: z
      .boolean()
      .default(false)
      .describe('Then divide each image by its own deviation.'),
    featurewise_center: z
      .boolean()
      .default(false)
      .describe('Take as `mean` that of the training images, for each channel.'),
    featurewise_std_normalization: z
      .boolean()
      .default(false)
      .describe('Take as `std` that of the training images, for each channel.'),
    zca_whitening: z
      .boolean()
      .default(false)
      .describe(
        'At last make all pixels of an image uncorrelated, by the training images (up to 10,000 of them). For small images.',
      ),
    zca_epsilon: positiveNumber()
      .default(1e-6)
      .describe('Added to the variances before they are divided by.'),
  });
}

const path = () => z.string().min(1);

/** What all image formats have. */
const common = () => ({
  validation: z
    .literal('test')
    .nullable()
    .default(null)
    .describe('Validate on the test images that come with the data, all of them.'),
  split: splitSchema()
    .prefault({})
    .describe(
      'How the training images are shared out; without `validation: test`. Test images that come with the data are for `evaluate`.',
    ),
  normalize: normalizeSchema()
    .prefault({ divide_by: 255 })
    .describe(
      '`(pixel / divide_by - mean) / std`. What is not given changes nothing. Whatever is measured for it is measured on the training images once, and used wherever images are read.',
    ),
  augmentation: augmentationSchema(),
  class_names: z
    .array(z.string().min(1))
    .min(1)
    .nullable()
    .default(null)
    .describe('Names for people, in the order of the labels.'),
  limit: positiveInteger()
    .nullable()
    .default(null)
    .describe('Take only so many training images, and as many test images, for a quick look.'),
});

function cifarSchema() {
  return z
    .strictObject({
      format: z.enum(['cifar10', 'cifar100']).describe('Which of the two.'),
      path: path()
        .nullable()
        .default(null)
        .describe('Folder of the binary version; without it the data set is downloaded once.'),
      labels: z
        .enum(['fine', 'coarse'])
        .default('fine')
        .describe('Of CIFAR-100: 100 classes, or 20.'),
      ...common(),
    })
    .describe('Small colour photos in 10 or 100 classes (Krizhevsky 2009).');
}

function idxSchema() {
  return z
    .strictObject({
      format: z
        .literal('idx')
        .describe('By default from the end of the path.')
        .meta({ implied: true } satisfies SchemaNotes),
      path: path().describe(
        'File of images, such as `train-images-idx3-ubyte.gz`, or the folder that has it.',
      ),
      labels: path()
        .nullable()
        .default(null)
        .describe('File of labels; by default the one beside it with `labels` in its name.'),
      ...common(),
    })
    .describe('The files of MNIST and Fashion-MNIST.');
}

function imagesSchema() {
  return z
    .strictObject({
      format: z.literal('images').describe('Image files.'),
      path: path().describe(
        'Folder with a folder for each class (in `train` and `test`, if both are there), or a CSV file with a path and a label in each row.',
      ),
      image_column: z.string().min(1).default('path').describe('Of the CSV file: the paths.'),
      label_column: z.string().min(1).default('label').describe('Of the CSV file: the classes.'),
      image_size: z
        .tuple([positiveInteger(), positiveInteger()])
        .nullable()
        .default(null)
        .describe('Height and width to resize to; by default those of the images, if all agree.'),
      color_mode: z.enum(['rgb', 'grayscale']).default('rgb').describe('Three channels, or one.'),
      ...common(),
    })
    .describe('PNG and JPEG files.');
}

function arraysSchema() {
  return z
    .strictObject({
      format: z
        .enum(['npz', 'npy'])
        .describe('By default from the end of the path.')
        .meta({ implied: true } satisfies SchemaNotes),
      path: path().describe('File of the arrays; of `npy` that of the inputs.'),
      labels: path().nullable().default(null).describe('Of `npy`: the file of the labels.'),
      ...common(),
    })
    .describe(
      'NumPy arrays: `x_train`, `y_train` and, if there, `x_test`, `y_test` of an `npz`, or `x` and `y`.',
    );
}

export const imageSchemas = () =>
  [cifarSchema(), idxSchema(), imagesSchema(), arraysSchema()] as const;

type Schemas = ReturnType<typeof imageSchemas>[number];
export type ImageData = DeepReadonly<z.infer<Schemas>>;
export type NormalizeConfig = ImageData['normalize'];
