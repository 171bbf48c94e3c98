/** Addresses of what outlives an iteration: buffers and constants, before the arena (memoryPlan.ts). */
import { byteSize } from '../../../shared/tensor/tensorType.ts';
import type { BufferDecl } from '../../ir/program.ts';
import { aligned } from './arena.ts';
import type { Value } from './values.ts';

/** Address of the iteration index, an i32. */
export const iterationAddress = 16;
/** Two i32 by which threads wait for each other. */
export const barrierAddress = 32;
/** One i32: see storeGate.ts. */
export const gateAddress = 48;
/** A load of four elements may read up to 12 bytes past its tensor. */
export const slackBytes = 64;

export class StaticMemory {
  readonly buffers = new Map<string, { readonly address: number; readonly decl: BufferDecl }>();
  readonly constants: { readonly address: number; readonly value: Value }[] = [];
  end = 64;
  private readonly constantAddresses = new Map<string, number>();

  /** State first: it is what every step touches. The buffers of a pack lie next to each other, without gaps. */
  constructor(buffers: readonly BufferDecl[], packs: readonly (readonly BufferDecl[])[] = []) {
    const rank = { state: 0, column: 1, data: 2 };
    const sorted = buffers.toSorted((a, b) => rank[a.role] - rank[b.role]);
    const packed = disjoint(packs.map((pack) => pack.map(({ name }) => name)));
    const decls = new Map(sorted.map((decl) => [decl.name, decl]));
    for (const { name } of sorted) {
      if (this.buffers.has(name)) continue;
      this.placeTogether((packed.get(name) ?? [name]).map((each) => decls.get(each)!));
    }
  }

  private placeTogether(decls: readonly BufferDecl[]): void {
    let address = this.reserve(decls.reduce((sum, { type }) => sum + byteSize(type), 0));
    for (const decl of decls) {
      this.buffers.set(decl.name, { address, decl });
      address += byteSize(decl.type);
    }
  }

  addressOf(value: Value): number | undefined {
    switch (value.op.kind) {
      case 'iteration':
        return iterationAddress;
      case 'buffer':
        return this.buffers.get(value.op.buffer.name)!.address;
      case 'constant':
        return this.constantAddress(value);
      default:
        return undefined;
    }
  }

  private constantAddress(value: Value): number {
    const values = value.op.kind === 'constant' ? value.op.values : [];
    // -0 and NaN are told apart by their text here.
    const text = values.map((x) => (Object.is(x, -0) ? '-0' : String(x))).join();
    const key = `${value.dtype} ${text}`;
    const known = this.constantAddresses.get(key);
    if (known !== undefined) return known;
    const address = this.reserve(byteSize(value));
    this.constantAddresses.set(key, address);
    this.constants.push({ address, value });
    return address;
  }

  private reserve(bytes: number): number {
    const address = this.end;
    this.end += aligned(bytes);
    return address;
  }
}

/** By element, the first pack that holds it; packs that repeat an element or meet an earlier one are left out. */
export function disjoint<T>(packs: readonly (readonly T[])[]): Map<T, readonly T[]> {
  const found = new Map<T, readonly T[]>();
  for (const pack of packs) {
    if (new Set(pack).size !== pack.length || pack.some((element) => found.has(element))) continue;
    for (const element of pack) found.set(element, pack);
  }
  return found;
}
