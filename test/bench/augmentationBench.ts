/** What it costs to change images as they are trained on: W3 with its augmentation and without it. */
import type { Part } from './part.ts';
import { ask, coreCommand, threadCounts } from './peer.ts';
import { digits, markdownTable, median, spread } from './table.ts';

/** Milliseconds of a step, turn by turn. */
interface Reply {
  readonly none: readonly number[];
  readonly inStep: readonly number[];
  readonly ahead: readonly number[];
}

export const augmentationSection: Part = ({ node }) => {
  const rows = threadCounts.map((threads) => {
    const work = JSON.stringify({ threads, seconds: 40 });
    const command = coreCommand(node, 'augmentationOurs.ts', work);
    const { none, inStep, ahead } = ask({ name: 'augmentation', command }) as Reply;
    const cells = [none, inStep, ahead].flatMap((ms) => [digits(median(ms)), spread(ms)]);
    return [`${threads}`, ...cells, ratioOf(inStep, none), ratioOf(ahead, none)];
  });
  const forms = ['without', 'in the step', 'a step ahead'];
  const heads = forms.flatMap((form) => [`${form}: ms a step`, 'min - max']);
  return Promise.resolve(
    [
      '## What augmentation costs: W3, batch 32 (samples/cifar10-keras)',
      markdownTable(['threads', ...heads, 'in the step / without', 'a step ahead / without'], rows),
      'Ratios are medians over turns of eight steps that alternate. A step ahead is what training does where a core is left for the thread that loads, as with the default number of threads; with as many threads as cores the images are changed in the step, by all threads together.',
    ].join('\n\n'),
  );
};

/** Of turns next to each other. */
function ratioOf(times: readonly number[], base: readonly number[]): string {
  return median(times.map((ms, turn) => ms / base[turn]!)).toFixed(3);
}
