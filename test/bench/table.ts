/** Medians and spreads of timings, and Markdown tables of them. */
import type { Sample } from './peer.ts';

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Three significant digits, without an exponent. */
export function digits(value: number): string {
  return Number(value.toPrecision(3)).toString();
}

export function markdownTable(
  heads: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(heads), `|${heads.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

export function spread(values: readonly number[]): string {
  return `${digits(Math.min(...values))} - ${digits(Math.max(...values))}`;
}

/** Median, spread and ratio to the first sample, by the clock and of the processor; start-up and memory where told. */
export function timingTable(samples: readonly Sample[], unit: string): string {
  const own = samples[0]!;
  const rows = samples.map(({ name, wall, cpu, startup, reply }) => [
    name,
    digits(median(wall)),
    spread(wall),
    digits(median(wall) / median(own.wall)),
    ...(cpu.length > 0 ? [digits(median(cpu)), digits(median(cpu) / median(own.cpu))] : ['', '']),
    startup.length > 0 ? digits(median(startup)) : '',
    reply.megabytes === undefined ? '' : digits(reply.megabytes),
  ]);
  const heads = ['', unit, 'min - max', '/ ours', 'processor ms', '/ ours', 'start-up ms', 'MB'];
  return markdownTable(heads, rows);
}
