/** Layers, batch size and epochs by the numbers of rows, inputs and outputs. */
import { say } from '../../shared/language.ts';
import type { NumberReport } from '../../shared/protocol/dataReport.ts';
import type { TargetChoice } from './chooseTarget.ts';

export interface ModelChoice {
  readonly hidden: readonly number[];
  readonly dropout: number | null;
  readonly reason: string;
  /** Units of the last layer. */
  readonly outputs: number;
  /** Brings what the model gives to the unit of a target of numbers; null where they are about 1 already. */
  readonly unit: { readonly mean: number; readonly std: number } | null;
  readonly batchSize: number;
  readonly epochs: number;
  readonly patience: number;
}

/** Steps after which a small network has learned most of what it can. */
const typicalSteps = 6000;

export function chooseModel(target: TargetChoice, width: number, rows: number): ModelChoice {
  const isClass = target.task === 'classification';
  const outputs = isClass ? target.column.distinct : 1;
  const units = hiddenUnits(width, outputs, rows);
  const hidden = rows < 100 ? [units] : [units, units];
  const batchSize = batchSizeFor(rows);
  const steps = Math.ceil(rows / batchSize);
  const epochs = Math.min(300, 10 * Math.ceil(typicalSteps / steps / 10));
  return {
    hidden,
    dropout: parameters(width, hidden, outputs) > 4 * rows && rows >= 100 ? 0.2 : null,
    reason: modelReason(hidden, width, rows),
    outputs,
    unit: isClass ? null : unitOf(target.column.numbers!),
    batchSize,
    epochs,
    patience: Math.max(5, Math.round(epochs / 10)),
  };
}

function modelReason(hidden: readonly number[], width: number, rows: number): string {
  const [units = 0] = hidden;
  const layers =
    hidden.length === 1 ? say`one layer of ${units} units` : say`two layers of ${units} units`;
  const inputs = width === 1 ? say('1 input') : say`${width} inputs`;
  return rows === 1
    ? say`${layers} for ${inputs} and 1 training row`
    : say`${layers} for ${inputs} and about ${rows} training rows`;
}

/** About twice the inputs, a power of two, and the fewer the fewer rows there are to learn from. */
function hiddenUnits(width: number, outputs: number, rows: number): number {
  const most = rows < 100 ? 8 : rows < 1000 ? 32 : rows < 10_000 ? 64 : rows < 100_000 ? 128 : 256;
  const wanted = powerOfTwo(Math.max(2 * width, outputs));
  return Math.min(most, Math.max(rows < 100 ? 8 : 16, wanted));
}

function powerOfTwo(atLeast: number): number {
  return 2 ** Math.ceil(Math.log2(atLeast));
}

function batchSizeFor(rows: number): number {
  if (rows < 200) return 8;
  if (rows < 1000) return 16;
  if (rows < 10_000) return 32;
  return rows < 100_000 ? 64 : rows < 1_000_000 ? 128 : 256;
}

function parameters(width: number, hidden: readonly number[], outputs: number): number {
  const sizes = [width, ...hidden, outputs];
  return sizes.slice(1).reduce((sum, size, i) => sum + (sizes[i]! + 1) * size, 0);
}

function unitOf({ mean, std }: NumberReport): ModelChoice['unit'] {
  return Math.abs(mean) <= 2 && std >= 0.3 && std <= 3 ? null : { mean, std };
}
