/** From a look at images or arrays to a config that trains on them. */
import path from 'node:path';
import { AppError } from '../../../shared/errors.ts';
import { say } from '../../../shared/language.ts';
import type { ImagesReport } from '../../inspect/imagesReport.ts';
import { fewestRows } from '../chooseTarget.ts';
import { chooseImageSplit } from './chooseImageSplit.ts';
import { chooseNetwork } from './chooseNetwork.ts';
import { imageConfigText } from './imageConfigText.ts';

/** @returns the text of a config in `folder`. @throws AppError `input.invalid` where there is too little to learn from. */
export function proposeImages(report: ImagesReport, folder: string): string {
  const { place, train, target } = report;
  if (train < fewestRows) {
    const message =
      train === 1
        ? say`${place} has 1 image to train on: too few to learn from and to validate with`
        : say`${place} has ${train} images to train on: too few to learn from and to validate with`;
    throw new AppError('input.invalid', message);
  }
  if (target.kind === 'classes' && target.classes.length < 2) {
    const message = say`${place} has images of one class only: there is nothing to learn`;
    throw new AppError('input.invalid', message);
  }
  const split = chooseImageSplit(report);
  const network = chooseNetwork(report, split.trainRows);
  const pathOf = (file: string) => {
    return path.relative(folder, file).replaceAll(path.sep, '/') || '.';
  };
  return imageConfigText({ report, pathOf, split, network });
}
