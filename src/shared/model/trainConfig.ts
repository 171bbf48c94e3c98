/** The whole config file; every section has a file of its own. */
import * as z from 'zod';
import { say } from '../language.ts';
import { callbackSchema } from './callbacks.ts';
import { dataSchema, isTable, type TableData } from './data.ts';
import type { ImageData } from './imageData.ts';
import { layerSchema } from './layers.ts';
import {
  naturalNumber,
  positiveInteger,
  shorthand,
  type Conventions,
  type DeepReadonly,
  type SchemaNotes,
} from './schemaKit.ts';
import { trainingSchema } from './training.ts';

function seedSchema() {
  const seed = z.strictObject({
    value: naturalNumber().max(0xffffffff).describe('Start of all random numbers.'),
    compat: z
      .enum(['pytorch'])
      .nullable()
      .default(null)
      .describe(
        'Draw the initial weights as `torch.manual_seed(value)` would, with the default initializers of PyTorch.',
      ),
  });
  return shorthand('value', 'number', seed);
}

function outputSchema() {
  return z.strictObject({
    dir: z.string().min(1).default('runs').describe('Folder of the run directories.'),
    export: z
      .array(z.enum(['pt', 'safetensors']))
      .default([])
      .describe('Files to write at the end, for other tools.'),
  });
}

/** Read by cloud commands only. */
function computeSchema() {
  const distribution = z.strictObject({
    type: z.string().min(1).describe('How the work is shared: `data_parallel`.'),
    process_count_per_instance: positiveInteger().optional().describe('Processes per machine.'),
    scale_learning_rate: z.boolean().optional().describe('Multiply the rate by the processes.'),
    scale_epochs: z.boolean().optional().describe('Divide the epochs by the processes.'),
  });
  return z.strictObject({
    target: z.string().min(1).describe('`local`, `azureml:<name>` or `databricks:<name>`.'),
    instance_count: positiveInteger().optional().describe('Number of machines.'),
    distribution: distribution.optional().describe('How they work together.'),
  });
}

/** The schema with the defaults of one of the conventions; `initializers`: see layerSchema. */
export function trainConfigSchema(conventions: Conventions, initializers = conventions) {
  const cell = z.union([z.string(), z.number(), z.null()]);
  return z.strictObject({
    $schema: z.string().optional().describe('Address of the schema, for editors; not used here.'),
    version: z.literal(1).default(1).describe('Of the config language.'),
    name: z
      .string()
      .regex(/^[\p{L}\p{N}_][\p{L}\p{N} ._-]{0,63}$/u, {
        error: () => say('up to 64 letters, digits, spaces, `_`, `-`, `.`'),
      })
      .optional()
      .describe('Of the run directories; by default the name of the file.'),
    task: z
      .enum(['classification', 'image_classification', 'regression'])
      .describe('What is predicted: a class (of an image), or a number.'),
    seed: seedSchema().prefault(0).describe('Makes the run repeatable.'),
    data: dataSchema().describe('The rows.'),
    model: z
      .array(layerSchema(conventions, initializers))
      .min(1)
      .meta({ alsoForm: 'layers' } satisfies SchemaNotes)
      .describe('The layers, from input to output.'),
    training: trainingSchema(conventions).describe('How the model is trained.'),
    callbacks: z.array(callbackSchema()).default([]).describe('What happens between epochs.'),
    output: outputSchema().prefault({}).describe('What is written, and where.'),
    predict: z
      .array(z.record(z.string(), cell))
      .default([])
      .describe('Rows to predict when training has ended; keys are the names of features.'),
    compute: computeSchema()
      .nullable()
      .default(null)
      .describe('Where a cloud job would run; ignored by a local run.'),
  });
}

export type ConfigSchema = ReturnType<typeof trainConfigSchema>;
type ParsedConfig = DeepReadonly<z.infer<ConfigSchema>>;

/** A checked config with all defaults filled in: plain data, equal after a trip through JSON. */
export type TrainConfig = Omit<ParsedConfig, 'name' | '$schema'> & { readonly name: string };
/** One whose data are a table. */
export type TableConfig = TrainConfig & { readonly data: TableData };
/** One whose data are images. */
export type ImageConfig = TrainConfig & { readonly data: ImageData };

export function isTableConfig(config: TrainConfig): config is TableConfig {
  return isTable(config.data);
}

export type SeedConfig = TrainConfig['seed'];
export type ComputeConfig = NonNullable<TrainConfig['compute']>;
