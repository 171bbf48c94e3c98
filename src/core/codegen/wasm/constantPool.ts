/**
 * 16-byte constants in linear memory. V8 makes a vector constant with four instructions wherever it stands
 * and spills it when registers are short; a load from a static address is one.
 */
export class ConstantPool {
  readonly #start: number;
  readonly #addresses = new Map<string, number>();
  readonly #constants: Uint8Array[] = [];

  /** `start`: byte address of the first constant, a multiple of 16. */
  constructor(start: number) {
    this.#start = start;
  }

  get end(): number {
    return this.#start + this.#constants.length * 16;
  }

  /** Where these 16 bytes are. */
  addressOf(bytes: Uint8Array): number {
    const key = bytes.join();
    const known = this.#addresses.get(key);
    if (known !== undefined) return known;
    const address = this.end;
    this.#addresses.set(key, address);
    this.#constants.push(bytes.slice());
    return address;
  }

  writeTo(memory: ArrayBuffer): void {
    this.#constants.forEach((bytes, i) =>
      new Uint8Array(memory, this.#start + i * 16, 16).set(bytes),
    );
  }
}
