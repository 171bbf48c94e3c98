/**
 * The Program of one step laid open. Its loops share the state before the step:
 *
 * - `look`: the training step, its rows all together, with every value worth seeing stored in a buffer `explained:...`;
 * - `rows`: the loss of each row on its own, from the outputs that `look` stored;
 * - the training loop itself, as in the epoch program, so that the update has the bits of the real step:
 *   stores of further values change how a backend fuses operations, and so may change the last bit;
 * - `after`: the loss of the same batch with the weights that the training loop left.
 *
 * The data buffers hold two batches of the kind that the step belongs to, never all rows.
 */
import { pullBack } from '../../autodiff/gradients.ts';
import type { LayerTrace } from '../../graph/model.ts';
import { Builder } from '../../ir/builder.ts';
import type { BufferDecl, Loop, Node, Program, Store } from '../../ir/program.ts';
import { elementCount, type Shape } from '../../../shared/tensor/tensorType.ts';
import { batchLoops, type BatchLoop } from '../batchLoops.ts';
import { buildTrainLoop } from '../epochProgram.ts';
import type { EpochTask } from '../epochTask.ts';
import { inOneBlock } from '../rowBlocks.ts';
import { buildTrainingStep, inPrecision, type TrainingStep } from '../trainingStep.ts';

/** A value of the step and the buffer that holds it. */
export interface Stored {
  readonly buffer: string;
  /** Of a layer's values: [rows, ...]. */
  readonly shape: Shape;
}

export interface StoredLayer {
  readonly name: string;
  readonly inputs: readonly Stored[];
  readonly sums: Stored;
  readonly value: Stored;
  /** Gradient of the loss for `sums`, and its root mean square; null where the loss does not depend on them. */
  readonly signal: Stored | null;
  readonly signalSize: Stored | null;
}

/** Of one parameter: its gradients, and root mean squares of value, slope and change. */
export interface StoredParameter {
  readonly name: string;
  /** Of the loss of the batch, and as the optimizer's rule gets it. */
  readonly slope: Stored;
  readonly gradient: Stored;
  readonly sizes: { readonly value: Stored; readonly gradient: Stored; readonly change: Stored };
}

export interface ExplainProgram {
  readonly program: Program;
  /** Rows that the data buffers hold. */
  readonly capacity: number;
  /** The training loop; its iteration 0 is the step. */
  readonly loop: BatchLoop;
  readonly layers: readonly StoredLayer[];
  readonly parameters: readonly StoredParameter[];
  readonly loss: Stored;
  /** [rows] */
  readonly rowLosses: Stored;
  /** [rows]: by how much each counts; null where all count alike. */
  readonly rowWeights: Stored | null;
  readonly lossAfter: Stored;
}

export function buildExplainProgram(epochTask: EpochTask, isLast: boolean): ExplainProgram {
  const task = twoBatches(epochTask);
  const loop = loopOf(task, isLast);
  const b = new Builder();
  const kept = new Kept(b);
  const traces: LayerTrace[] = [];
  const step = buildTrainingStep(b, inOneBlock(task), loop, (trace) => traces.push(trace));
  const signals = inPrecision(b, task, () => signalsOf(b, step.loss, traces));
  const layers = traces.map((trace, i) => keepLayer(kept, trace, signals[i] ?? null));
  const parameters = keepParameters(b, kept, step);
  const loss = kept.keep('loss', step.loss);
  const rowWeights = step.rowWeights === null ? null : kept.keep('rowWeights', step.rowWeights);
  const rows = rowLosses(b, kept, { task, step });
  const look: Loop = { name: 'look', count: loop.count, stores: kept.stores };
  const after = b.buffer('explained:lossAfter', 'column', 'f32', [loop.count]);
  const loops: Loop[] = [
    look,
    rows.loop,
    buildTrainLoop(b, task, loop),
    { name: 'after', count: loop.count, stores: [b.emit(after, step.loss)] },
  ];
  return {
    program: b.program('explain', loops),
    capacity: task.trainingRows,
    loop,
    layers,
    parameters,
    loss,
    rowLosses: stored(rows.column),
    rowWeights,
    lossAfter: stored(after),
  };
}

/**
 * The same loops over fewer rows. Two full batches rather than one: where a batch is all of the data, rows
 * would be taken in another way than training takes them.
 */
