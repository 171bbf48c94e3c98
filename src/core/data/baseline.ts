/** What a guess without a model would score on the validation rows. */
import type { Baseline } from '../../shared/protocol/core.ts';
import { mean } from './statistics.ts';
import type { PreparedData } from './preparedData.ts';

type Labelled = Pick<PreparedData, 'train' | 'validation' | 'target'>;

/**
 * Always the commonest class of the training rows (`accuracy`, `correct`, `total`), or always their mean
 * (`mae`, `rmse`, `r2`; `r2` is left out where the validation targets are all equal). Null without validation rows.
 */
export function computeBaseline(data: Labelled): Baseline | null {
  if (data.validation.rows === 0) return null;
  return data.target.kind === 'classes'
    ? majorityBaseline(data, data.target.names)
    : meanBaseline(data);
}

function majorityBaseline({ train, validation }: Labelled, names: readonly string[]): Baseline {
  const counts = names.map(() => 0);
  for (const y of train.y) counts[y] = (counts[y] ?? 0) + 1;
  const guess = counts.indexOf(Math.max(...counts));
  const correct = [...validation.y].filter((y) => y === guess).length;
  const total = validation.rows;
  return {
    kind: 'majority',
    metrics: { accuracy: correct / total, correct, total },
    guess: names[guess]!,
  };
}

function meanBaseline({ train, validation }: Labelled): Baseline {
  const guess = mean(Float64Array.from(train.y));
  const actual = Float64Array.from(validation.y);
  const squares = mean(actual.map((y) => (y - guess) ** 2));
  const center = mean(actual);
  const variance = mean(actual.map((y) => (y - center) ** 2));
  const metrics = { mae: mean(actual.map((y) => Math.abs(y - guess))), rmse: Math.sqrt(squares) };
  return {
    kind: 'mean',
    metrics: variance > 0 ? { ...metrics, r2: 1 - squares / variance } : metrics,
    guess: String(Number(guess.toPrecision(6))),
  };
}
