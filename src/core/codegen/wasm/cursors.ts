/**
 * Loops over the axes of a pass and the pointers that move along with them. Accesses with equal strides
 * share one pointer, since their static addresses go into the instructions; an axis along which nothing
 * moves costs no pointer.
 */
import type { DType } from '../../../shared/tensor/tensorType.ts';
import type { FunctionBuilder, Push } from './asm.ts';
import type { LaneAddress } from './lanes.ts';
import { onOneThread, ownShare, type Team } from './team.ts';

/** How a pass walks through one tensor. */
export interface Access {
  /** Static byte address of the element at index 0 of every axis. */
  readonly address: number;
  readonly dtype: DType;
  /** Bytes from one index to the next, for each axis of the pass. */
  readonly strides: readonly number[];
  /** Offset in bytes known only at run time; equal keys mean equal offsets. */
  readonly dynamic?: { readonly key: string; readonly push: Push };
}

export interface LoopRange {
  readonly count: number;
  readonly step?: number;
  /** Threads that share the iterations. */
  readonly team?: Team | undefined;
  /** Instead of a team: the iterations that are this thread's, at least one. */
  readonly part?: { readonly first: Push; readonly number: Push } | undefined;
  /** Emitted before the first iteration, whose number it gets. */
  readonly before?: (first: Push) => void;
}

export class Cursors {
  readonly f: FunctionBuilder;
  private readonly groups = new Map<string, Access>();
  private readonly keys = new Map<Access, { readonly group: string; readonly name: string }>();
  /** Local that holds each group's pointer; without one the pointer is 0. */
  private locals = new Map<string, number>();
  private readonly fixed: number[] = [];

  constructor(f: FunctionBuilder, accesses: readonly Access[]) {
    this.f = f;
    for (const access of accesses) {
      const key = groupKey(access);
      this.keys.set(access, { group: key, name: `${access.dtype} ${access.address} ${key}` });
      if (this.groups.has(key)) continue;
      this.groups.set(key, access);
      if (access.dynamic === undefined) continue;
      const local = f.local('i32');
      f.set(local, access.dynamic.push);
      this.locals.set(key, local);
    }
  }

  /** Runs `body` `count` times, `step` indices of `axis` apart; each thread of a team its share. */
  loop(axis: number, range: LoopRange, body: () => void): void {
    const { count, step = 1, team, part, before } = range;
    if (count <= 0) return;
    const { f } = this;
    if (part !== undefined) {
      this.run(axis, { ...part, step }, body);
      return;
    }
    if (team !== undefined) {
      ownShare(f, team, count, (first, number) => {
        before?.(first);
        this.run(axis, { first, number, step }, body);
      });
      return;
    }
    before?.(f.int(0));
    if (count === 1) body();
    else this.run(axis, { number: f.int(count), step }, body);
  }

  private run(
    axis: number,
    { first, number, step }: { first?: Push; number: Push; step: number },
    body: () => void,
  ): void {
    const { f } = this;
    const outer = this.locals;
    this.locals = new Map(outer);
    const moving: { local: number; bytes: number }[] = [];
    for (const [key, { strides }] of this.groups) {
      if (strides[axis] === 0) continue;
      const local = f.local('i32');
      const bytes = strides[axis]! * step;
      const from = outer.get(key);
      const start = from === undefined ? f.int(0) : f.get(from);
      const skipped = first && f.plain('i32Mul', first, f.int(bytes));
      f.set(local, skipped === undefined ? start : f.plain('i32Add', start, skipped));
      this.locals.set(key, local);
      moving.push({ local, bytes });
    }
    f.times(number, () => {
      body();
      for (const { local, bytes } of moving) {
        f.set(local, f.plain('i32Add', f.get(local), f.int(bytes)));
      }
    });
    this.locals = outer;
  }

  /** Runs `body` once with `index` added to the position on `axis`. */
  at(axis: number, index: number, body: () => void): void {
    const before = this.fixed[axis] ?? 0;
    this.fixed[axis] = before + index;
    body();
    this.fixed[axis] = before;
  }

  /** `count` lanes along `axis` at the current position plus `indices`. */
  lanes(access: Access, axis: number, count: number): LaneAddress {
    const { dtype, strides } = access;
    return { ...this.position(access), dtype, stride: strides[axis] ?? 0, count };
  }

  position(access: Access): { address: Push; offset: number } {
    const local = this.locals.get(this.keys.get(access)!.group);
    const address = local === undefined ? this.f.int(0) : this.f.get(local);
    let offset = access.address;
    for (let axis = 0; axis < this.fixed.length; axis++) {
      offset += (access.strides[axis] ?? 0) * (this.fixed[axis] ?? 0);
    }
    return { address, offset };
  }

  /** Of the element at the current position, `more` bytes further on. */
  addressOf(access: Access, more = 0): Push {
    const { address, offset } = this.position(access);
    return this.f.plain('i32Add', address, this.f.int(offset + more));
  }

  /** Equal for accesses that always read the same elements. */
  nameOf(access: Access): string {
    return this.keys.get(access)!.name;
  }
}

/** Splits an axis into whole vectors and a rest of fewer than four lanes. */
export function vectorsAlong(
  cursors: Cursors,
  pass: { axis: number; size: number; team?: Team | undefined },
  body: (lanes: number) => void,
): void {
  const { axis, size, team } = pass;
  const whole = Math.floor(size / 4);
  cursors.loop(axis, { count: whole, step: 4, team }, () => body(4));
  const rest = (): void => cursors.at(axis, whole * 4, () => body(size % 4));
  if (size % 4 > 0) onOneThread(cursors.f, team, rest);
}

function groupKey({ strides, dynamic }: Access): string {
  return `${strides.join()} ${dynamic?.key ?? ''}`;
}
