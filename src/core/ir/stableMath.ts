/**
 * Functions made of several ops, in forms that neither overflow nor lose digits, with gradients that are
 * finite too: a branch that is not taken gets a harmless argument (`select` before `exp`).
 */
import type { Builder } from './builder.ts';
import type { Node } from './program.ts';

/** log(1 + exp(x)). */
export function softplus(b: Builder, x: Node): Node {
  const positive = b.compare('gt', x, 0);
  const tail = b.unary('log1p', b.unary('exp', b.select(positive, b.unary('neg', x), x)));
  return b.add(b.select(positive, x, 0), tail);
}

/** exp(x) / sum(exp(x)) along the last axis. */
export function softmax(b: Builder, x: Node): Node {
  const exp = b.unary('exp', belowLargest(b, x));
  return b.div(exp, b.reduce('sum', exp, lastAxis(x), true));
}

/** log(softmax(x)) along the last axis. */
export function logSoftmax(b: Builder, x: Node): Node {
  const { shifted, logSum } = logSumExp(b, x);
  return b.sub(shifted, logSum);
}

/**
 * `shifted`: x less its maximum along the last axis; `logSum`: log(sum(exp(shifted))), that axis of size 1.
 * Their difference is log(softmax(x)).
 */
export function logSumExp(b: Builder, x: Node): { readonly shifted: Node; readonly logSum: Node } {
  const shifted = belowLargest(b, x);
  const sum = b.reduce('sum', b.unary('exp', shifted), lastAxis(x), true);
  return { shifted, logSum: b.unary('log', sum) };
}

/** x - max(x). The result of the callers does not depend on what is subtracted, so neither do gradients. */
function belowLargest(b: Builder, x: Node): Node {
  return b.sub(x, b.detach(b.reduce('max', x, lastAxis(x), true)));
}

function lastAxis(x: Node): number[] {
  return [x.type.shape.length - 1];
}
