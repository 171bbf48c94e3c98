/** Training loss per step, appended in batches; grows by doubling, so appending is cheap for any length. */
export class LossColumn {
  #values = new Float32Array(1024);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** The newest value; null before the first step. */
  get last(): number | null {
    return this.#length === 0 ? null : this.#values[this.#length - 1]!;
  }

  /** Steps that were never reported (a resumed run) are NaN; steps that come again replace the older. */
  append(firstStep: number, values: Float32Array): void {
    const end = firstStep + values.length;
    this.#reserve(end);
    if (firstStep > this.#length) this.#values.fill(Number.NaN, this.#length, firstStep);
    this.#values.set(values, firstStep);
    this.#length = end;
  }

  /** A copy of exactly the values from a step on, fit to be sent. */
  copy(fromStep = 0): Float32Array {
    return this.#values.slice(fromStep, this.#length);
  }

  #reserve(length: number): void {
    if (length <= this.#values.length) return;
    const grown = new Float32Array(Math.max(length, 2 * this.#values.length));
    grown.set(this.#values.subarray(0, this.#length));
    this.#values = grown;
  }
}
