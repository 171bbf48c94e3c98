/** Pooling, with the names and defaults of Keras. */
import * as z from 'zod';
import { named, pairOf, windowPadding } from './layerKit.ts';
import { kind, positiveInteger } from './schemaKit.ts';

const padding = { padding: windowPadding() };

const overSteps = {
  ...named,
  pool_size: positiveInteger().default(2).describe('Steps in the window.'),
  strides: z
    .union([positiveInteger(), z.null()])
    .default(null)
    .describe('Steps from one window to the next; by default `pool_size`.'),
  ...padding,
};

const overImages = {
  ...named,
  pool_size: pairOf().default(2).describe('Rows and columns of the window.'),
  strides: z
    .union([pairOf(), z.null()])
    .default(null)
    .describe('Rows and columns from one window to the next; by default `pool_size`.'),
  ...padding,
};

const overAll = {
  ...named,
  keepdims: z.boolean().default(false).describe('Keep the axes, with size 1.'),
};

/** Each with the other name that Keras has for it. */
export function poolingSchemas() {
  return [
    kind(
      'MaxPooling1D',
      'The largest of each window over the steps of a sequence: [steps, channels].',
      overSteps,
      ['MaxPool1D'],
    ),
    kind(
      'MaxPooling2D',
      'The largest of each window over an image: [rows, columns, channels].',
      overImages,
      ['MaxPool2D'],
    ),
    kind(
      'AveragePooling1D',
      'The mean of each window over the steps of a sequence: [steps, channels].',
      overSteps,
      ['AvgPool1D'],
    ),
    kind(
      'AveragePooling2D',
      'The mean of each window over an image: [rows, columns, channels].',
      overImages,
      ['AvgPool2D'],
    ),
    kind('GlobalMaxPooling1D', 'The largest of each channel over all steps.', overAll, [
      'GlobalMaxPool1D',
    ]),
    kind('GlobalMaxPooling2D', 'The largest of each channel over the whole image.', overAll, [
      'GlobalMaxPool2D',
    ]),
    kind('GlobalAveragePooling1D', 'The mean of each channel over all steps.', overAll, [
      'GlobalAvgPool1D',
    ]),
    kind('GlobalAveragePooling2D', 'The mean of each channel over the whole image.', overAll, [
      'GlobalAvgPool2D',
    ]),
  ] as const;
}
