/** A run as one JSON object per line on stdout: epochs, and one `end` in every case. Warnings go to stderr. */
import { toWireError } from '../shared/errors.ts';
import { stringifyNumbers } from '../shared/jsonNumbers.ts';
import type { RunInfo } from '../shared/protocol/core.ts';
import type { CommandContext } from './command.ts';
import { diagnosticLine } from './failure.ts';
import type { Reporter } from './reporter.ts';

export function jsonReporter({ terminal, paths }: CommandContext): Reporter {
  const started = performance.now();
  const print = (value: object) => terminal.print(stringifyNumbers(value));
  let known: RunInfo | null = null;
  return {
    begin(info) {
      known = info;
      for (const d of info.diagnostics) terminal.note(diagnosticLine(d, paths));
    },
    steps: (mean) => print({ type: 'steps', ...mean }),
    epoch({ epoch, epochs, loss, val_loss, metrics, seconds }) {
      const validation = val_loss === undefined ? {} : { val_loss };
      print({ type: 'epoch', epoch, epochs, loss, ...validation, metrics, seconds });
    },
    end({ directory: run, backend, device }, { status, seconds, error }) {
      const why =
        error === undefined ? {} : { error: { code: error.code, message: error.message } };
      print({ type: 'end', status, run, backend, device, seconds, ...why });
      return Promise.resolve();
    },
    failed(error) {
      const { directory: run = null, backend = null, device = null } = known ?? {};
      const seconds = (performance.now() - started) / 1000;
      const { code, message } = toWireError(error);
      const end = { type: 'end', status: 'failed', run, backend, device, seconds };
      print({ ...end, error: { code, message } });
    },
  };
}
