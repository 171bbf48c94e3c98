/** Where a worked step leads: the training as it is after it. So steps of a run on disk can be walked one by one. */
import type { Model } from '../../graph/model.ts';
import type { NamedTensor } from '../../runs/safetensors.ts';
import { optimizerPlaces } from '../weights.ts';
import type { StepMoment } from './stepMoment.ts';
import type { WorkedStep } from './workedStep.ts';

/** Only steps that the training takes lead on, from a moment at which all is known. */
export function leadsOn({ remembers, batch, moment }: WorkedStep): boolean {
  return remembers && batch === moment.batch;
}

/** `learningRateOf`: of an epoch, from 0; callbacks may change it between epochs. */
export async function followingMoment(
  worked: WorkedStep,
  model: Model,
  learningRateOf: (epoch: number) => Promise<number | null>,
): Promise<StepMoment> {
  const { moment, batches, program } = worked;
  const ends = moment.batch + 1 >= batches;
  const epoch = ends ? moment.epoch + 1 : moment.epoch;
  const places = [...model.tensors, ...optimizerPlaces(program.program, model)];
  const tensors: NamedTensor[] = [];
  for (const { name, shape } of places) {
    tensors.push({ name, dtype: 'f32', shape, values: await worked.read(name) });
  }
  return {
    step: moment.step + 1,
    epoch,
    batch: ends ? 0 : moment.batch + 1,
    learningRate: (ends ? await learningRateOf(epoch) : null) ?? moment.learningRate,
    tensors,
  };
}
