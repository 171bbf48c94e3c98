/** A growable run of bytes with WebAssembly's number encodings. */
export class ByteBuffer {
  length = 0;
  private data = new Uint8Array(4096);

  byte(value: number): void {
    if (this.length === this.data.length) this.grow(1);
    this.data[this.length] = value;
    this.length += 1;
  }

  bytes(values: ArrayLike<number>): void {
    this.grow(values.length);
    this.data.set(values, this.length);
    this.length += values.length;
  }

  /** Unsigned LEB128. */
  unsigned(value: number): void {
    if (value < 0x80) {
      this.byte(value);
      return;
    }
    let rest = value;
    while (rest > 0x7f) {
      this.byte((rest & 0x7f) | 0x80);
      rest = Math.floor(rest / 128);
    }
    this.byte(rest);
  }

  /** Signed LEB128 of a 32-bit integer. */
  signed(value: number): void {
    let rest = value | 0;
    if (rest >= -64 && rest < 64) {
      this.byte(rest & 0x7f);
      return;
    }
    for (;;) {
      const low = rest & 0x7f;
      rest >>= 7;
      if ((rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0)) {
        this.byte(low);
        return;
      }
      this.byte(low | 0x80);
    }
  }

  text(value: string): void {
    const encoded = new TextEncoder().encode(value);
    this.unsigned(encoded.length);
    this.bytes(encoded);
  }

  /** Length first, then the content. */
  nested(content: ByteBuffer): void {
    this.unsigned(content.length);
    this.bytes(content.view());
  }

  /** This buffer, empty. */
  cleared(): this {
    this.length = 0;
    return this;
  }

  view(): Uint8Array {
    return this.data.subarray(0, this.length);
  }

  private grow(extra: number): void {
    if (this.length + extra <= this.data.length) return;
    const larger = new Uint8Array(Math.max(this.data.length * 2, this.length + extra));
    larger.set(this.view());
    this.data = larger;
  }
}
