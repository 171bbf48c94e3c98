/** Numbers, rows and times as people read them. */
import { say } from '../shared/language.ts';
import type { Prediction } from '../shared/protocol/core.ts';

/** 4 significant digits: `0.1234`, `1.234e-7`, `NaN`. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value) || Number.isInteger(value)) return String(value);
  const size = Math.abs(value);
  return size >= 1e-4 && size < 1e6 ? String(Number(value.toPrecision(4))) : value.toExponential(3);
}

/** `0:07`, `12:34`, `3:25:45`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (value: number) => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours > 0
    ? `${hours}:${two(minutes)}:${two(whole % 60)}`
    : `${minutes}:${two(whole % 60)}`;
}

/** How long something took: `0.034 s`, `12:34`. */
export function formatElapsed(seconds: number): string {
  return seconds < 60 ? `${Number(seconds.toPrecision(2))} s` : formatDuration(seconds);
}

/** `accuracy 0.98, f1 0.97` */
export function formatMetrics(metrics: Readonly<Record<string, number>>): string {
  return Object.entries(metrics)
    .map(([name, value]) => `${name} ${formatNumber(value)}`)
    .join(', ');
}

/** `Island=1, BodyMass=5000: 2 (0: 0.1 %, 1: 0 %, 2: 99.9 %)` */
export function formatPrediction({ input, probabilities, ...result }: Prediction): string {
  const row = Object.entries(input)
    .map(([name, value]) => `${name}=${value ?? say('missing')}`)
    .join(', ');
  if (result.problem !== undefined) return say`${row}: not predicted: ${result.problem}`;
  const outcome = result.class ?? [result.value ?? []].flat().map(formatNumber).join(', ');
  if (probabilities === undefined) return `${row}: ${outcome}`;
  const shares = Object.entries(probabilities)
    .map(([name, share]) => `${name}: ${Number((share * 100).toFixed(1))} %`)
    .join(', ');
  return `${row}: ${outcome} (${shares})`;
}

/** Rows as lines, indented, the first column padded. */
export function alignColumns(rows: readonly (readonly string[])[]): string {
  const width = Math.max(...rows.map(([first = '']) => first.length));
  return rows
    .map(([first = '', ...rest]) => `  ${first.padEnd(width)}  ${rest.join('  ')}`)
    .join('\n');
}
