/** From the outputs of a model for one row to what a person wants to know. */
import type { TrainConfig } from '../../shared/model/trainConfig.ts';
import type { InputRow, Prediction } from '../../shared/protocol/core.ts';
import { elementCount, type Shape } from '../../shared/tensor/tensorType.ts';
import type { TargetTransform } from '../data/preprocessing.ts';

export interface OutputMeaning {
  readonly config: TrainConfig;
  readonly target: TargetTransform;
}

/** `output`: what the last layer gives for the row: probabilities, their logarithms, logits, or numbers. */
export function describePrediction(
  input: InputRow,
  output: Float32Array,
  { config, target }: OutputMeaning,
): Prediction {
  const kind = outputKind(target, config, [output.length]);
  if (target.kind === 'numbers' || kind === 'numbers') {
    const values = [...output];
    return { input, value: values.length === 1 ? values[0]! : values };
  }
  const chances = probabilities(output, kind);
  const names = target.names;
  return {
    input,
    probabilities: Object.fromEntries(names.map((name, i) => [name, chances[i] ?? 0])),
    class: names[chances.indexOf(Math.max(...chances))]!,
  };
}

/**
 * What the outputs mean: numbers; probabilities of the classes or scores that softmax makes such; of two classes
 * with one output the probability of the second, or its logit.
 */
export type OutputKind = 'numbers' | ClassOutput;
export type ClassOutput = 'probabilities' | 'scores' | 'probability' | 'logit';

export function outputKind(
  target: TargetTransform,
  config: TrainConfig,
  outputShape: Shape,
): OutputKind {
  if (target.kind === 'numbers') return 'numbers';
  const { loss } = config.training;
  const logits = 'from_logits' in loss && loss.from_logits;
  const last = lastActivation(config);
  if (elementCount(outputShape) === 1)
    return logits && last !== 'sigmoid' ? 'logit' : 'probability';
  // Exponentials of log-probabilities need no normalising, but it does them no harm.
  return last === 'log_softmax' || (logits && last !== 'softmax') ? 'scores' : 'probabilities';
}

/** Of each class; computed in float64 from the model's outputs. */
export function probabilities(output: Float32Array, kind: ClassOutput): number[] {
  if (kind === 'probabilities') return [...output];
  if (kind === 'scores') return softmax(output);
  const [value = 0] = output;
  const chance = kind === 'logit' ? 1 / (1 + Math.exp(-value)) : value;
  return [1 - chance, chance];
}

function softmax(scores: Float32Array): number[] {
  const most = Math.max(...scores);
  const powers = Array.from(scores, (score) => Math.exp(score - most));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}

function lastActivation({ model }: TrainConfig): string {
  const last = model.at(-1);
  return last !== undefined && 'activation' in last ? last.activation.type : 'linear';
}
