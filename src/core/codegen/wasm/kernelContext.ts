/** What every kernel emitter needs: the function it writes to, addresses, and evaluation of elementwise values. */
import { bytesPerElement } from '../../../shared/tensor/tensorType.ts';
import type { FunctionBuilder, Push } from './asm.ts';
import type { Contraction } from './contract.ts';
import type { Cluster } from './clusters.ts';
import type { Access } from './cursors.ts';
import { elementwise } from './elementwise.ts';
import type { InnerSpec } from './innerFunctions.ts';
import type { Team } from './team.ts';
import { type Value, type View, isElementwise } from './values.ts';
import type { VectorMath } from './vectorMath.ts';

export interface KernelContext {
  readonly f: FunctionBuilder;
  readonly math: VectorMath;
  /** Whether this loop runs so seldom that little code is worth more than speed. Never changes bits. */
  readonly compact: boolean;
  /** Whether pairs of vectors may be fused to one of 256 bits. Never changes bits. */
  readonly wide: boolean;
  /** Index of the function that computes a tile, transforms one or adds numbers so. */
  readonly inner: (spec: InnerSpec) => number;
  /** Byte address of the working memory of a tiled product; of a team, that of its first thread. */
  readonly scratchOf: (cluster: Cluster) => number;
  /** The threads that share this kernel, if several do. */
  readonly team: Team | undefined;
  /** Byte address of a value, if it lies in memory. */
  readonly homeOf: (value: Value) => number | undefined;
  /** Byte address of a value that lies in memory. */
  addressOf(value: Value): number;
  /** Whether a value computed by this kernel has to be written to memory. */
  isStored(value: Value): boolean;
  /** How this kernel's sum is fused with one of its terms, if it is. */
  contraction(value: Value): Contraction | undefined;
}

/** One elementwise value from what `of` gives for its inputs. */
export function emitElementwise(
  context: KernelContext,
  value: Value,
  of: (view: View) => Push,
): Push {
  const { f, math } = context;
  const fused = context.contraction(value);
  if (fused === undefined) return elementwise(f, math, value, value.inputs.map(of));
  const [a, b] = fused.factors.map(of) as [Push, Push];
  const addend = of(fused.addend);
  return fused.negative ? math.nmadd(a, b, addend) : math.madd(a, b, addend);
}

/** The access of a view by a pass whose axes are the view's own. */
export function viewAccess(context: KernelContext, view: View): Access {
  const { value } = view;
  const bytes = bytesPerElement(value.dtype);
  const access = {
    address: context.addressOf(value) + view.offset * bytes,
    dtype: value.dtype,
    strides: view.strides.map((stride) => stride * bytes),
  };
  if (view.dynamic.length === 0) return access;
  const parts = view.dynamic.map(({ start, stride }) => {
    const at = context.addressOf(start.value) + start.offset * 4;
    return { at, bytes: stride * bytes };
  });
  const { f } = context;
  const push = parts
    .map(({ at, bytes: each }) => f.plain('i32Mul', f.loadInt(f.int(0), at), f.int(each)))
    .reduce((sum, part) => f.plain('i32Add', sum, part));
  return { ...access, dynamic: { key: parts.map((p) => `${p.at}*${p.bytes}`).join('+'), push } };
}

/** Evaluates members of a kernel at one position, each once. */
export class Evaluation {
  private readonly known = new Map<Value, Push>();
  private readonly context: KernelContext;
  private readonly members: ReadonlySet<Value>;
  private readonly load: (view: View) => Push;

  /** `load` reads what is not a member. */
  constructor(context: KernelContext, members: ReadonlySet<Value>, load: (view: View) => Push) {
    this.context = context;
    this.members = members;
    this.load = load;
  }

  /** States what a member is here, such as the accumulator of a product. */
  define(value: Value, push: Push): void {
    this.known.set(value, push);
  }

  /** The value of a view at this position, in a local. */
  of(view: View): Push {
    return this.members.has(view.value) ? this.member(view.value) : this.load(view);
  }

  member(value: Value): Push {
    const known = this.known.get(value);
    if (known !== undefined) return known;
    const { context } = this;
    const kept = context.f.keep(emitElementwise(context, value, (view) => this.of(view)));
    this.known.set(value, kept);
    return kept;
  }
}

/** Views that the elementwise members of a kernel read from memory, each once. */
export function externalViews(members: ReadonlySet<Value>): View[] {
  const views = new Set<View>();
  for (const member of members) {
    if (!isElementwise(member)) continue;
    for (const input of member.inputs) if (!members.has(input.value)) views.add(input);
  }
  return [...views];
}
