/**
 * Windows' names of time zones, the only ones that schedules of instances take, with one place for each.
 * @see https://learn.microsoft.com/windows-hardware/manufacture/desktop/default-time-zones
 */
import places from './timeZones.json' with { type: 'json' };

export interface TimeZone {
  /** As Windows and Azure name it: `Romance Standard Time`. */
  readonly name: string;
  /** As the rest of the world does: `Europe/Paris`. */
  readonly place: string;
}

/** Those that no place of its own needs are left out. */
export const timeZones: readonly TimeZone[] = Object.entries(places).map(([name, place]) => ({
  name,
  place,
}));

/** `GMT+02:00` at that moment; `GMT` for UTC. @throws RangeError for what is no place */
export function offsetOf(place: string, moment: Date): string {
  const format = new Intl.DateTimeFormat('en', { timeZone: place, timeZoneName: 'longOffset' });
  return format.formatToParts(moment).find(({ type }) => type === 'timeZoneName')?.value ?? '';
}

/**
 * The zone whose clocks go as those of a place do, all the year from a moment on; one of the same continent if there is
 * one. Null where there is none.
 * @param place `Europe/Madrid`
 */
export function zoneOf(place: string, from: Date): TimeZone | null {
  const continent = place.split('/')[0] ?? '';
  const isNear = (zone: TimeZone) => zone.place.startsWith(`${continent}/`);
  const own = yearOf(place, from);
  const exact = timeZones.find((zone) => zone.place === place);
  const alike = timeZones.filter((zone) => yearOf(zone.place, from) === own);
  return exact ?? alike.find(isNear) ?? alike[0] ?? null;
}

const halfMonthMs = 15 * 86_400_000;

function yearOf(place: string, from: Date): string {
  const format = new Intl.DateTimeFormat('en', {
    timeZone: place,
    dateStyle: 'short',
    timeStyle: 'short',
  });
  const moments = Array.from({ length: 25 }, (_, i) => new Date(from.getTime() + i * halfMonthMs));
  return moments.map((moment) => format.format(moment)).join('\n');
}
