/**
 * Which additions of a kernel take a product in: a * b + c as one fused operation, where the numeric choices
 * allow it. Only products that nothing else needs, so that no value is computed in two ways.
 */
import type { Value, View } from './values.ts';

export interface Contraction {
  readonly factors: readonly [View, View];
  readonly addend: View;
  /** The product is subtracted. */
  readonly negative: boolean;
}

/** For each addition or subtraction among `members` that is to be fused. */
export function contractions(
  members: readonly Value[],
  isStored: (value: Value) => boolean,
): Map<Value, Contraction> {
  const uses = new Map<Value, number>();
  for (const { value } of members.flatMap(({ inputs }) => inputs)) {
    uses.set(value, (uses.get(value) ?? 0) + 1);
  }
  const inside = new Set(members);
  const isProduct = ({ value }: View): boolean =>
    inside.has(value) &&
    value.op.kind === 'binary' &&
    value.op.fn === 'mul' &&
    uses.get(value) === 1 &&
    !isStored(value);
  const found = new Map<Value, Contraction>();
  for (const value of members) {
    const { op, inputs, dtype } = value;
    if (op.kind !== 'binary' || dtype !== 'f32' || (op.fn !== 'add' && op.fn !== 'sub')) continue;
    const [left, right] = inputs as [View, View];
    const negative = op.fn === 'sub';
    const product = isProduct(right) ? right : !negative && isProduct(left) ? left : undefined;
    if (product === undefined) continue;
    const factors = product.value.inputs as unknown as readonly [View, View];
    found.set(value, { factors, addend: product === right ? left : right, negative });
  }
  return found;
}
