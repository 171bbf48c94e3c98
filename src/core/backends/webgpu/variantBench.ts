/**
 * Runs single dispatches on the memory of a program that has no values yet: what they leave when the memory holds a
 * fixed pattern of numbers, and what they take. Afterwards all of it is zero again.
 */
import type { WordRange } from '../../codegen/wgsl/plan.ts';
import type { WebgpuDevice } from './device.ts';
import { type Pipeline, dispatch } from './pipelines.ts';

/** Words of the pattern, repeated over the memory. */
const patternWords = 2 ** 18;
/** Of each result so many words are compared: a driver that computes otherwise does so everywhere. */
const mostCompared = 2 ** 18;
/** A measurement takes about so long. */
const wantedMilliseconds = 3;
const mostRepeats = 4096;
const rounds = 3;

export interface BenchMemory {
  readonly segments: readonly GPUBuffer[];
  readonly bindings: GPUBindGroup;
}

export class VariantBench {
  readonly #owner: WebgpuDevice;
  readonly #memory: BenchMemory;
  /** null until something was measured. */
  #pattern: GPUBuffer | null = null;

  constructor(owner: WebgpuDevice, memory: BenchMemory) {
    this.#owner = owner;
    this.#memory = memory;
  }

  /** The words that the shader leaves in the ranges. */
  async results(shader: Pipeline, ranges: readonly WordRange[]): Promise<Uint32Array> {
    const { device } = this.#owner;
    const pattern = (this.#pattern ??= this.#fillMemory());
    const encoder = device.createCommandEncoder();
    // An update in place reads what the variant before has written.
    for (const range of ranges) this.#fill(encoder, pattern, range);
    this.#dispatch(encoder, shader, 1);
    const compared = ranges.map((range) => ({
      ...range,
      words: Math.min(range.words, mostCompared),
    }));
    const size = compared.reduce((sum, { words }) => sum + 4 * words, 0);
    const usage = GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST;
    const staging = device.createBuffer({ size, usage });
    let at = 0;
    for (const { segment, offset, words } of compared) {
      const source = this.#memory.segments[segment]!;
      encoder.copyBufferToBuffer(source, 4 * offset, staging, at, 4 * words);
      at += 4 * words;
    }
    device.queue.submit([encoder.finish()]);
    try {
      return new Uint32Array(await this.#owner.contents(staging, size));
    } finally {
      staging.destroy();
    }
  }

  /** Of one dispatch, the quickest of some rounds. */
  async milliseconds(shader: Pipeline): Promise<number> {
    let repeats = 1;
    let taken = await this.#time(shader, repeats);
    while (taken < wantedMilliseconds && repeats < mostRepeats) {
      repeats *= 4;
      taken = await this.#time(shader, repeats);
    }
    for (let round = 1; round < rounds; round++) {
      taken = Math.min(taken, await this.#time(shader, repeats));
    }
    return taken / repeats;
  }

  /** The memory as it was: all zero. */
  clear(): void {
    if (this.#pattern === null) return;
    this.#pattern.destroy();
    this.#pattern = null;
    const { device } = this.#owner;
    const encoder = device.createCommandEncoder();
    for (const segment of this.#memory.segments) encoder.clearBuffer(segment);
    device.queue.submit([encoder.finish()]);
  }

  async #time(shader: Pipeline, repeats: number): Promise<number> {
    const { device } = this.#owner;
    const encoder = device.createCommandEncoder();
    this.#dispatch(encoder, shader, repeats);
    const commands = encoder.finish();
    const begun = performance.now();
    device.queue.submit([commands]);
    await device.queue.onSubmittedWorkDone();
    this.#owner.check();
    return performance.now() - begun;
  }

  #dispatch(encoder: GPUCommandEncoder, { pipeline, workgroups }: Pipeline, times: number): void {
    const pass = encoder.beginComputePass();
    pass.setBindGroup(0, this.#memory.bindings, [0]);
    pass.setPipeline(pipeline);
    for (let i = 0; i < times; i++) dispatch(pass, workgroups);
    pass.end();
  }

  #fillMemory(): GPUBuffer {
    const { device } = this.#owner;
    const usage = GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    const pattern = device.createBuffer({ size: 4 * patternWords, usage });
    device.queue.writeBuffer(pattern, 0, patternOf(patternWords));
    const encoder = device.createCommandEncoder();
    this.#memory.segments.forEach(({ size }, segment) =>
      this.#fill(encoder, pattern, { segment, offset: 0, words: size / 4 }),
    );
    device.queue.submit([encoder.finish()]);
    return pattern;
  }

  /** A word has the same number each time. */
  #fill(
    encoder: GPUCommandEncoder,
    pattern: GPUBuffer,
    { segment, offset, words }: WordRange,
  ): void {
    const target = this.#memory.segments[segment]!;
    for (let at = offset; at < offset + words;) {
      const from = at % patternWords;
      const count = Math.min(patternWords - from, offset + words - at);
      encoder.copyBufferToBuffer(pattern, 4 * from, target, 4 * at, 4 * count);
      at += count;
    }
  }
}

/** Numbers in [-1, 1) that no order of a sum leaves unchanged. */
function patternOf(words: number): Float32Array<ArrayBuffer> {
  const numbers = new Float32Array(words);
  let state = 1;
  for (let i = 0; i < words; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0; // Numerical Recipes' generator
    numbers[i] = state / 2 ** 31;
  }
  return numbers;
}
