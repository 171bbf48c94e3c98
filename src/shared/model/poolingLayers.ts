/** Pooling, with the names and defaults of Keras. */
import * as z from 'zod';
import { named, pairOf, windowPadding } from './layerKit.ts';
import { kind, positiveInteger } from './schemaKit.ts';

const step = z.union([positiveInteger(), z.null()]).default(null);

function pooling1d<const Name extends string>(name: Name, what: string, alias: string) {
  const keys = {
    ...named,
    pool_size: positiveInteger().default(2).describe('Steps in the window.'),
    strides: step.describe('Steps from one window to the next; by default `pool_size`.'),
    padding: windowPadding(),
  };
  return kind(name, `${what} over the steps of a sequence: [steps, channels].`, keys, [alias]);
}

function pooling2d<const Name extends string>(name: Name, what: string, alias: string) {
  const keys = {
    ...named,
    pool_size: pairOf().default(2).describe('Rows and columns of the window.'),
    strides: z
      .union([pairOf(), z.null()])
      .default(null)
      .describe('Rows and columns from one window to the next; by default `pool_size`.'),
    padding: windowPadding(),
  };
  return kind(name, `${what} over an image: [rows, columns, channels].`, keys, [alias]);
}

function globalPooling<const Name extends string>(name: Name, what: string, alias: string) {
  const keys = {
    ...named,
    keepdims: z.boolean().default(false).describe('Keep the axes, with size 1.'),
  };
  return kind(name, what, keys, [alias]);
}

const ofImage = 'of each channel over the whole image.';
const ofSequence = 'of each channel over all steps.';
const largest = 'The largest of each window';
const mean = 'The mean of each window';

/** Each with the other name that Keras has for it. */
export function poolingSchemas() {
  return [
    pooling1d('MaxPooling1D', largest, 'MaxPool1D'),
    pooling2d('MaxPooling2D', largest, 'MaxPool2D'),
    pooling1d('AveragePooling1D', mean, 'AvgPool1D'),
    pooling2d('AveragePooling2D', mean, 'AvgPool2D'),
    globalPooling('GlobalMaxPooling1D', `The largest ${ofSequence}`, 'GlobalMaxPool1D'),
    globalPooling('GlobalMaxPooling2D', `The largest ${ofImage}`, 'GlobalMaxPool2D'),
    globalPooling('GlobalAveragePooling1D', `The mean ${ofSequence}`, 'GlobalAvgPool1D'),
    globalPooling('GlobalAveragePooling2D', `The mean ${ofImage}`, 'GlobalAvgPool2D'),
  ] as const;
}
