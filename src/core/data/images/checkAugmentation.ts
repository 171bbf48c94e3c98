import { say } from '../../../shared/language.ts';
import type { ImageConfig } from '../../../shared/model/trainConfig.ts';
import type { Report } from '../report.ts';
import type { SampleSet } from './samples.ts';

/** Whether the transforms of a config can be done to its images; what cannot is reported. */
export function checkAugmentation(
  { data: { augmentation, normalize } }: ImageConfig,
  { shape, train }: Pick<SampleSet, 'shape' | 'train'>,
  report: Report,
): void {
  if (augmentation.length === 0) return;
  if (train.x instanceof Uint8Array) checkFilling(augmentation, report);
  if (shape.length !== 3) {
    report.at(['data', 'augmentation'], {
      code: 'data.notImages',
      message: say`\`augmentation\` is for images of height, width and channels; these data have the shape ${shape.join(' x ')}`,
      hint: say('remove it'),
    });
    return;
  }
  let [height = 0, width = 0] = shape;
  for (const [index, transform] of augmentation.entries()) {
    if (transform.type !== 'RandomCrop') continue;
    if (transform.height > height || transform.width > width) {
      report.at(['data', 'augmentation', index, transform.height > height ? 'height' : 'width'], {
        code: 'data.cropTooLarge',
        message: say`RandomCrop takes ${transform.height} x ${transform.width} pixels out of images of ${height} x ${width}`,
        hint: say('crop less, or make the images larger with `image_size`'),
      });
      return;
    }
    ({ height, width } = transform);
    if (!normalize.zca_whitening) continue;
    report.at(['data', 'augmentation', index], {
      code: 'config.conflict',
      message: say(
        '`zca_whitening` is measured on whole images, and RandomCrop gives pieces of them',
      ),
      hint: say('remove one of them'),
    });
  }
}

/** Bytes go from 0 to 255. */
function checkFilling(augmentation: ImageConfig['data']['augmentation'], report: Report): void {
  for (const [index, transform] of augmentation.entries()) {
    if (!('fill_value' in transform)) continue;
    const key = transform.cval === undefined ? 'fill_value' : 'cval';
    const value = transform.cval ?? transform.fill_value;
    if (value >= 0 && value <= 255) continue;
    report.at(['data', 'augmentation', index, key], {
      code: 'config.outOfRange',
      message: say`\`${key}\` is ${value}, and the pixels of these images go from 0 to 255`,
      hint: say('give a number in between'),
    });
  }
}
