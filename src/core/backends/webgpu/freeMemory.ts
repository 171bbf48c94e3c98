/**
 * How much memory a device can give to one program. WebGPU tells no sizes, so for large programs it is tried: buffers of
 * as much are made and given back at once, which takes no time to speak of as nothing is written to them.
 */

/** Bytes that are not worth a try: every GPU that trains has them. */
const alwaysThere = 2 ** 29;
/** Halvings of the gap between what it has and what it has not. */
const halvings = 5;

export class FreeMemory {
  readonly #holds: (bytes: number) => Promise<boolean>;
  /** The most that it was able to give so far, and the least that it was not. */
  #held: number;
  #refused = Infinity;

  /** `holds`: whether buffers of so many bytes can be made now; it is not asked for `there` or fewer. */
  constructor(holds: (bytes: number) => Promise<boolean>, there = alwaysThere) {
    this.#holds = holds;
    this.#held = there;
  }

  /** At least `bytes` where the device has them, else about what it has. */
  async upTo(bytes: number): Promise<number> {
    if (bytes > this.#held && bytes < this.#refused && !(await this.#try(bytes))) {
      for (let i = 0; i < halvings; i++) await this.#try((this.#held + this.#refused) / 2);
    }
    return this.#held;
  }

  async #try(bytes: number): Promise<boolean> {
    const isHeld = await this.#holds(bytes);
    if (isHeld) this.#held = bytes;
    else this.#refused = bytes;
    return isHeld;
  }
}
