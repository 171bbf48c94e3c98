import type { Diagnostic } from '../../shared/diagnostics.ts';
import { say } from '../../shared/language.ts';
import type { ConfigDocument } from '../../shared/model/configDocument.ts';
import type { TrainConfig } from '../../shared/model/trainConfig.ts';

/** A training too short for a single update would change no weight. */
export function checkAccumulation(
  { training }: TrainConfig,
  document: ConfigDocument,
  trainingRows: number,
): Diagnostic[] {
  const { gradient_accumulation_steps: every, batch_size: batch, epochs } = training;
  const steps = epochs * Math.ceil(trainingRows / batch);
  if (steps >= every || trainingRows === 0) return [];
  const problem = {
    code: 'config.conflict',
    message: say`one update takes ${every} steps, and the training has only ${steps}: no weight would change`,
    hint: say('gather fewer steps, or train for more epochs'),
  };
  return [document.at(['training', 'gradient_accumulation_steps'], problem)];
}
