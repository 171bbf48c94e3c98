/** Rows that are measured on although training has seen them. */
import { setImmediate } from 'node:timers/promises';
import type { LeakReport } from '../../shared/protocol/dataReport.ts';
import { countKnown, createHash53 } from './hashRows.ts';
import type { PreparedData, SplitData } from './preparedData.ts';

type Pause = () => Promise<void>;

/** Lets other requests in; throws only the abort reason. */
export function pauseFor(signal: AbortSignal | undefined): Pause {
  return async () => {
    await setImmediate();
    signal?.throwIfAborted();
  };
}

/** Rows of the other parts that training has seen: as the model sees them, after the preprocessing. */
export async function findLeaks(data: PreparedData, pause: Pause): Promise<LeakReport[]> {
  const reports: LeakReport[] = [];
  const inputs = (await hashRows(data.train, 'inputs', pause)).sort();
  const whole = (await hashRows(data.train, 'whole', pause)).sort();
  for (const part of ['validation', 'test'] as const) {
    const rows = data[part];
    if (rows === null || rows.rows === 0) continue;
    const sameInputs = countKnown(await hashRows(rows, 'inputs', pause), inputs);
    const sameTarget = countKnown(await hashRows(rows, 'whole', pause), whole);
    reports.push({ part, rows: rows.rows, sameInputs, sameTarget });
  }
  return reports;
}

/** More values are not worth their time before a training. */
const mostHashed = 5e7;

/**
 * Validation rows that training has too, inputs and target; null where nobody counted, because they are too many or
 * none.
 */
export async function countSeenRows(
  { train, validation }: Pick<PreparedData, 'train' | 'validation'>,
  signal?: AbortSignal,
): Promise<number | null> {
  if (validation.rows === 0 || train.x.length + validation.x.length > mostHashed) return null;
  const pause = pauseFor(signal);
  const known = (await hashRows(train, 'whole', pause)).sort();
  return countKnown(await hashRows(validation, 'whole', pause), known);
}

/** A hash for each row, of its inputs or of inputs and target. */
async function hashRows(
  { x, y, rows }: SplitData,
  what: 'inputs' | 'whole',
  pause: Pause,
): Promise<Float64Array> {
  await pause();
  const hash = createHash53();
  const bits = x instanceof Uint8Array ? x : new Int32Array(x.buffer, x.byteOffset, x.length);
  const targets = new Int32Array(y.buffer, y.byteOffset, y.length);
  const addAll = (values: Int32Array | Uint8Array, row: number): void => {
    const width = values.length / rows;
    for (let i = row * width; i < (row + 1) * width; i++) hash.add(values[i]!);
  };
  return Float64Array.from({ length: rows }, (_, row) => {
    addAll(bits, row);
    if (what === 'whole') addAll(targets, row);
    return hash.take();
  });
}
