/** What the JSON files of a run hold; checked when read, because people and crashes touch files. */
import * as z from 'zod';
import { numberFromJson } from '../../shared/jsonNumbers.ts';
import type { EpochRecord } from '../../shared/protocol/core.ts';

/** A float that may not be finite: only where one may stand is the text "NaN" a number. */
const number = z.preprocess(
  numberFromJson,
  z.union([z.number(), z.nan(), z.literal([Infinity, -Infinity])]),
);
const numbers = z.record(z.string(), number);

const scoreSchema = z.object({
  epoch: z.number(),
  rows: z.number(),
  correct: number.nullable(),
  rmse: number.nullable(),
});

const baselineSchema = z.object({
  kind: z.enum(['majority', 'mean']),
  metrics: numbers,
  guess: z.string(),
});

const seriesSchema = z.object({ step: z.array(z.string()), epoch: z.array(z.string()) });

const deviceSchema = z.enum(['cpu', 'webgpu', 'cuda']);

/** See DeviceChoice. */
const choiceSchema = z.object({
  device: deviceSchema,
  reason: z.string(),
  measured: z
    .array(
      z.object({
        device: deviceSchema,
        name: z.string(),
        stepMilliseconds: z.number().nullable(),
        problem: z.string().nullable(),
      }),
    )
    .readonly(),
});

/** `run.json`: what a list of runs shows. Its appearance makes the folder a run. */
export const runRecordSchema = z.object({
  format: z.literal(1),
  name: z.string(),
  /** `running` with a process that is gone means interrupted too: it had no time to say so. */
  state: z.enum(['running', 'completed', 'stopped', 'interrupted', 'failed']),
  /** Process that trains, while `running`. */
  pid: z.number(),
  /** See `startOf`. */
  processStart: z.string().nullable(),
  /** ISO 8601, UTC. */
  created: z.string(),
  updated: z.string(),
  /** The config as the user has it; data paths are relative to it. */
  configFile: z.string(),
  epochs: z.number(),
  epochsDone: z.number(),
  stepsPerEpoch: z.number(),
  step: z.number(),
  loss: number.nullable(),
  val_loss: number.nullable(),
  /** Training time, all sittings. */
  seconds: number,
  verdict: z.string(),
  /** Runs of before this was kept have none of these three. */
  metrics: numbers.default({}),
  baseline: baselineSchema.nullable().default(null),
  score: scoreSchema.nullable().default(null),
  /** Validation rows that training has too; null where they were not counted. */
  seenRows: z.number().nullable().default(null),
  /** Names of the series, see runSeries.ts; null in runs of before there were columns of epochs. */
  series: seriesSchema.nullable().default(null),
  /** What `device: auto` took; null where the device was named. */
  choice: choiceSchema.nullable().default(null),
  /** Where it trained last: the name of a machine in `trainbench.ssh.machines`, or its address. */
  machine: z.string().optional(),
});

/** `environment.json`: everything besides config and data that may decide bits, and what ran it. */
export const environmentSchema = z.object({
  trainbench: z.string(),
  node: z.string(),
  v8: z.string(),
  platform: z.string(),
  backend: z.string(),
  device: z.string(),
  choices: z.record(z.string(), z.string()),
  threads: z.number(),
  seed: z.number(),
  /** `portable`: the same bits on every machine; `machine`: on machines that allow the same choices. */
  floatMode: z.enum(['machine', 'portable']),
  epochLoss: z.enum(['sample_weighted', 'mean_of_batches']),
  /** What a guess without a model would say: index of the commonest class, or means of the targets. */
  typicalTarget: z.array(z.number()),
  data: z.object({ file: z.string(), sha256: z.string(), rows: z.number() }),
});

/** Where in the data a checkpoint stands, and the sums of the epoch so far (float64, in order). */
export const positionSchema = z.object({
  /** Epochs completed. */
  epoch: z.number(),
  /** Steps of the current epoch done; all of them while validation is still to come. */
  batch: z.number(),
  rows: z.number(),
  batches: z.number(),
  lossSum: number,
  metricSums: z.array(z.array(number)),
  /** Wall seconds spent in the current epoch. */
  seconds: number,
});

/** The JSON half of a checkpoint; the other half is `<same name>.safetensors`. */
export const checkpointStateSchema = z.object({
  format: z.literal(1),
  step: z.number(),
  position: positionSchema,
  /** Random numbers are functions of (seed, stream, epoch, step, element): this is all their state. */
  random: z.object({ generator: z.literal('threefry-2x32-20'), seed: z.number() }),
  learningRate: number,
  /** State of each callback, in the order of the config. */
  callbacks: z.array(z.record(z.string(), number.nullable())),
  /** Whose weights a callback keeps: of which step, and how they did on the validation rows. */
  kept: z.array(
    z.object({ callback: z.number(), step: z.number(), score: scoreSchema.nullable() }),
  ),
  score: scoreSchema.nullable(),
  /** Training time until here. */
  seconds: number,
});

export const epochRecordSchema = z.object({
  epoch: z.number(),
  epochs: z.number(),
  loss: number,
  val_loss: number.optional(),
  metrics: numbers,
  learning_rate: number,
  seconds: number,
  step: z.number(),
});

export type RunRecord = Readonly<z.infer<typeof runRecordSchema>>;
export type EnvironmentRecord = Readonly<z.infer<typeof environmentSchema>>;
export type Position = Readonly<z.infer<typeof positionSchema>>;
export type CheckpointState = Readonly<z.infer<typeof checkpointStateSchema>>;

/** A line of `events.jsonl`. */
export interface EventRecord {
  readonly time: string;
  readonly step: number;
  readonly event: string;
  readonly message?: string;
}

/** exactOptionalPropertyTypes: zod says `undefined`, our records leave the key out. */
export function toEpochRecord(value: unknown): EpochRecord {
  const { val_loss, ...record } = epochRecordSchema.parse(value);
  return val_loss === undefined ? record : { ...record, val_loss };
}
