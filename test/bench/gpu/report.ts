/** The table of the GPU bench as Markdown. */
import { digits, markdownTable, median, spread } from '../table.ts';
import { type CardPeak, peakFor, peakOf } from './cards.ts';
import type { Line, Work } from './works.ts';

export interface PeerResult {
  readonly name: string;
  device: string | null;
  readonly lines: Line[];
  /** Why (some of) its forms were not measured. */
  missing: string | null;
}

export interface WorkResult {
  readonly work: Work;
  readonly peers: PeerResult[];
}

export function report(
  results: readonly WorkResult[],
  { small }: { readonly small: boolean },
): string {
  const devices = results.flatMap(({ peers }) => peers.flatMap(({ device }) => device ?? []));
  const peak = devices.map(peakOf).find((found) => found !== null) ?? null;
  return `${[
    '# Benchmarks on a GPU',
    `Made by \`npm run bench -- --gpu${small ? ' --small' : ''}\` on ${new Date().toISOString().slice(0, 10)}; how is said in gpu/gpuBench.ts.`,
    ...(small ? ['Small sizes: this shows that everything runs, and says nothing of speed.'] : []),
    `Measured on: ${[...new Set(devices)].join('; ') || 'nothing yet'}. ${peakText(peak)}`,
    ...results.map((result) => section(result, peak)),
  ].join('\n\n')}\n`;
}

function peakText(peak: CardPeak | null): string {
  if (peak === null) return 'Its peak is not known here, so no shares are given.';
  const { float32, tf32, float16 } = peak;
  const tensor = tf32 === undefined ? '' : `, TF32 ${tf32}`;
  return `Stated peak in TFLOP/s: float32 ${float32}${tensor}, float16 ${float16}.`;
}

function section({ work, peers }: WorkResult, peak: CardPeak | null): string {
  const operations = peers
    .flatMap(({ lines }) => lines)
    .find((line) => line.operations)?.operations;
  const rows = peers.flatMap(({ name, lines }) =>
    lines.map((line) => row(name, { operations, ...line }, { ours: peers[0]!, peak })),
  );
  const missing = peers.flatMap(({ name, missing: why }) => (why ? [`${name}: ${why}`] : []));
  const heads = ['', 'ms', 'min - max', 'theirs / ours', 'TFLOP/s', 'share of peak', 'first loss'];
  return [
    `## ${work.title}`,
    ...(rows.length > 0 ? [markdownTable(heads, rows)] : []),
    ...(missing.length > 0 ? [`Not measured, or not all of it: ${missing.join('; ')}.`] : []),
  ].join('\n\n');
}

interface Context {
  readonly ours: PeerResult;
  readonly peak: CardPeak | null;
}

function row(
  peer: string,
  line: Omit<Line, 'operations'> & { operations?: number | undefined },
  context: Context,
): string[] {
  const { form, milliseconds, operations, loss, note } = line;
  const own =
    peer === context.ours.name
      ? undefined
      : context.ours.lines.find((each) => sameArithmetic(each.form, form));
  const time = median(milliseconds);
  const speed = operations === undefined ? null : operations / time / 1e9;
  const most = peakFor(context.peak, form);
  return [
    `${peer}, ${form}${note === undefined ? '' : ` (${note})`}`,
    digits(time),
    spread(milliseconds),
    own === undefined ? '' : `${digits(time / median(own.milliseconds))} x`,
    speed === null ? '' : digits(speed),
    speed === null || most === null ? '' : digits(speed / most),
    loss === undefined ? '' : loss.toFixed(6),
  ];
}

/** Float16 with float16 of the same size, all else with our float32. */
function sameArithmetic(ours: string, theirs: string): boolean {
  const [size] = /^\d+/.exec(theirs) ?? [''];
  const isHalf = (form: string): boolean => /mixed|AMP|float16/.test(form);
  return ours.startsWith(size) && isHalf(ours) === isHalf(theirs);
}
