/** Places what lives only for a while, so that what lives at different times shares bytes. */

/** First and last moment in which bytes are needed. */
export interface Life {
  readonly from: number;
  readonly to: number;
}

interface Placed extends Life {
  readonly bytes: number;
  readonly address: number;
}

export class Arena {
  /** One past the last byte that is ever used. */
  end: number;
  private readonly start: number;
  private readonly placed: Placed[] = [];

  constructor(start: number) {
    this.start = start;
    this.end = start;
  }

  /** The lowest address whose bytes are free all that time. */
  place({ from, to }: Life, size: number): number {
    const bytes = aligned(size);
    const meeting = this.placed
      .filter((other) => other.from <= to && from <= other.to)
      .sort((a, b) => a.address - b.address);
    let address = this.start;
    for (const other of meeting) {
      if (other.address - address >= bytes) break;
      address = Math.max(address, other.address + other.bytes);
    }
    this.placed.push({ from, to, bytes, address });
    this.end = Math.max(this.end, address + bytes);
    return address;
  }
}

/** Whole cache lines, so that tensors do not share one. */
export function aligned(bytes: number): number {
  return Math.ceil(bytes / 64) * 64;
}
