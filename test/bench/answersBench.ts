/** How soon a core answers while it trains W3 in steps of half a second and more. Build first. */
import { availableParallelism } from 'node:os';
import { type Answer, askWhileTraining } from '../kit/askWhileTraining.ts';
import { disposeCores, forkRealCore } from '../kit/realCore.ts';
import { digits, markdownTable } from './table.ts';

const batchSize = 512;
const kinds = ['ping', 'weights', 'pause', 'stop'] as const satisfies Answer['request'][];

export async function answersSection(): Promise<string> {
  const rows: string[][] = [];
  for (const threads of [1, 2].filter((count) => count <= availableParallelism())) {
    const { answers, stepMilliseconds } = await askWhileTraining(forkRealCore(), {
      batchSize,
      threads,
      times: 10,
    });
    await disposeCores();
    const longest = kinds.map((kind) => {
      const own = answers.filter(({ request }) => request === kind);
      return digits(Math.max(...own.map(({ milliseconds }) => milliseconds)));
    });
    rows.push([`${threads}`, digits(stepMilliseconds), ...longest]);
  }
  return [
    `## Answers while W3 trains at batch ${batchSize}, milliseconds`,
    '',
    markdownTable(['threads', 'a step', 'ping', 'weights', 'pause', 'stop'], rows),
    '',
    'The longest of 10 answers each, of one for stop, which ends when the run is on the disk. Ping: the names of the tensors, for which the core need not look at the run. Weights: the largest tensor, 4.7 MB. Target: 100 ms.',
    '',
  ].join('\n');
}
