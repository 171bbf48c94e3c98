/** How much arithmetic a value is, from shapes alone: see KernelInfo. */
import { elementCount } from '../../../shared/tensor/tensorType.ts';
import { isElementwise, type Value } from './values.ts';

export function operationsOf(value: Value): number {
  const { op, inputs } = value;
  const elements = elementCount(value.shape);
  switch (op.kind) {
    case 'matmul':
      return 2 * elements * elementCount(inputs[0]!.shape.slice(-op.inner));
    case 'reduce':
    case 'argMax':
      return elementCount(inputs[0]!.shape);
    case 'maxPool2dInputGrad':
      return elementCount(inputs[1]!.shape) * op.geometry.window[0] * op.geometry.window[1];
    case 'scatterAddRows':
      return elementCount(inputs[1]!.shape);
    case 'copy':
      return 0;
    default:
      return isElementwise(value) || op.kind === 'randomBits' ? elements : 0;
  }
}
