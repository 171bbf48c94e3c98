/** This thread's side of the gate that long iterations pass before they store (codegen/wasm/storeGate.ts). */
import { gateAddress } from '../../codegen/wasm/staticMemory.ts';
import { gate } from '../../codegen/wasm/storeGate.ts';

export class RunGate {
  readonly #word: Int32Array;
  #isOneIteration = false;

  /** `memory` must be shared. */
  constructor(memory: WebAssembly.Memory) {
    this.#word = new Int32Array(memory.buffer, gateAddress, 1);
  }

  /** Opens the gate for a run of so many iterations. */
  async around(iterations: number, run: () => Promise<unknown>): Promise<void> {
    Atomics.store(this.#word, 0, gate.open);
    this.#isOneIteration = iterations === 1;
    try {
      await run();
    } finally {
      this.#isOneIteration = false;
    }
  }

  /** Shuts the gate until the function it gives is called; null without one iteration that is still before it. */
  hold(): (() => void) | null {
    if (!this.#isOneIteration) return null;
    const before = Atomics.compareExchange(this.#word, 0, gate.open, gate.held);
    if (before !== gate.open) return null;
    return () => {
      Atomics.store(this.#word, 0, gate.open);
      Atomics.notify(this.#word, 0);
    };
  }
}
