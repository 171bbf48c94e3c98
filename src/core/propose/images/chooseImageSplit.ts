/** Which images training learns from, and which it is measured on. */
import { say } from '../../../shared/language.ts';
import type { ImagesReport } from '../../inspect/imagesReport.ts';
import { chooseShares, type Shares } from '../chooseRows.ts';

export interface ImageSplit {
  /** `test`: the part that comes with the images; then there is nothing to share out. */
  readonly validation: 'test' | null;
  readonly shares: Shares;
  readonly stratify: boolean;
  readonly reason: string;
  /** Samples that training will see. */
  readonly trainRows: number;
}

export function chooseImageSplit(report: ImagesReport): ImageSplit {
  const { train, test, testIsValidation, target } = report;
  const stratify = target.kind === 'classes';
  if (testIsValidation) {
    const reason = say('the images in the folder validation');
    const shares = { train: 1, validation: 0, test: 0 };
    return { validation: 'test', shares, stratify, reason, trainRows: train };
  }
  const shares = test > 0 ? { train: 0.85, validation: 0.15, test: 0 } : chooseShares(train);
  const trainRows = Math.max(1, Math.floor(train * shares.train));
  return { validation: null, shares, stratify, reason: reasonOf(report, shares), trainRows };
}

function reasonOf({ test, target }: ImagesReport, shares: Shares): string {
  const how =
    target.kind === 'classes'
      ? say('each part gets its share of each class')
      : say('shared out at random');
  if (test > 0) return how + say('; the images for tests are kept for `evaluate`');
  return shares.test > 0 ? how + say('; the test images are kept for `evaluate`') : how;
}
