/** The output channel "Trainbench": what ran where, on what device, and every error with its stack. */
import { window } from 'vscode';
import { formatDiagnostic } from '../../shared/diagnostics.ts';
import type { CoreContract, RunInfo } from '../../shared/protocol/core.ts';
import type { RunChange, RunRecord } from '../runs/runStore.ts';
import { guardLog } from './guardedLog.ts';
import type { Log } from './guardedLog.ts';

export function createLog(): Log {
  return guardLog(window.createOutputChannel('Trainbench', { log: true }));
}

export function logCoreLine(log: Log, line: CoreContract['events']['log/line']): void {
  if (line.level === 'warning') log.warn(line.message);
  else log[line.level](line.message);
}

/** Where a run is kept and how it ended; its numbers are in the run directory. */
export function logRunChange(log: Log, change: RunChange, run: RunRecord): void {
  if (change.kind === 'run') {
    if (run.info === null) log.info(`Train ${run.file}`);
    else if (change.prepared !== null) logInfo(log, change.prepared);
  } else if (change.kind === 'state' && run.end !== null) {
    log.info(
      `Run ${run.end.status} after ${run.end.step} steps in ${run.end.seconds.toFixed(2)} s.`,
    );
    if (run.end.verdict !== '') log.info(run.end.verdict);
  }
}

function logInfo(log: Log, info: RunInfo): void {
  log.info(`Run folder: ${info.directory}`);
  log.info(`Device: ${info.device}, backend: ${info.backend}`);
  log.info(
    `${info.trainingRows} training rows, ${info.validationRows} validation rows, ` +
      `${info.epochs} epochs of ${info.stepsPerEpoch} steps`,
  );
  for (const diagnostic of info.diagnostics) log.info(formatDiagnostic(diagnostic));
}
