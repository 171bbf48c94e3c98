import { elementCount } from '../../shared/tensor/tensorType.ts';
import type { InputMoments } from '../graph/model.ts';
import { imageReader } from './images/fitScale.ts';
import type { PreparedData } from './preparedData.ts';

/** Mean and variance of each feature (the last axis) over the training rows, as the model gets them. In float64. */
export function inputMoments(data: PreparedData): InputMoments {
  const { train, inputScale = null, augmented = null } = data;
  const shape = augmented?.shape ?? data.inputShape;
  const features = shape.at(-1) ?? 1;
  const row = new Float64Array(elementCount(shape));
  const { rows: count, x } = train;
  const scale = inputScale ?? { dtype: 'f32', divisor: 1, mean: [0], std: [1] };
  const read = imageReader(scale, { shape, train: { count, x, y: new Int32Array(0) } });
  const mean = new Float64Array(features);
  const squares = new Float64Array(features);
  // The deviation from the first row: large values with a small variance keep their digits.
  const first = new Float64Array(features);
  for (let i = 0; i < count; i++) {
    read(i, row);
    if (i === 0) first.set(row.subarray(0, features));
    for (let j = 0; j < row.length; j++) {
      const value = row[j]! - first[j % features]!;
      mean[j % features]! += value;
      squares[j % features]! += value * value;
    }
  }
  const values = (count * row.length) / features;
  const variance = squares.map((sum, f) => Math.max(0, sum / values - (mean[f]! / values) ** 2));
  return { mean: mean.map((sum, f) => sum / values + first[f]!), variance };
}
