/** Asks when an instance stops each day: at what time, and by the clocks of which place. */
import { l10n } from 'vscode';
import { offsetOf, timeZones, zoneOf } from '../../../azure/timeZones.ts';
import type { TimeZone } from '../../../azure/timeZones.ts';
import type { ComputeAnswers } from './computeAnswers.ts';
import { pickStep, textStep } from './form.ts';
import type { Choice, Step } from './formTypes.ts';

export function scheduleSteps(
  when: (answers: ComputeAnswers) => boolean,
): readonly Step<ComputeAnswers>[] {
  const isTime = (text: string) => /^([01]?\d|2[0-3]):[0-5]\d$/.test(text);
  return [
    textStep<ComputeAnswers>({
      when,
      question: l10n.t('Stop each day at what time? Leave it empty for no schedule.'),
      placeholder: '18:30',
      check: (text) =>
        text.trim() === '' || isTime(text.trim())
          ? null
          : { severity: 'error', text: l10n.t('A time such as 18:30, or nothing.') },
      take: (text, { form }) => ({ form: { ...form, stopAt: text.trim() } }),
    }),
    pickStep<ComputeAnswers>({
      when: (answers) => when(answers) && (answers.form?.stopAt ?? '') !== '',
      question: l10n.t('By the clocks of which place?'),
      choices: ({ form }) => zoneChoices(form?.stopAt ?? '', new Date()),
    }),
  ];
}

/** The place of this machine comes first. */
function zoneChoices(time: string, now: Date): readonly Choice<ComputeAnswers>[] {
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const own = zoneOf(here, now);
  const choice = ({ name, place }: TimeZone, at = place): Choice<ComputeAnswers> => ({
    label: `${at} (${offsetOf(at, now)})`,
    description: name,
    answers: { schedules: stopAt(time, name) },
  });
  const rest = timeZones
    .filter(({ place }) => place !== here)
    .toSorted((a, b) => a.place.localeCompare(b.place))
    .map((zone) => choice(zone));
  if (own === null) return rest;
  const detail = l10n.t('Where this machine is');
  return [{ ...choice(own, here), detail, isDefault: true }, ...rest];
}

/** Each day, also through changes of summer time. */
function stopAt(time: string, zone: string): object {
  const [hour = '0', minute = '0'] = time.split(':');
  const expression = `${Number(minute)} ${Number(hour)} * * *`;
  const trigger = { type: 'cron', expression, time_zone: zone };
  return { compute_start_stop: [{ action: 'stop', state: 'enabled', trigger }] };
}
