/** One node of the IR as ops of TensorFlow.js. */
import { AppError } from '../../../shared/errors.ts';
import { say } from '../../../shared/language.ts';
import type { Node } from '../../ir/program.ts';
import { contraction } from './contraction.ts';
import { convolution } from './convolution.ts';
import { elementwise } from './elementwise.ts';
import { hostGuided, movement } from './movement.ts';
import { pooling } from './pooling.ts';
import type { Lowering, Tensor } from './tensorFlow.ts';

export interface NodeLowering extends Lowering {
  /** The value of an i32 scalar. */
  readonly host: (node: Node) => number;
}

/** A new tensor, for the caller to dispose of. @throws AppError `backend.unsupported` naming the op. */
export function lower(node: Node, args: readonly Tensor[], lowering: NodeLowering): Tensor {
  return (
    elementwise(node, args, lowering) ??
    movement(node, args, lowering) ??
    contraction(node, args, lowering) ??
    convolution(node, args, lowering) ??
    pooling(node, args, lowering) ??
    hostGuided(node, args, lowering) ??
    unsupported(node)
  );
}

function unsupported({ op }: Node): never {
  throw new AppError(
    'backend.unsupported',
    say`TensorFlow.js does not run "${op.kind}" here; use device "cpu".`,
  );
}
