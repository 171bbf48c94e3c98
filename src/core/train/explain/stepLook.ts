import type { ExplainWish } from '../../../shared/protocol/explainStep.ts';
import type { PreparedTraining } from '../prepareTraining.ts';
import type { WorkedStep } from './workedStep.ts';

/** A worked step as somebody looks at it. */
export interface StepLook {
  readonly prepared: PreparedTraining;
  readonly worked: WorkedStep;
  /** The row looked at, of the batch. */
  readonly row: number;
  readonly wish: Pick<ExplainWish, 'units' | 'weight'>;
}
