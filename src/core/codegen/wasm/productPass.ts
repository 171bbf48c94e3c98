/**
 * The axes of a product C[...m, n] = sum over k of A[...m, ...k] B[...k, n] and of what is done to each element of C:
 * first those of m, then n, then those of k. Neighbours that all tensors walk as one are merged, so a matrix
 * product has one of each, a convolution up to three.
 */
import type { Cluster } from './clusters.ts';
import { collapse } from './collapse.ts';
import type { Push } from './asm.ts';
import type { Access, Cursors } from './cursors.ts';
import { Evaluation, externalViews, type KernelContext, viewAccess } from './kernelContext.ts';
import { storeLanes } from './lanes.ts';
import { loader } from './mapKernel.ts';
import { denseView, type Value, type View } from './values.ts';

/** A product and what is done to each of its elements. */
export interface Epilogue {
  readonly product: Value;
  readonly members: ReadonlySet<Value>;
  /** What the epilogue reads. */
  readonly reads: ReadonlyMap<View, Access>;
  readonly writes: readonly { readonly value: Value; readonly access: Access }[];
  /** The axis of the columns. */
  readonly n: { readonly axis: number; readonly size: number };
}

export interface ProductPass extends Epilogue {
  readonly a: Access;
  readonly b: Access;
  /** Sizes of the axes of m; axis `n` follows, then those of k. At least one each. */
  readonly m: readonly number[];
  readonly k: readonly number[];
}

export function productPass(context: KernelContext, cluster: Cluster): ProductPass {
  const product = cluster.members.find(({ op }) => op.kind === 'matmul')!;
  const members = new Set(cluster.members);
  const views = externalViews(members);
  const outputs = cluster.members.filter((member) => context.isStored(member));
  const [left, right] = product.inputs as [View, View];
  const rows = product.shape.length - 1;
  const [a, b] = [viewAccess(context, left), viewAccess(context, right)];
  const results = [...views, ...outputs.map(denseView)].map((view) => viewAccess(context, view));
  const overM = collapse(left.shape.slice(0, rows), [
    part(a, 0, rows),
    ...results.map((access) => part(access, 0, rows)),
  ]);
  const overK = collapse(left.shape.slice(rows), [part(a, rows), part(b, 0, -1)]);
  const still = overK.sizes.map(() => 0);
  const resultAt = (index: number): Access => {
    const access = results[index]!;
    const strides = [...overM.accesses[index + 1]!.strides, access.strides.at(-1)!, ...still];
    return { ...access, strides };
  };
  const [aM, aK, bK] = [overM.accesses[0]!, overK.accesses[0]!, overK.accesses[1]!];
  return {
    product,
    members,
    a: { ...a, strides: [...aM.strides, 0, ...aK.strides] },
    b: { ...b, strides: [...overM.sizes.map(() => 0), b.strides.at(-1)!, ...bK.strides] },
    reads: new Map(views.map((view, index) => [view, resultAt(index)])),
    writes: outputs.map((value, i) => ({ value, access: resultAt(views.length + i) })),
    m: overM.sizes,
    n: { axis: overM.sizes.length, size: product.shape.at(-1)! },
    k: overK.sizes,
  };
}

/** What is done to the element of C at the position of `cursors` once its sum is there, and the stores. */
export function finishElements(
  context: KernelContext,
  { product, members, reads, writes, n }: Epilogue,
  { cursors, lanes, sum }: { cursors: Cursors; lanes: number; sum: Push },
): void {
  const load = loader(context, { cursors, reads, axis: n.axis, lanes });
  const evaluation = new Evaluation(context, members, load);
  evaluation.define(product, sum);
  for (const { value, access } of writes) {
    const result = evaluation.member(value);
    storeLanes(context.f, cursors.lanes(access, n.axis, lanes), result);
  }
}

function part(access: Access, from: number, to?: number): Access {
  return { ...access, strides: access.strides.slice(from, to) };
}
