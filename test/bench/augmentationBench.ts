/** What it costs to change images as they are trained on: W3 with its augmentation and without it. */
import type { Part } from './part.ts';
import { ask, coreCommand, threadCounts } from './peer.ts';
import { digits, markdownTable, median, spread } from './table.ts';

/** Milliseconds of a step, turn by turn. */
interface Reply {
  readonly none: readonly number[];
  readonly inStep: readonly number[];
  readonly ahead: readonly number[];
  /** Steps with images made ahead, and how often one waited for them. */
  readonly steps: number;
  readonly waits: number;
}

export const augmentationSection: Part = ({ node }) => {
  const rows = threadCounts.map((threads) => {
    const work = JSON.stringify({ threads, seconds: 40 });
    const command = coreCommand(node, 'augmentationOurs.ts', work);
    const { none, inStep, ahead, steps, waits } = ask({ name: 'augmentation', command }) as Reply;
    const cells = [none, inStep, ahead].flatMap((ms) => [digits(median(ms)), spread(ms)]);
    const waited = `${waits} of ${steps}`;
    return [`${threads}`, ...cells, ratioOf(inStep, none), ratioOf(ahead, none), waited];
  });
  const forms = ['without', 'in the step', 'a step ahead'];
  const heads = forms.flatMap((form) => [`${form}: ms a step`, 'min - max']);
  return Promise.resolve(
    [
      '## What augmentation costs: W3, batch 32 (samples/cifar10-keras)',
      markdownTable(
        [
          ...['threads', ...heads, 'in the step / without', 'a step ahead / without'],
          'steps that waited for their images',
        ],
        rows,
      ),
      'Ratios are medians over turns of eight steps that alternate. A step ahead is what training does where a core is left for the thread that loads, as with the default number of threads; with as many threads as cores the images are changed in the step, by all threads together. A step waits when its images are not there at its beginning, or those of the next one at its end; the first ones always may. Where a core is free only that can slow training, and it is counted; with a thread on every core the work of loading shows in whatever form, so two cores cannot show two threads that are not slowed.',
    ].join('\n\n'),
  );
};

/** Of turns next to each other. */
function ratioOf(times: readonly number[], base: readonly number[]): string {
  return median(times.map((ms, turn) => ms / base[turn]!)).toFixed(3);
}
