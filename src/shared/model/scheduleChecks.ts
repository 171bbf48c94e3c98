/** Whether the learning rate is said once, and in an order that makes sense. */
import { say } from '../language.ts';
import { conflict, type PlacedProblem } from './issues.ts';
import type { ScheduleConfig } from './schedules.ts';
import type { TrainConfig } from './trainConfig.ts';

const ratePath = ['training', 'optimizer', 'learning_rate'];

interface Parts {
  readonly optimizer: TrainConfig['training']['optimizer'] | undefined;
  readonly callbacks: readonly (TrainConfig['callbacks'][number] | undefined)[];
}

export function checkSchedule({ optimizer, callbacks }: Parts): PlacedProblem[] {
  const rate = optimizer?.learning_rate;
  const schedule = rate === undefined || typeof rate === 'number' ? null : rate;
  const own = schedule === null ? [] : [...checkBoundaries(schedule), ...checkWarmUp(schedule)];
  const set = callbacks.flatMap((callback, index): PlacedProblem[] => {
    if (callback === undefined) return [];
    if (schedule !== null) return checkSetter(callback.type, schedule, index);
    return callback.type === 'LearningRateScheduler' ? checkTable(callback.schedule, index) : [];
  });
  return [...set, ...own];
}

/** A rate that follows the steps cannot follow a callback too. */
function checkSetter(type: string, rate: ScheduleConfig, index: number): PlacedProblem[] {
  if (!['ReduceLROnPlateau', 'LearningRateScheduler'].includes(type)) return [];
  const message = say`${type} cannot set the learning rate, which follows ${rate.type}`;
  const hint = say('remove it, or give a plain number as `learning_rate`');
  return [conflict(['callbacks', index], message, hint)];
}

function checkTable(table: readonly { readonly epoch: number }[], index: number): PlacedProblem[] {
  const at = table.findIndex(({ epoch }, i) => i > 0 && epoch <= table[i - 1]!.epoch);
  if (at < 0) return [];
  const message = say`epoch ${table[at]!.epoch} comes after epoch ${table[at - 1]!.epoch} in the table`;
  const hint = say('give each epoch once, in order');
  return [conflict(['callbacks', index, 'schedule', at, 'epoch'], message, hint)];
}

/** Each of the two does nothing without the other. */
function checkWarmUp(rate: ScheduleConfig): PlacedProblem[] {
  if (rate.type !== 'CosineDecay') return [];
  const { warmup_target: target, warmup_steps: steps } = rate;
  if ((target === null) === (steps === 0)) return [];
  const [given, lacking] =
    target === null ? ['warmup_steps', 'warmup_target'] : ['warmup_target', 'warmup_steps'];
  const message = say`\`${given}\` needs \`${lacking}\``;
  return [conflict([...ratePath, given], message, say('give both, or none of them'))];
}

function checkBoundaries(rate: ScheduleConfig): PlacedProblem[] {
  if (rate.type !== 'PiecewiseConstantDecay') return [];
  const { boundaries, values } = rate;
  const found: PlacedProblem[] = [];
  if (values.length !== boundaries.length + 1) {
    const message = say`${values.length} values for ${boundaries.length} boundaries`;
    const hint = say('give one value more than there are boundaries');
    found.push(conflict([...ratePath, 'values'], message, hint));
  }
  if (boundaries.some((boundary, i) => i > 0 && boundary <= boundaries[i - 1]!)) {
    const message = say('the boundaries do not rise');
    found.push(conflict([...ratePath, 'boundaries'], message, say('put them in order')));
  }
  return found;
}