function twoBatches(task: EpochTask): EpochTask {
  const { batchSize, trainingRows } = task;
  const full = Math.floor(trainingRows / batchSize);
  const rest = trainingRows % batchSize;
  const rows = Math.min(full, 2) * batchSize + rest;
  return { ...task, trainingRows: rows, validationRows: 0 };
}

function loopOf({ trainingRows, batchSize }: EpochTask, isLast: boolean): BatchLoop {
  const loops = batchLoops('train', trainingRows, batchSize);
  return isLast ? loops.at(-1)! : loops[0]!;
}

/** Keeps nodes in state buffers, each node once. */
class Kept {
  readonly stores: Store[] = [];
  readonly builder: Builder;
  readonly #buffers = new Map<Node, BufferDecl>();

  constructor(builder: Builder) {
    this.builder = builder;
  }

  keep(name: string, node: Node): Stored {
    return stored(this.#bufferOf(name, node));
  }

  load(node: Node): Node {
    return this.builder.load(this.#bufferOf(`node${node.id}`, node));
  }

  /** No layer or tensor has a colon in its name. */
  #bufferOf(name: string, node: Node): BufferDecl {
    const known = this.#buffers.get(node);
    if (known !== undefined) return known;
    const { dtype, shape } = node.type;
    const buffer = this.builder.buffer(`explained:${name}`, 'state', dtype, shape);
    this.stores.push(this.builder.assign(buffer, node));
    this.#buffers.set(node, buffer);
    return buffer;
  }
}

function stored({ name, type }: BufferDecl): Stored {
  return { buffer: name, shape: type.shape };
}

function signalsOf(b: Builder, loss: Node, traces: readonly LayerTrace[]): (Node | null)[] {
  const sums = traces.map((trace) => trace.sums);
  return pullBack(b, [[loss, b.constant(1, loss.type.shape)]], sums);
}

function keepLayer(kept: Kept, trace: LayerTrace, signal: Node | null): StoredLayer {
  const { name, inputs, sums, value } = trace;
  return {
    name,
    inputs: inputs.map((input, i) => kept.keep(`${name}/input${i}`, input)),
    sums: kept.keep(`${name}/sums`, sums),
    value: kept.keep(`${name}/value`, value),
    signal: signal && kept.keep(`${name}/signal`, signal),
    signalSize: signal && keepSize(kept, `${name}/signalSize`, signal),
  };
}

function keepParameters(b: Builder, kept: Kept, { slopes, updates, stores }: TrainingStep) {
  return updates.map(({ buffer, gradient }, i): StoredParameter => {
    const { name } = buffer;
    const slope = slopes[i]!.gradient;
    const old = b.load(buffer);
    const updated = stores.find((store) => store.buffer.name === name)?.value ?? old;
    return {
      name,
      slope: kept.keep(`${name}/slope`, slope),
      gradient: kept.keep(`${name}/gradient`, gradient),
      sizes: {
        value: keepSize(kept, `${name}/size`, old),
        gradient: keepSize(kept, `${name}/gradientSize`, slope),
        change: keepSize(kept, `${name}/changeSize`, b.sub(updated, old)),
      },
    };
  });
}

/** Root mean square. */
function keepSize(kept: Kept, name: string, node: Node): Stored {
  return kept.keep(name, rootMeanSquare(kept.builder, node));
}

function rootMeanSquare(b: Builder, x: Node): Node {
  const mean = b.div(b.reduce('sum', b.mul(x, x)), Math.max(1, elementCount(x.type.shape)));
  return b.unary('sqrt', mean);
}

/** One iteration is one row of the batch: the loss as training builds it, for a batch of that row alone. */
function rowLosses(
  b: Builder,
  kept: Kept,
  { task, step }: { readonly task: EpochTask; readonly step: TrainingStep },
): { readonly loop: Loop; readonly column: BufferDecl } {
  const { output, target, rows } = step.batch;
  const row = (node: Node): Node => b.dynamicRows(kept.load(node), b.iteration(), 1);
  const { value, logits, activation } = output;
  const own = {
    output: { value: row(value), activation, ...(logits && { logits: row(logits) }) },
    target: row(target),
    rows: 1,
  };
  const column = b.buffer('explained:rowLoss', 'column', 'f32', [rows]);
  const stores = [b.emit(column, task.loss.build(b, own))];
  return { loop: { name: 'rows', count: rows, stores }, column };
}
