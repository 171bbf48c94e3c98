import type { Diagnostic } from '../../../shared/diagnostics.ts';
import { say } from '../../../shared/language.ts';
import type { ConfigDocument } from '../../../shared/model/configDocument.ts';
import type { TrainConfig } from '../../../shared/model/trainConfig.ts';

/**
 * A callback that watches validation rows which turn out not to exist would silently do nothing: that is
 * an error. What can be known without the data is checked with the config.
 */
export function checkCallbacks(
  { callbacks }: TrainConfig,
  document: ConfigDocument,
  validationRows: number,
): Diagnostic[] {
  if (validationRows > 0) return [];
  return callbacks.flatMap((callback, index) => {
    if (!('monitor' in callback) || !callback.monitor.startsWith('val_')) return [];
    const { type, monitor } = callback;
    const problem = {
      code: 'config.conflict',
      message: say`${type} watches \`${monitor}\`, but no row is marked for validation`,
      hint: say`watch \`${monitor.slice('val_'.length)}\`, or mark rows for validation`,
    };
    return [document.at(['callbacks', index, 'monitor'], problem)];
  });
}
