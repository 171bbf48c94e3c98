/** How long a core lets requests wait while each of its steps takes long. */
import type { Core } from '../../src/coreProcess/coreClient.ts';
import { createKerasNetProject } from './kerasNetProject.ts';

export interface Answer {
  readonly request: 'ping' | 'weights' | 'pause' | 'stop';
  readonly milliseconds: number;
  /** Steps that ended between the request and its answer. */
  readonly steps: number;
}

export interface Asked {
  readonly answers: readonly Answer[];
  /** Of a step while nothing was asked: the median. */
  readonly stepMilliseconds: number;
}

export interface AskOptions {
  readonly batchSize: number;
  readonly threads: number;
  /** Of each kind but `stop`. */
  readonly times: number;
}

/** Trains W3 and asks at times that fall into all parts of a step; the largest tensor has 2304 x 512 numbers. */
export async function askWhileTraining(
  { client }: Core,
  { batchSize, threads, times }: AskOptions,
): Promise<Asked> {
  let steps = 0;
  const ends: number[] = [];
  let told = (): void => undefined;
  client.on('run/steps', ({ step }) => {
    steps = step;
    ends.push(performance.now());
    told();
  });
  const nextStep = () => new Promise<void>((resolve) => (told = resolve));
  const file = createKerasNetProject({ images: 2 * batchSize, batchSize, epochs: 100_000 });
  const overrides = { threads };
  const { runId } = await client.request('run/start', { file, overrides, startPaused: false });
  for (let step = 0; step < 5; step++) await nextStep();
  const stepMilliseconds = medianGap(ends.slice(1));

  const answers: Answer[] = [];
  const ask = async (request: Answer['request'], work: () => Promise<unknown>): Promise<void> => {
    const [begun, before] = [performance.now(), steps];
    await work();
    answers.push({ request, milliseconds: performance.now() - begun, steps: steps - before });
  };
  for (let time = 0; time < times; time++) {
    const moment = async (part: number): Promise<void> => {
      await nextStep();
      const share = (part + time / times) / 3;
      await new Promise((resolve) => setTimeout(resolve, share * stepMilliseconds));
    };
    await moment(0);
    // Not the list of devices: it asks drivers, in a process of its own.
    await ask('ping', () => client.request('weights/list', { runId }));
    await moment(1);
    await ask('weights', () => client.request('weights/read', { runId, name: 'hidden/kernel' }));
    await moment(2);
    await ask('pause', () => client.request('run/pause', { runId }));
    await client.request('run/continue', { runId });
  }
  await nextStep();
  await new Promise((resolve) => setTimeout(resolve, stepMilliseconds / 3));
  await ask('stop', () => client.request('run/stop', { runId }));
  return { answers, stepMilliseconds };
}

function medianGap(moments: readonly number[]): number {
  const gaps = moments.slice(1).map((moment, i) => moment - moments[i]!);
  return gaps.toSorted((a, b) => a - b)[gaps.length >> 1]!;
}
