import type { ModelContext } from '../../graph/model.ts';
import { createAugmentation, shapeAfter } from '../../augment/augmentation.ts';
import type { ImagePreprocessing } from '../preprocessing.ts';

/** What the model gets of images: augmented where the config says so, then scaled. */
export function imageInputs({
  data,
  shape,
  scale,
}: ImagePreprocessing): Pick<ModelContext, 'inputShape' | 'inputScale' | 'augmented'> {
  // Runs of earlier versions know no augmentation.
  const configs: typeof data.augmentation | undefined = data.augmentation;
  if (configs === undefined || configs.length === 0)
    return { inputShape: shape, inputScale: scale };
  const augmentation = createAugmentation(configs, shape);
  const inputShape = shapeAfter(augmentation, shape);
  return { inputShape, inputScale: scale, augmented: { shape, augmentation } };
}
