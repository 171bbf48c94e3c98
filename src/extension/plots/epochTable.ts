/** The epochs of the runs of a plot as a table: all that each of them recorded. */
import type { EpochRecord } from '../../shared/protocol/core.ts';
import type { Cell } from '../runs/csv.ts';

export interface RunEpochs {
  readonly name: string;
  readonly records: readonly EpochRecord[];
}

export interface EpochTable {
  readonly header: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

/** Names of columns are those of the files of a run, so that scripts find them; `run` only where there are several. */
export function epochTable(runs: readonly RunEpochs[]): EpochTable {
  const metrics = [
    ...new Set(runs.flatMap(({ records }) => Object.keys(records.at(-1)?.metrics ?? {}))),
  ];
  const validates = runs.some(({ records }) => records.at(-1)?.val_loss !== undefined);
  const losses = validates ? ['loss', 'val_loss'] : ['loss'];
  const names = [...losses, ...metrics];
  const runColumn = runs.length > 1 ? ['run'] : [];
  const rows = runs.flatMap(({ name, records }) =>
    records.map((record) => {
      const { epoch, step, learning_rate, seconds } = record;
      const own = runs.length > 1 ? [name] : [];
      const values = names.map((column) => valueOf(record, column));
      return [...own, epoch, step, ...values, learning_rate, seconds];
    }),
  );
  return { header: [...runColumn, 'epoch', 'step', ...names, 'learning_rate', 'seconds'], rows };
}

function valueOf({ loss, val_loss, metrics }: EpochRecord, column: string): Cell {
  if (column === 'loss') return loss;
  return (column === 'val_loss' ? val_loss : metrics[column]) ?? null;
}
