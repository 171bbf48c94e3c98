import type { Diagnostic } from '../../../shared/diagnostics.ts';
import type { ConfigDocument } from '../../../shared/model/configDocument.ts';
import { listed, suggestion } from '../../../shared/model/suggest.ts';
import type { TrainConfig } from '../../../shared/model/trainConfig.ts';

/** A callback that watches what no epoch has would silently do nothing: that is an error. */
export function checkCallbacks(
  config: TrainConfig,
  document: ConfigDocument,
  hasValidation: boolean,
): Diagnostic[] {
  const names = ['loss', ...config.training.metrics.map(({ type }) => type)];
  const validation = names.map((name) => `val_${name}`);
  const known = hasValidation ? [...names, ...validation] : names;
  return config.callbacks.flatMap((callback, index) => {
    if (!('monitor' in callback) || known.includes(callback.monitor)) return [];
    const { type, monitor } = callback;
    const missing = validation.includes(monitor);
    const why = missing
      ? 'needs validation rows, but `data.split` leaves none'
      : 'is nothing that an epoch records';
    const problem = {
      code: 'config.unknownMonitor',
      message: `${type}: \`monitor: ${monitor}\` ${why}`,
      hint: missing ? `watch one of ${listed(names)}` : suggestion(monitor, known),
    };
    const path = ['callbacks', index, 'monitor'];
    return [document.at(path, problem)];
  });
}
