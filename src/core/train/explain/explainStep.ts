/** What a person is told of a worked step: see ExplainedStep. */
import type {
  ExplainedLoss,
  ExplainedStep,
  ExplainWish,
} from '../../../shared/protocol/explainStep.ts';
import type { PreparedTraining } from '../prepareTraining.ts';
import { describeAnswer } from './describeAnswer.ts';
import { describeLayers } from './describeLayers.ts';
import { describeRows } from './describeRows.ts';
import { describeUpdate } from './describeUpdate.ts';
import type { StepLook } from './stepLook.ts';
import type { WorkedStep } from './workedStep.ts';

export interface ExplainOptions {
  /** Of the run. */
  readonly name: string;
  readonly prepared: PreparedTraining;
  readonly wish: Pick<ExplainWish, 'row' | 'units' | 'weight'>;
  /** Whose turn it is. */
  readonly nextBatch: number;
}

/** @throws AppError `input.invalid` for a layer, unit or weight that the model has not. */
export async function explainStep(
  worked: WorkedStep,
  { name, prepared, wish, nextBatch }: ExplainOptions,
): Promise<ExplainedStep> {
  const rows = worked.rows.length;
  const row = Math.max(0, Math.min(rows - 1, wish.row));
  const look: StepLook = { prepared, worked, row, wish };
  const { moment, batch, batches, remembers } = worked;
  const layers = await describeLayers(look);
  return {
    name,
    step: moment.step,
    epoch: moment.epoch + 1,
    batch,
    batches,
    rows,
    row,
    isNext: batch === nextBatch,
    remembers,
    data: await describeRows(look),
    layers,
    answer: await describeAnswer(look),
    loss: await describeLoss(look),
    update: await describeUpdate(look, layers),
  };
}

async function describeLoss({ prepared, worked, row }: StepLook): Promise<ExplainedLoss> {
  const { loss, rowLosses, rowWeights, lossAfter } = worked.program;
  const one = async (buffer: string, at = 0) => (await worked.read(buffer, at, 1))[0]!;
  return {
    config: prepared.config.training.loss,
    row: await one(rowLosses.buffer, row),
    weight: rowWeights && (await one(rowWeights.buffer, row)),
    batch: await one(loss.buffer),
    after: await one(lossAfter.buffer),
  };
}
