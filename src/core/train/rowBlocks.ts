/**
 * A training step in blocks of rows. What a step keeps from its forward to its backward pass grows with the batch; once
 * it is more than the caches hold, every pass over it waits for memory. So such a step goes forward and backward with
 * some rows after the others and adds up their gradients: its memory no longer grows with the batch, and a row takes
 * the time that it takes in a small batch. The sums of gradients have another order than those of the whole batch,
 * which backends record among their choices (`blocks`, bytes); nothing else depends on it, random numbers neither.
 */
import { elementCount } from '../../shared/tensor/tensorType.ts';
import type { Backend } from '../backends/backend.ts';
import type { Model } from '../graph/model.ts';
import type { Builder } from '../ir/builder.ts';
import type { Node } from '../ir/program.ts';
import type { EpochTask } from './epochTask.ts';

export interface RowBlock {
  /** In the batch. */
  readonly first: number;
  readonly rows: number;
}

/** Bytes. */
export interface StepSizes {
  /** That a row leaves for the backward pass. */
  readonly row: number;
  /** Of all weights: each block passes over them, and over their gradients. */
  readonly weights: number;
  /** That a block may leave for the backward pass. */
  readonly block: number;
}

/** Products of fewer rows are slower. */
const fewestRows = 32;
/** Each block has code of its own. */
const mostBlocks = 16;
/** Kernels take rows by eight. */
const rowMultiple = 8;

/** In order; one where the batch is small enough. All but the last have the same rows. */
export function rowBlocks(rows: number, { row, weights, block }: StepSizes): RowBlock[] {
  const enough = Math.max(fewestRows, Math.floor(Math.max(block, 2 * weights) / row));
  const count = Math.max(1, Math.min(mostBlocks, Math.floor(rows / enough)));
  const size = count === 1 ? rows : Math.ceil(rows / count / rowMultiple) * rowMultiple;
  return Array.from({ length: Math.ceil(rows / size) }, (_, i) => {
    const first = i * size;
    return { first, rows: Math.min(size, rows - first) };
  });
}

/** Sums of what each block gives, in their order. */
export function sumOverBlocks(
  b: Builder,
  blocks: number,
  partsOf: (block: number) => readonly Node[],
): Node[] {
  let sums: readonly Node[] = [];
  for (let block = 0; block < blocks; block++) {
    const before = sums;
    sums = b.inBlock(block, () =>
      partsOf(block).map((part, i) => (block === 0 ? part : b.add(before[i]!, part))),
    );
  }
  return [...sums];
}

/** The task as a backend's recorded choices have it computed. */
export function taskOn({ choices }: Pick<Backend, 'choices'>, task: EpochTask): EpochTask {
  const { blocks } = choices;
  return blocks === undefined ? task : { ...task, blockBytes: Number(blocks) };
}

/** The same steps without blocks. */
export function inOneBlock(task: EpochTask): EpochTask {
  return { ...task, blockBytes: Infinity };
}

/** Of a batch of the task; one block where rows need each other. */
export function blocksOf({ model, blockBytes }: EpochTask, rows: number): RowBlock[] {
  if (blockBytes === undefined || model.layers.some(mixesRows)) return [{ first: 0, rows }];
  const values = model.layers.map(({ outputShape }) => elementCount(outputShape));
  const weights = model.tensors.map(({ shape }) => elementCount(shape));
  return rowBlocks(rows, { row: 4 * sum(values), weights: 4 * sum(weights), block: blockBytes });
}

/** Whether what it makes of a row while training depends on the other rows of the batch. */
function mixesRows({ config }: Model['layers'][number]): boolean {
  return config.type === 'BatchNormalization';
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
