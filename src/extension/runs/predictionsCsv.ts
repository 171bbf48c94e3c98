/** Predictions as a table: the row as it was given, then what the model says of it. */
import type { Prediction } from '../../shared/protocol/core.ts';
import { csvText } from './csv.ts';
import type { Cell } from './csv.ts';

const problemColumn = 'not predicted because';

/**
 * Columns: the input's, `predicted`, and for classes `probability of <class>` each; last, where there are such rows,
 * why a row is not predicted. RFC 4180, with `\n`.
 */
export function predictionsCsv(predictions: readonly Prediction[]): string {
  const rows = predictions.map(toRow);
  const names = new Set(rows.flatMap((row) => Object.keys(row)));
  const header = names.delete(problemColumn) ? [...names, problemColumn] : [...names];
  return csvText([header, ...rows.map((row) => header.map((name) => row[name] ?? null))]);
}

function toRow(prediction: Prediction): Readonly<Record<string, Cell>> {
  const { input, probabilities = {}, class: name, value, problem } = prediction;
  if (problem !== undefined) return { ...input, [problemColumn]: problem };
  const shares = Object.entries(probabilities).map(
    ([label, share]) => [`probability of ${label}`, share] as const,
  );
  return { ...input, ...answer(name ?? value ?? null), ...Object.fromEntries(shares) };
}

/** Several numbers get a column each. */
function answer(value: Cell | readonly number[]): Readonly<Record<string, Cell>> {
  if (!isList(value)) return { predicted: value };
  return Object.fromEntries(value.map((each, i) => [`predicted ${i + 1}`, each]));
}

function isList(value: Cell | readonly number[]): value is readonly number[] {
  return Array.isArray(value);
}
