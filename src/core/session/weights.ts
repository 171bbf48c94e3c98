/** Answers about weights: of runs in training and of those on disk. */
import { AppError } from '../../shared/errors.ts';
import { say } from '../../shared/language.ts';
import type { RunId, WeightsSource } from '../../shared/protocol/core.ts';
import { openRunFiles } from '../runs/openRun.ts';
import { readStoredTensor, snapshotHistory } from '../runs/storedTensor.ts';
import { tensorTile, type TileSource } from '../tensors/tile.ts';
import { storedModel } from '../train/storedRun.ts';
import { tensorSummaries } from '../train/weights.ts';
import type { TrainingRun } from '../train/trainingRun.ts';
import type { Area } from './session.ts';

/** `find` gives a run of this process. */
export function weightsHandlers(find: (runId: RunId) => TrainingRun): Area<'weights'> {
  return {
    'weights/list': ({ runId }) => ({ tensors: find(runId).tensors }),
    'weights/read': ({ runId, name }) => find(runId).readTensor(name),
    async 'weights/history'({ directory }) {
      const opened = await openRunFiles(directory);
      const { name, stepsPerEpoch } = opened.record;
      const tensors = tensorSummaries(storedModel(opened).model);
      return { name, tensors, snapshots: await snapshotHistory(directory, stepsPerEpoch) };
    },
    async 'weights/tile'({ source, name, ...wish }) {
      return tensorTile(await tensorOf(find, source, name), wish);
    },
  };
}

async function tensorOf(
  find: (runId: RunId) => TrainingRun,
  source: WeightsSource,
  name: string,
): Promise<TileSource> {
  if ('runId' in source) return find(source.runId).readTensor(name);
  const { step, shape, values } = await readStoredTensor(source.directory, source.step, name);
  if (values instanceof Float32Array) return { step, shape, values };
  throw new AppError('run.corrupt', say`${name} of ${source.directory} holds no weights`);
}
