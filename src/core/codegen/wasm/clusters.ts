/**
 * Groups values into clusters: what one kernel computes in one pass over memory.
 *
 * Input: computed values, each after its inputs. Output: clusters in an order in which every cluster comes after those
 * it reads. Each value gets a stage, one more than the stages it reads except where it can be computed in
 * the same pass as its input; values of one domain and stage share a cluster. So all edges between clusters
 * go to a higher stage, and no order can be circular. Afterwards elementwise values sink into the
 * cluster of their only readers, which spares a trip through memory. Where an iteration is computed in blocks, those
 * of a later block have later stages: each block is done before the next begins, and leaves little in the caches.
 *
 * Domains:
 * - `map`: elementwise over one shape.
 * - `matmul`: one product and what is done to each of its elements (bias, activation).
 * - `rows`: elementwise over [rows, few] together with reductions along the short axis (softmax over
 *   three classes) and, at its end, sums over the rows.
 * - `reduce`: one reduction and the elementwise chain only it reads.
 * - `single`: anything else, alone.
 */
import { elementCount, sameShape, type Shape } from '../../../shared/tensor/tensorType.ts';
import type { LoopValues } from './lowerValues.ts';
import { type Value, type View, isComputed, isDense, isElementwise } from './values.ts';

export type ClusterKind = 'map' | 'matmul' | 'rows' | 'reduce' | 'single';

export interface Cluster {
  readonly kind: ClusterKind;
  /** Shape of the pass: of the result for `map` and `matmul`, of the input for `reduce`, [rows, few] for `rows`. */
  readonly shape: Shape;
  /** Each after its inputs. */
  readonly members: readonly Value[];
  readonly stage: number;
  /** Of a joined cluster (siblings.ts): the same values for one group of tensors after the other. */
  readonly parts?: readonly (readonly Value[])[];
}

/** Longest last axis that `rows` unrolls. */
const maxRowWidth = 16;

/** More than any block has. */
const stagesOfBlock = 1e6;

interface Draft {
  readonly kind: ClusterKind;
  readonly shape: Shape;
  readonly stage: number;
  readonly members: Set<Value>;
}

/** How a `rows` cluster holds a value: for every element, one for each row, or summed over the rows. */
export type RowForm = 'wide' | 'narrow' | 'total';

export function rowForm(value: Value, shape: Shape): RowForm {
  if (value.op.kind === 'reduce' && value.op.axes.includes(0)) return 'total';
  return sameShape(value.shape, shape) ? 'wide' : 'narrow';
}

/** Whether a `rows` cluster that holds `view.value` in a register can use it as `view` directly. */
export function rowsCanRead(view: View, shape: Shape): boolean {
  const [rows = 0] = shape;
  const form = rowForm(view.value, shape);
  if (form === 'total' || view.offset !== 0 || view.dynamic.length > 0) return false;
  if (view.shape[0] !== rows) return false;
  if (form === 'wide') return sameShape(view.shape, shape) && isDense(view);
  return (
    (rows === 1 || view.strides[0] === 1) &&
    (view.shape.length === 1 || view.strides[1] === 0 || view.shape[1] === 1)
  );
}

export function formClusters(loop: LoopValues): Cluster[] {
  const forming = new Forming(loop);
  for (const value of loop.computed) forming.place(value);
  for (const value of loop.computed.toReversed()) forming.sink(value);
  return forming.finish();
}

class Forming {
  private readonly drafts = new Map<string, Draft>();
  private readonly home = new Map<Value, Draft>();
  private readonly readers = new Map<Value, Value[]>();
  private readonly starts = new Set<Value>();
  private readonly feeding = new Set<Value>();
  private readonly rowShapes: Shape[] = [];
  private readonly loop: LoopValues;

  constructor(loop: LoopValues) {
    this.loop = loop;
    for (const value of loop.computed) this.noteReaders(value);
    for (const value of loop.computed.toReversed()) this.noteFeeding(value);
    for (const { op, inputs } of loop.computed) {
      const axis = op.kind === 'argMax' ? op.axis : op.kind === 'reduce' ? op.axes : -1;
      const [rows = 0, width = 0, ...more] = inputs[0]?.shape ?? [];
      if (more.length > 0 || width < 2 || width > maxRowWidth || rows < 2) continue;
      if (axis === 1 || (typeof axis === 'object' && axis.length === 1 && axis[0] === 1)) {
        this.rowShapes.push([rows, width]);
      }
    }
  }

