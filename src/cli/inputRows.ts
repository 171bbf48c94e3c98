/** Rows of input as JSON gives them. */
import { say } from '../shared/language.ts';
import type { InputRow } from '../shared/protocol/core.ts';
import { badArguments } from './arguments.ts';

/**
 * A row, or a list of them.
 * @param name what the text is called in messages
 * @throws AppError `input.invalid`
 */
export function parseRows(text: string, name: string): readonly InputRow[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw badArguments(say`${name} is not JSON: ${reason}`);
  }
  const rows: unknown[] = Array.isArray(value) ? value : [value];
  const wrong = rows.find((row) => !isInputRow(row));
  if (wrong === undefined) return rows as InputRow[];
  throw badArguments(
    say`${name} must be an object of feature names with text, numbers or null, or a list of those; it has ${JSON.stringify(wrong)}`,
  );
}

function isInputRow(value: unknown): value is InputRow {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.values(value).every(
    (cell) => cell === null || typeof cell === 'string' || typeof cell === 'number',
  );
}
