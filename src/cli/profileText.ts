/** Where a step goes, as a table for a terminal. */
import type { MemoryUse, Pass } from '../shared/kernelInfo.ts';
import { say } from '../shared/language.ts';
import { formatBytes } from '../shared/numberFormat.ts';
import type { Profile, ProfiledKernel } from '../shared/protocol/profile.ts';
import {
  figuresOf,
  kernelTitle,
  layersText,
  type Figures,
} from '../shared/protocol/profileFigures.ts';
import { formatNumber } from './format.ts';

/** Kernels by falling time, a line for all of them, and the memory. */
export function profileText(profile: Profile): string {
  const byTime = profile.kernels.toSorted((a, b) => b.milliseconds - a.milliseconds);
  const rows = byTime.map((kernel) => kernelRow(kernel, figuresOf(kernel, profile)));
  return [
    ...headLines(profile),
    '',
    ...tableLines([titles(), ...rows, totalRow(profile)]),
    '',
    ...(profile.memory === null ? [] : [memoryText(profile.memory)]),
  ].join('\n');
}

function headLines(profile: Profile): string[] {
  const { name, batchSize, device, backend, threads, steps, busy } = profile;
  const { stepMilliseconds, kernelMilliseconds } = profile;
  const [step, timed] = [stepMilliseconds, kernelMilliseconds].map(formatNumber) as [
    string,
    string,
  ];
  return [
    threads === 1
      ? say`A step of ${name}: batch ${batchSize}, 1 thread on ${device} (${backend})`
      : say`A step of ${name}: batch ${batchSize}, ${threads} threads on ${device} (${backend})`,
    say`${step} ms as it is trained; ${timed} ms in kernels timed one by one over ${steps} steps`,
    ...(busy ? [say('A training ran meanwhile: alone, all of this is quicker.')] : []),
  ];
}

function titles(): string[] {
  return [
    say('share'),
    'ms',
    'GFLOP/s',
    'GB/s',
    say('bytes'),
    say('layer'),
    say('pass'),
    say('what'),
  ];
}

function kernelRow(kernel: ProfiledKernel, figures: Figures): string[] {
  const { milliseconds, bytes, origins, shape, form } = kernel;
  const [main] = origins;
  const how = form === null ? '' : ` (${form})`;
  return [
    ...figureCells(figures, milliseconds, bytes),
    layersText(kernel, (layers) => say`${layers} layers`),
    main === undefined ? '' : passName(main.pass),
    `${kernelTitle(kernel)} [${shape.join(', ')}]${how}`,
  ];
}

function totalRow(profile: Profile): string[] {
  const sum = (of: (kernel: ProfiledKernel) => number) =>
    profile.kernels.reduce((total, kernel) => total + of(kernel), 0);
  const milliseconds = profile.kernelMilliseconds;
  const all = { milliseconds, operations: sum((k) => k.operations), bytes: sum((k) => k.bytes) };
  const figures = figuresOf(all, profile);
  return [...figureCells(figures, milliseconds, all.bytes), '', '', say('all kernels')];
}

function figureCells(figures: Figures, milliseconds: number, bytes: number): string[] {
  const { share, gigaflops, gigabytes } = figures;
  return [
    `${(share * 100).toFixed(1)} %`,
    milliseconds.toPrecision(3),
    gigaflops > 0 ? gigaflops.toFixed(1) : '',
    gigabytes > 0 ? gigabytes.toFixed(1) : '',
    formatBytes(bytes),
  ];
}

export function passName(pass: Pass): string {
  const names: Readonly<Record<Pass, () => string>> = {
    data: () => say('data'),
    forward: () => say('forward'),
    loss: () => say('loss'),
    metrics: () => say('metrics'),
    inputGradient: () => say('input gradient'),
    weightGradient: () => say('weight gradient'),
    update: () => say('update'),
  };
  return names[pass]();
}

/** Bytes of a training while a step runs. */
export function memoryText({ data, state, columns, working, total }: MemoryUse): string {
  const [forData, forState, forColumns, forWork] = [data, state, columns, working].map((bytes) =>
    formatBytes(bytes),
  ) as [string, string, string, string];
  const all = formatBytes(total);
  return say`Memory: ${all}: ${forWork} for the values of a step at their peak, ${forState} for weights and optimizer, ${forColumns} for results, ${forData} for the data`;
}

/** The first five columns hold numbers, which stand at the right. */
function tableLines(rows: readonly (readonly string[])[]): string[] {
  const numbers = 5;
  const widths = rows[0]!.map((_, c) => Math.max(...rows.map((row) => row[c]!.length)));
  return rows.map((row) =>
    row
      .map((cell, c) => (c < numbers ? cell.padStart(widths[c]!) : cell.padEnd(widths[c]!)))
      .join('  ')
      .trimEnd(),
  );
}