  /** Gives a value the earliest stage, in the best domain that can take it. */
  place(value: Value): void {
    const draft =
      this.asEpilogue(value) ??
      this.asRows(value) ??
      this.draft(this.kindOf(value), value, this.stageAfter(value));
    draft.members.add(value);
    this.home.set(value, draft);
  }

  /** Moves an elementwise value to the cluster of all its readers, when that cluster can compute it on the way. */
  sink(value: Value): void {
    const from = this.home.get(value)!;
    const movable =
      isElementwise(value) || (from.kind === 'rows' && rowForm(value, from.shape) !== 'total');
    if (!movable || this.starts.has(value)) return;
    const readers = this.readers.get(value) ?? [];
    const [first] = readers;
    if (first === undefined) return;
    const to = this.home.get(first)!;
    if (blockOf(value) !== blockOf(first)) return;
    if (to === from || readers.some((reader) => this.home.get(reader) !== to)) return;
    if (to.kind === 'reduce' && this.isStored(value)) return; // a reduce writes only its result
    if (!isElementwise(value) && (to.kind !== 'rows' || !sameShape(from.shape, to.shape))) return;
    if (!readers.every((reader) => canSink(value, reader, to))) return;
    from.members.delete(value);
    to.members.add(value);
    this.home.set(value, to);
  }

  finish(): Cluster[] {
    const order = new Map(this.loop.computed.map((value, index) => [value, index]));
    const clusters = [...this.drafts.values()]
      .filter((draft) => draft.members.size > 0)
      .map((draft): Cluster => {
        const members = [...draft.members].sort((a, b) => order.get(a)! - order.get(b)!);
        // What nobody waits for goes last: by then all readers of the old state are done.
        return { ...draft, members, stage: this.isRead(draft) ? draft.stage : Infinity };
      });
    const rank = ({ members }: Cluster): number => order.get(members[0]!)!;
    return clusters.sort((a, b) => (a.stage === b.stage ? rank(a) - rank(b) : a.stage - b.stage));
  }

  private isStored(value: Value): boolean {
    return this.loop.stores.some((store) => store.value === value);
  }

  private isRead(draft: Draft): boolean {
    const outside = (value: Value): boolean =>
      (this.readers.get(value) ?? []).some((reader) => this.home.get(reader) !== draft);
    return [...draft.members].some(outside);
  }

  private noteReaders(value: Value): void {
    for (const input of value.inputs) {
      this.addReader(input.value, value);
      for (const { start } of input.dynamic) {
        this.addReader(start.value, value);
        this.starts.add(start.value);
      }
    }
  }

  private addReader(value: Value, reader: Value): void {
    const known = this.readers.get(value);
    if (known === undefined) this.readers.set(value, [reader]);
    else known.push(reader);
  }

  /** A value feeds when something else than a store waits for it, through elementwise values or directly. */
  private noteFeeding(value: Value): void {
    const readers = this.readers.get(value) ?? [];
    if (readers.some((reader) => !isElementwise(reader) || this.feeding.has(reader))) {
      this.feeding.add(value);
    }
  }

  private kindOf(value: Value): ClusterKind {
    if (isElementwise(value)) return 'map';
    return value.op.kind === 'matmul' || value.op.kind === 'reduce' ? value.op.kind : 'single';
  }

  private draft(kind: ClusterKind, value: Value, stage: number): Draft {
    const shape = kind === 'reduce' ? value.inputs[0]!.shape : value.shape;
    const key = kind === 'map' ? `map ${shape.join('x')} ${stage}` : `${kind} ${value.id}`;
    return this.draftOf(key, { kind, shape, stage });
  }

