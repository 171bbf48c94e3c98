/** What a plot's page keeps for a reload of the window, as far as the host needs it. */
import { parseTexts } from '../../shared/plot/look.ts';
import { parseKeptRun } from '../panels/keptRun.ts';

export interface KeptPlot {
  /** Of the first run. */
  readonly directory: string;
  readonly others: readonly string[];
}

/** Null where there is nothing to plot; another version of ours may have kept it. */
export function parseKeptPlot(kept: unknown): KeptPlot | null {
  const first = parseKeptRun(kept);
  if (first === null) return null;
  const { others } = kept as { readonly others?: unknown };
  return { ...first, others: parseTexts(others) ?? [] };
}
