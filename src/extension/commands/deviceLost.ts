/** Says that the device of a run has failed, and offers to go on from the last checkpoint on it or on another one. */
import { l10n, window } from 'vscode';
import type { Disposes } from '../lifetime.ts';
import { followDeviceFailures } from '../runs/otherDevice.ts';
import type { Services } from '../services.ts';
import { resumeRun } from './savedRun.ts';

export function offerOtherDevice(services: Services): Disposes {
  return followDeviceFailures(services.store, {
    translate: (message, ...args) => l10n.t(message, ...args),
    ask: (message, titles) => window.showWarningMessage(message, ...titles),
    resume: (directory, device) => resumeRun(services, directory, { device }),
    run: (work) => void services.actions.run('resume elsewhere', work),
  });
}
