/** Layers that join branches, with the names and defaults of Keras. */
import * as z from 'zod';
import { named } from './layerKit.ts';
import { kind } from './schemaKit.ts';

export function mergeSchemas() {
  return [
    kind('Add', 'The sum of its inputs, value by value.', { ...named }),
    kind('Multiply', 'The product of its inputs, value by value.', { ...named }),
    kind('Concatenate', 'Its inputs one after the other along an axis.', {
      ...named,
      axis: z
        .int()
        .default(-1)
        .describe('The axis, counted with the batch axis as 0; -1 is the last.'),
    }),
  ] as const;
}
