/** Medians and spreads of timings, and Markdown tables of them. */

export interface Timing {
  readonly peer: string;
  readonly milliseconds: readonly number[];
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Rows are peers in the order given; `ratio` is the peer's median over that of `ours`. */
export function timingTable(timings: readonly Timing[], ours: string): string {
  const own = timings.find(({ peer }) => peer === ours);
  if (own === undefined) throw new Error(`no timing of ${ours}`);
  const base = median(own.milliseconds);
  const rows = timings.map(({ peer, milliseconds }) => {
    const [middle, low, high] = [
      median(milliseconds),
      Math.min(...milliseconds),
      Math.max(...milliseconds),
    ];
    return `| ${peer} | ${digits(middle)} | ${digits(low)} - ${digits(high)} | ${digits(middle / base)} |`;
  });
  return ['| | median ms | min - max | / ours |', '|---|---|---|---|', ...rows].join('\n');
}

/** Three significant digits, without an exponent. */
export function digits(value: number): string {
  return Number(value.toPrecision(3)).toString();
}
