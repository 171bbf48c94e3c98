/** Answers about what can train here. */
import type { Area, SessionHost } from './session.ts';

export function deviceHandlers({ listDevices }: SessionHost): Area<'device'> {
  return { 'device/list': async () => ({ devices: await listDevices() }) };
}
