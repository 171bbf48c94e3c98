/** The values of a block of rows in a `rows` kernel (rowsKernel.ts): a register for each group of four rows and column. */
import type { Push } from './asm.ts';
import { type Cluster, rowForm } from './clusters.ts';
import type { Access, Cursors } from './cursors.ts';
import { emitElementwise, type KernelContext } from './kernelContext.ts';
import { loadLanes } from './lanes.ts';
import { combine } from './reduceKernel.ts';
import { loadColumns } from './transposedLanes.ts';
import { isElementwise, type Value, type View } from './values.ts';

// Axes of the pass.
export const row = 0;
export const column = 1;

/** Registers of a value: [group][column], with one column for a narrow value. */
type Registers = readonly (readonly Push[])[];

export class RowPass {
  readonly at: {
    readonly cursors: Cursors;
    readonly reads: ReadonlyMap<View, Access>;
    /** Valid rows of each group of four. */
    readonly groups: readonly number[];
  };
  private readonly known = new Map<Value, Registers>();
  private readonly loaded = new Map<string, Push[]>();
  private readonly members: ReadonlySet<Value>;
  private readonly context: KernelContext;
  private readonly cluster: Cluster;

  constructor(context: KernelContext, cluster: Cluster, at: RowPass['at']) {
    this.context = context;
    this.cluster = cluster;
    this.at = at;
    this.members = new Set(cluster.members);
  }

  /** Each value is computed for all groups before the next one, so that their latencies overlap. */
  columns(value: Value): Registers {
    const known = this.known.get(value);
    if (known !== undefined) return known;
    const made = this.at.groups.map((_, group) => this.compute(value, group));
    this.known.set(value, made);
    return made;
  }

  /** A view at one group and column. */
  of(view: View, group: number, c: number): Push {
    if (!this.members.has(view.value)) return this.load(view, group, c);
    const columns = this.columns(view.value)[group]!;
    return columns[columns.length === 1 ? 0 : c]!;
  }
  private compute(value: Value, group: number): Push[] {
    const { f } = this.context;
    if (isElementwise(value)) {
      const width = rowForm(value, this.cluster.shape) === 'wide' ? this.cluster.shape[1]! : 1;
      return Array.from({ length: width }, (_, c) => {
        return f.keep(emitElementwise(this.context, value, (view) => this.of(view, group, c)));
      });
    }
    const input = value.inputs[0]!;
    const elements = Array.from({ length: input.shape[1]! }, (_, c) => this.of(input, group, c));
    if (value.op.kind === 'argMax') return [this.largest(elements, input.value.dtype === 'f32')];
    if (value.op.kind !== 'reduce') throw new Error(`internal: ${value.op.kind} in rows`);
    const reduction = { fn: value.op.fn, dtype: value.dtype === 'f32' ? 'f32' : 'i32' } as const;
    const sum = elements.reduce((total, x) => combine(this.context, reduction, [total, x]));
    return [f.keep(sum)];
  }

  /** Index of the first largest. */
  private largest(elements: readonly Push[], isFloat: boolean): Push {
    const { f } = this.context;
    let best = isFloat ? f.floats(-Infinity) : f.ints(-0x80000000);
    let index: Push = f.ints(0);
    elements.forEach((x, i) => {
      const greater = f.keep(f.simd(isFloat ? 'f32x4Gt' : 'i32x4Gt', x, best));
      index = f.keep(f.simd('bitselect', f.ints(i), index, greater));
      best = f.keep(f.simd('bitselect', x, best, greater));
    });
    return index;
  }

  private load(view: View, group: number, c: number): Push {
    const { cursors, reads, groups } = this.at;
    const lanes = groups[group]!;
    const { f } = this.context;
    const access = reads.get(view)!;
    const index = access.strides[column] === 0 ? 0 : c;
    const width = this.cluster.shape[1]!;
    const loaded = this.loadedOf(cursors.nameOf(access));
    const place = group * width + index;
    const known = loaded[place];
    if (known !== undefined) return known;
    cursors.at(row, group * 4, () => {
      if (lanes === 4 && isBlock(access, width)) {
        const at = { ...cursors.position(access), dtype: access.dtype };
        loadColumns(f, at, width).forEach((push, i) => (loaded[group * width + i] = push));
        return;
      }
      cursors.at(column, index, () => {
        loaded[place] = f.keep(loadLanes(f, cursors.lanes(access, row, lanes)));
      });
    });
    return loaded[place]!;
  }

  /** What has been loaded of a tensor: at index group * width + column. */
  private loadedOf(name: string): Push[] {
    const known = this.loaded.get(name) ?? [];
    this.loaded.set(name, known);
    return known;
  }
}

/** Whether four rows are one run of 32-bit elements, so that they can be moved as whole vectors. */
export function isBlock({ dtype, strides }: Access, width: number): boolean {
  return dtype !== 'u8' && width > 1 && strides[row] === width * 4 && strides[column] === 4;
}