  private draftOf(key: string, made: Omit<Draft, 'members'>): Draft {
    const known = this.drafts.get(key);
    if (known !== undefined) return known;
    const draft: Draft = { ...made, members: new Set() };
    this.drafts.set(key, draft);
    return draft;
  }

  /** The stage of a value; `together` says which inputs it can be computed with in one pass. */
  private stageAfter(value: Value, together?: (view: View, draft: Draft) => boolean): number {
    const isMap = isElementwise(value);
    let stage = blockOf(value) * stagesOfBlock;
    for (const input of value.inputs) {
      for (const { start } of input.dynamic) stage = Math.max(stage, this.stageOf(start.value) + 1);
      const draft = this.home.get(input.value);
      if (draft === undefined) continue;
      const joined =
        together?.(input, draft) ??
        (isMap && draft.kind === 'map' && sameShape(draft.shape, value.shape) && isDense(input));
      stage = Math.max(stage, joined ? draft.stage : draft.stage + 1);
    }
    return stage;
  }

  private stageOf(value: Value): number {
    return isComputed(value) ? this.home.get(value)!.stage : -1;
  }

  /** The matmul whose result this value changes element by element, if the rest is there by then. */
  private asEpilogue(value: Value): Draft | null {
    if (!isElementwise(value) || !this.feeding.has(value)) return null;
    for (const input of value.inputs) {
      const draft = this.home.get(input.value);
      if (draft?.kind !== 'matmul' || !isDense(input)) continue;
      if (!sameShape(draft.shape, value.shape) || !sameShape(input.value.shape, value.shape))
        continue;
      const stage = this.stageAfter(value, (view, other) => other === draft && isDense(view));
      if (stage === draft.stage) return draft;
    }
    return null;
  }

  private asRows(value: Value): Draft | null {
    for (const shape of this.rowShapes) {
      if (!this.fitsRows(value, shape)) continue;
      const key = `rows ${shape.join('x')}`;
      const sameRows = (view: View, draft: Draft): boolean =>
        draft.kind === 'rows' && sameShape(draft.shape, shape) && rowsCanRead(view, shape);
      const stage = this.stageAfter(value, sameRows);
      return this.draftOf(`${key} ${stage}`, { kind: 'rows', shape, stage });
    }
    return null;
  }

  private fitsRows(value: Value, shape: Shape): boolean {
    const { op, inputs } = value;
    if (isElementwise(value)) {
      return sameShape(value.shape, shape) || this.isNarrow(value, shape);
    }
    const [input] = inputs;
    if (input === undefined) return false;
    if (op.kind === 'argMax') return op.axis === 1 && sameShape(input.shape, shape);
    if (op.kind !== 'reduce') return false;
    const draft = this.home.get(input.value);
    const inRows =
      draft?.kind === 'rows' && sameShape(draft.shape, shape) && rowsCanRead(input, shape);
    if (op.axes.includes(0))
      return inRows && (input.shape.length === 1 || sameShape(input.shape, shape));
    return sameShape(input.shape, shape) && op.axes.length === 1;
  }

  /** One number a row, computed from what a `rows` cluster holds. */
  private isNarrow(value: Value, shape: Shape): boolean {
    if (elementCount(value.shape) !== shape[0] || value.shape[0] !== shape[0]) return false;
    return value.inputs.some((view) => {
      const draft = this.home.get(view.value);
      return draft?.kind === 'rows' && sameShape(draft.shape, shape) && rowsCanRead(view, shape);
    });
  }
}

/** Of the iteration, where it is computed in blocks. */
export function blockOf({ source }: Value): number {
  return source?.block ?? 0;
}

function canSink(value: Value, reader: Value, to: Draft): boolean {
  const reading = reader.inputs.filter((input) => input.value === value);
  if (to.kind === 'rows') {
    const fits =
      sameShape(value.shape, to.shape) ||
      (value.shape.length === 1 && value.shape[0] === to.shape[0]);
    return fits && reading.every((view) => rowsCanRead(view, to.shape));
  }
  if (to.kind === 'single' || reader.op.kind === 'matmul') return false;
  return (
    sameShape(value.shape, to.shape) &&
    reading.every((view) => sameShape(view.shape, to.shape) && isDense(view))
  );
}
