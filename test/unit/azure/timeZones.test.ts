/** Zones by the names that Azure wants, for places as everybody else names them. */
import assert from 'node:assert/strict';
import { offsetOf, timeZones, zoneOf } from '../../../src/azure/timeZones.ts';

const winter = new Date('2026-01-15');
const summer = new Date('2026-07-15');

describe('time zones of schedules', () => {
  it('all have a place whose clocks are known', () => {
    for (const { place } of timeZones) assert.match(offsetOf(place, winter), /^GMT/, place);
    assert.equal(new Set(timeZones.map(({ name }) => name)).size, timeZones.length);
    assert.ok(timeZones.every(({ name }) => /^[A-Z][\w. ()]+$/.test(name)));
  });

  it('know summer time', () => {
    assert.equal(offsetOf('Europe/Paris', winter), 'GMT+01:00');
    assert.equal(offsetOf('Europe/Paris', summer), 'GMT+02:00');
  });

  it('are found for places that are not in the list, by their clocks', () => {
    const cases: Readonly<Record<string, string>> = {
      'Asia/Kolkata': 'India Standard Time',
      'Europe/Lisbon': 'GMT Standard Time', // as London, not as Reykjavik without summer time
      'America/Toronto': 'Eastern Standard Time',
      'Pacific/Auckland': 'New Zealand Standard Time',
      UTC: 'UTC',
    };
    for (const [place, name] of Object.entries(cases)) {
      for (const from of [winter, summer]) assert.equal(zoneOf(place, from)?.name, name, place);
    }
    const madrid = zoneOf('Europe/Madrid', winter);
    assert.equal(offsetOf(madrid!.place, summer), offsetOf('Europe/Madrid', summer));
  });

  it('are none where nobody has such clocks', () => {
    assert.equal(zoneOf('Antarctica/Troll', winter), null);
  });
});
