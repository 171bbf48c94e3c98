/** When an instance starts and stops by itself, in documents and for the service. */
import * as z from 'zod';
import { naturalNumber, positiveInteger } from '../../shared/model/schemaKit.ts';
import { wordCodec } from './codecs.ts';
import type { Codec, Place, Tree } from './fields.ts';
import { word } from './parts.ts';

const hours = z.int().min(0).max(23);
const minutes = z.int().min(0).max(59);
const listOf = <Item extends z.ZodType>(item: Item) =>
  z.preprocess(
    (value) => (Array.isArray(value) || value === undefined ? value : [value]),
    z.array(item),
  );
const days = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
] as const;

const start = {
  start_time: z.string().optional().describe('From when on it counts: `2026-01-31T08:00:00`.'),
  time_zone: z.string().optional().describe('Name of the time zone; `UTC` by default.'),
};

const trigger = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('cron'),
    expression: z.string().describe('`minute hour day month weekday`: `0 18 * * 1-5`.'),
    ...start,
  }),
  z.strictObject({
    type: z.literal('recurrence'),
    frequency: word(['minute', 'hour', 'day', 'week', 'month']).describe('How often.'),
    interval: positiveInteger().default(1).describe('Every how many of these.'),
    schedule: z
      .strictObject({
        hours: listOf(hours).describe('Hours of the day.'),
        minutes: listOf(minutes).describe('Minutes of the hour.'),
        week_days: listOf(word(days)).optional().describe('Days of the week.'),
        month_days: listOf(naturalNumber()).optional().describe('Days of the month.'),
      })
      .optional()
      .describe('At which times.'),
    ...start,
  }),
]);

export const schedules = z
  .strictObject({
    compute_start_stop: z
      .array(
        z.strictObject({
          action: word(['start', 'stop']).describe('What happens.'),
          state: word(['enabled', 'disabled']).default('enabled').describe('Whether it counts.'),
          trigger: trigger.describe('When.'),
        }),
      )
      .describe('Starts and stops.'),
  })
  .optional()
  .describe('When the instance starts and stops by itself.');

const actions = wordCodec({ start: 'Start', stop: 'Stop' });
const states = wordCodec({ enabled: 'Enabled', disabled: 'Disabled' });
const frequencies = wordCodec({
  minute: 'Minute',
  hour: 'Hour',
  day: 'Day',
  week: 'Week',
  month: 'Month',
});

export const schedulesCodec: Codec = {
  toService: (value, place) => (value as Tree[]).map((item) => toService(item, place)),
  toDocument: (value, place) =>
    Array.isArray(value) && value.length > 0
      ? (value as Tree[]).map((item) => toDocument(item, place))
      : undefined,
};

function toService({ action, state, trigger: given }: Tree, place: Place): Tree {
  const { expression, frequency, interval, schedule, start_time, time_zone, type } = given as Tree;
  const when = defined({ startTime: start_time, timeZone: time_zone });
  const common = {
    action: actions.toService(action, place),
    status: states.toService(state, place),
  };
  if (type === 'cron') return { ...common, triggerType: 'Cron', cron: { expression, ...when } };
  const recurrence = defined({
    frequency: frequencies.toService(frequency, place),
    interval,
    ...when,
    schedule: schedule === undefined ? undefined : times(schedule as Tree),
  });
  return { ...common, triggerType: 'Recurrence', recurrence };
}

function times({ hours: at, minutes: past, month_days, week_days }: Tree): Tree {
  const weekDays = (week_days as string[] | undefined)?.map(
    (day) => day.charAt(0).toUpperCase() + day.slice(1),
  );
  return defined({ hours: at, minutes: past, monthDays: month_days, weekDays });
}

function toDocument(item: Tree, place: Place): Tree {
  const common = {
    action: actions.toDocument(item['action'], place),
    state: states.toDocument(item['status'] ?? 'Enabled', place),
  };
  const { expression, frequency, interval, schedule, startTime, timeZone } = (item['cron'] ??
    item['recurrence'] ??
    {}) as Tree;
  const when = { start_time: startTime ?? undefined, time_zone: timeZone ?? undefined };
  const own =
    item['triggerType'] === 'Cron'
      ? { type: 'cron', expression, ...when }
      : {
          type: 'recurrence',
          frequency: frequencies.toDocument(frequency, place),
          interval,
          schedule: shownTimes(schedule),
          ...when,
        };
  return { ...common, trigger: defined(own) };
}

function shownTimes(schedule: unknown): Tree | undefined {
  if (typeof schedule !== 'object' || schedule === null) return undefined;
  const { hours: at, minutes: past, monthDays, weekDays } = schedule as Tree;
  const names = (weekDays as string[] | null | undefined)?.map((day) => day.toLowerCase());
  return defined({
    hours: at,
    minutes: past,
    week_days: names,
    month_days: monthDays ?? undefined,
  });
}

function defined(tree: Tree): Tree {
  return Object.fromEntries(Object.entries(tree).filter(([, value]) => value !== undefined));
}
