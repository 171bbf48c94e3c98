/**
 * What is left of a config that has errors. Wrong values give way to their defaults, or to stand-ins where a value is
 * required, so that data and model can be checked in the same pass as the schema. Nothing is ever trained from a draft.
 */
import type * as z from 'zod';
import { pathPattern, valueAt, type ConfigPath } from './configPath.ts';
import { isPlanned } from './planned.ts';
import { isRecord } from './schemaKit.ts';
import { knownKeys, schemaAt } from './schemaWalk.ts';
import { suggest } from './suggest.ts';
import type { ConfigSchema, TrainConfig } from './trainConfig.ts';

/** Whether something at, above or below a place of the config is wrong: then nothing follows from what is there. */
export type IsDamaged = (path: ConfigPath) => boolean;

export interface ConfigDraft {
  /** Lists have the length they have in the file, so that paths lead to the same places. */
  readonly config: TrainConfig;
  readonly isDamaged: IsDamaged;
}

/** For a config without errors. */
export const undamaged: IsDamaged = () => false;

/** Required values, by place; whoever reads a draft asks `isDamaged` before believing them. */
const standIns: Readonly<Record<string, unknown>> = {
  task: 'classification',
  data: {},
  'data.path': '-',
  'data.features': ['-'],
  'data.features[]': '-',
  'data.target': '-',
  model: ['Flatten'],
  'model[]': 'Flatten',
  training: {},
  'training.epochs': 1,
  'training.optimizer': 'SGD',
  'training.loss': 'mean_squared_error',
  'training.metrics[]': 'accuracy',
  'callbacks[]': 'TerminateOnNaN',
  'predict[]': {},
};

/** A wrong value may hide what is wrong around it: a section, then its keys, then their keys. */
const mostRounds = 8;

/** `wrong`: places of errors that the schema does not see. Null when the file has no keys at all. */
export function createDraft(
  schema: ConfigSchema,
  written: unknown,
  wrong: readonly ConfigPath[],
): ConfigDraft | null {
  const value: unknown = copy(written);
  if (!isRecord(value)) return null;
  const damaged: ConfigPath[] = [...wrong];
  for (let round = 0; round < mostRounds; round++) {
    const { data, error } = schema.safeParse(value, { jitless: true });
    if (data !== undefined) {
      const isDamaged: IsDamaged = (path) => damaged.some((place) => touches(place, path));
      return { config: { ...data, name: data.name ?? 'draft' }, isDamaged };
    }
    damaged.push(...error.issues.flatMap((issue) => amend(schema, value, issue)));
  }
  return null;
}

function copy(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value) ?? 'null');
}

function touches(place: ConfigPath, path: ConfigPath): boolean {
  return place.every((step, i) => i >= path.length || step === path[i]);
}

/** Changes `value` so that the issue is gone, or comes nearer to the root; gives the places that are damaged. */
function amend(schema: ConfigSchema, value: unknown, issue: z.core.$ZodIssue): ConfigPath[] {
  const path = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step));
  if (issue.code !== 'unrecognized_keys') return [replace(value, path)];
  const known = knownKeys(schemaAt(schema, path, value));
  const owner = valueAt(value, path);
  return issue.keys.map((key) => {
    if (isRecord(owner)) Reflect.deleteProperty(owner, key);
    // A key of `data` that is not there yet changes what a row is.
    if (path.join() === 'data' && isPlanned(path, key)) return path;
    return [...path, suggest(key, known) ?? key];
  });
}

/** Puts the stand-in or, by removing the key, the default; whatever is nearest to `path`. */
function replace(value: unknown, path: ConfigPath): ConfigPath {
  for (let place = path; place.length > 0; place = place.slice(0, -1)) {
    const owner = valueAt(value, place.slice(0, -1));
    const key = place.at(-1)!;
    const standIn = standIns[pathPattern(place)];
    if (standIn !== undefined && typeof owner === 'object' && owner !== null) {
      Reflect.set(owner, key, copy(standIn));
      return place;
    }
    if (isRecord(owner) && Object.hasOwn(owner, key)) {
      Reflect.deleteProperty(owner, key);
      return place;
    }
  }
  return path;
}
