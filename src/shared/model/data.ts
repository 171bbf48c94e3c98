/** Where the rows come from and how they become numbers. */
import * as z from 'zod';
import { say } from '../language.ts';
import { imageSchemas, type ImageData } from './imageData.ts';
import {
  isRecord,
  oneOf,
  kind,
  positiveInteger,
  shorthand,
  type DeepReadonly,
  type SchemaNotes,
} from './schemaKit.ts';
import { splitSchema } from './split.ts';

const category = () => z.union([z.string(), z.number()]);
const categories = () => z.array(category()).min(1).nullable().default(null);

const unit = () =>
  z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .describe('What stands before or after the numbers of the column, such as `$`, `€` or `kg`.');

/** Those that are met in tables, of the ones that `TextDecoder` knows. */
const encodings = [
  'utf-8',
  'utf-16le',
  'utf-16be',
  'windows-1252',
  'windows-1250',
  'windows-1251',
  'windows-1253',
  'windows-1254',
  'windows-1255',
  'windows-1256',
  'windows-1257',
  'windows-1258',
  'windows-874',
  'iso-8859-2',
  'iso-8859-5',
  'iso-8859-7',
  'iso-8859-15',
  'macintosh',
  'koi8-r',
  'shift_jis',
  'euc-jp',
  'euc-kr',
  'gb18030',
  'big5',
] as const;

export type TextEncodingName = (typeof encodings)[number];

function featureSchema() {
  const feature = z.strictObject({
    name: z.string().min(1).describe('Column in the file.'),
    encode: z
      .enum(['ordinal', 'one_hot'])
      .nullable()
      .default(null)
      .describe('How categories become numbers: their index, or a column of 0 and 1 for each.'),
    categories: categories().describe('The categories in order; by default sorted.'),
    unit: unit(),
    scale: z.number().default(1).describe('The value is multiplied by it.'),
    offset: z.number().default(0).describe('Added after `scale`.'),
    normalize: z
      .enum(['zscore', 'minmax'])
      .nullable()
      .default(null)
      .describe('Fitted on the training split, after `scale`: mean 0 and deviation 1, or 0 to 1.'),
  });
  return shorthand('name', 'string', feature);
}

function targetSchema() {
  const target = z.strictObject({
    name: z.string().min(1).describe('Column in the file.'),
    categories: categories().describe('The classes as in the file, in order; by default sorted.'),
    class_names: z
      .array(z.string().min(1))
      .min(1)
      .nullable()
      .default(null)
      .describe('Names for people, in the order of the classes.'),
    unit: unit(),
  });
  return shorthand('name', 'string', target);
}

function missingSchema() {
  const rule = oneOf([
    kind('error', 'Refuse the file.', {}),
    kind('drop_row', 'Leave the row out.', {}),
    kind('mean', 'Mean of the training split.', {}),
    kind('median', 'Median of the training split.', {}),
    kind('mode', 'Commonest value of the training split.', {}),
    kind('constant', 'The same value everywhere.', { value: category().describe('The value.') }),
  ]);
  return z.preprocess(expandConstant, rule).meta({ alsoForm: 'constant' });
}

/** `{constant: 0}` says the same as `{type: constant, value: 0}`. */
function expandConstant(value: unknown): unknown {
  if (!isRecord(value) || Object.keys(value).join() !== 'constant') return value;
  return { type: 'constant', value: value['constant'] };
}

const tableFormats = ['csv', 'json', 'jsonl'] as const;

/** Of a file of rows, by the end of its path; an address may have a query after it. */
export function tableFormatOf(path: string): TableData['format'] {
  const format = formatOf(path);
  return tableFormats.find((known) => known === format) ?? 'csv';
}

function formatOf(path: string): DataConfig['format'] {
  const ending = /\.(json|jsonl|ndjson|npz|npy)(?:[?#].*)?$/i.exec(path)?.[1]?.toLowerCase();
  if (ending === undefined) return /-idx\d-ubyte(?:\.gz)?$/i.test(path) ? 'idx' : 'csv';
  return ending === 'ndjson' ? 'jsonl' : (ending as DataConfig['format']);
}

/** By its name: `.yaml`, `.yml` or `.train.json`; any other file holds rows. */
export function isConfigFile(file: string): boolean {
  return /(?:\.ya?ml|\.train\.json)$/i.test(file);
}

/** A table, or one of the formats of images. */
export function dataSchema() {
  const kinds = [tableSchema(), ...imageSchemas()] as const;
  return z.preprocess(withFormat, z.discriminatedUnion('format', kinds));
}

function withFormat(value: unknown): unknown {
  if (!isRecord(value) || (value['format'] ?? null) !== null) return value;
  const { path } = value;
  return { ...value, format: typeof path === 'string' ? formatOf(path) : 'csv' };
}

export function isTable(data: DataConfig): data is TableData {
  return tableFormats.some((format) => format === data.format);
}

export function tableSchema() {
  return z.strictObject({
    format: z
      .enum(tableFormats)
      .describe('By default from the end of the path.')
      .meta({ implied: true } satisfies SchemaNotes),
    path: z
      .string()
      .min(1)
      .refine((path) => !/^(?!https:)[a-z][a-z0-9+.-]+:\/\//i.test(path), {
        error: () => say('only files and `https://` addresses can be read'),
      })
      .describe('A file, relative to the config, or an https address, which is downloaded once.'),
    sha256: z
      .string()
      .regex(/^[0-9a-fA-F]{64}$/, { error: () => say('64 hexadecimal digits') })
      .nullable()
      .default(null)
      .describe('Checksum the file must have.'),
    delimiter: z
      .string()
      .length(1)
      .nullable()
      .default(null)
      .describe('Between the columns of a CSV file; by default found out.'),
    encoding: z
      .enum(encodings)
      .default('utf-8')
      .describe('How the file writes its characters; a byte order mark says it first.'),
    decimal: z
      .enum(['.', ','])
      .default('.')
      .describe('Before the decimals of numbers written as text: `,` reads `0,5`.'),
    thousands: z
      .enum([',', '.', ' ', "'"])
      .nullable()
      .default(null)
      .describe('Between the thousands of numbers written as text: `,` reads `1,234.5`.'),
    features: z
      .array(featureSchema())
      .min(1)
      .describe('The columns that the model gets, in order.'),
    target: targetSchema().describe('The column that the model learns to predict.'),
    missing: missingSchema()
      .prefault({ type: 'error' })
      .describe('What to do where a value is missing.'),
    split: splitSchema().prefault({}).describe('How rows are shared out.'),
    oversample: positiveInteger()
      .default(1)
      .describe('Repeat the training rows this many times, after the split.'),
    oversample_before_split: z
      .boolean()
      .default(false)
      .describe(
        'Repeat all rows before the split, as some labs do: validation rows then occur in training too.',
      ),
  });
}

export type TableData = DeepReadonly<z.infer<ReturnType<typeof tableSchema>>>;
export type DataConfig = TableData | ImageData;
export type FeatureConfig = TableData['features'][number];
export type TargetConfig = TableData['target'];
export type MissingConfig = TableData['missing'];
