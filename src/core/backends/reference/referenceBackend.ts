/**
 * The oracle: a slow and obvious interpreter of programs. In float64 it is what other backends and
 * finite differences are measured against; in float32 every op rounds, which shows what float32
 * alone costs. Written for clarity only and never optimised.
 */
import { AppError, invariant } from '../../../shared/errors.ts';
import { type TensorValues, allocate } from '../../../shared/tensor/tensorType.ts';
import type { Loop, Program, Store } from '../../ir/program.ts';
import { printProgram } from '../../ir/printer.ts';
import type { Backend, Executable } from '../backend.ts';
import { evaluate } from './evaluate.ts';
import { type Numbers, type Tensor, zeros } from './tensor.ts';

export interface ReferenceOptions {
  readonly precision?: 'float64' | 'float32';
}

/** Also reads and writes f32 buffers without rounding to float32. */
export interface ReferenceExecutable extends Executable {
  writeExact(buffer: string, values: readonly number[] | Numbers): void;
  readExact(buffer: string): Float64Array;
}

export interface ReferenceBackend extends Backend {
  compile(program: Program): Promise<ReferenceExecutable>;
}

export function createReferenceBackend(options: ReferenceOptions = {}): ReferenceBackend {
  const { precision = 'float64' } = options;
  return {
    name: 'reference',
    deviceName: `reference interpreter, ${precision}`,
    choices: { precision },
    threads: 1,
    compile: (program) => Promise.resolve(new Interpreter(program, precision)),
    destroy: () => undefined,
  };
}

class Interpreter implements ReferenceExecutable {
  private readonly program: Program;
  private readonly precision: 'float64' | 'float32';
  private readonly buffers = new Map<string, Tensor>();

  constructor(program: Program, precision: 'float64' | 'float32') {
    this.program = program;
    this.precision = precision;
    for (const { name, type } of program.buffers) this.buffers.set(name, zeros(type));
  }

  write(buffer: string, values: TensorValues, offset = 0): void {
    this.range(buffer, offset, values.length).set(values);
  }

  writeExact(buffer: string, values: readonly number[] | Numbers): void {
    const rounded = this.precision === 'float32' && this.buffer(buffer).type.dtype === 'f32';
    this.range(buffer, 0, values.length).set(rounded ? Float32Array.from(values) : values);
  }

  read(buffer: string, offset = 0, count?: number): Promise<TensorValues> {
    return new Promise((resolve) => {
      const { type, data } = this.buffer(buffer);
      const part = this.range(buffer, offset, count ?? data.length - offset);
      const copy = allocate({ dtype: type.dtype, shape: [part.length] });
      copy.set(part);
      resolve(copy);
    });
  }

  readExact(buffer: string): Float64Array {
    return Float64Array.from(this.buffer(buffer).data);
  }

  run(loop: string, from: number, to: number): Promise<void> {
    return new Promise((resolve) => {
      const found = this.program.loops.find(({ name }) => name === loop);
      invariant(found !== undefined, `program ${this.program.name} has no loop ${loop}`);
      invariant(from >= 0 && to <= found.count, `${loop} has no iterations ${from} to ${to}`);
      for (let iteration = from; iteration < to; iteration++) this.runIteration(found, iteration);
      resolve();
    });
  }

  describe(): string {
    return `reference interpreter, ${this.precision}\n${printProgram(this.program)}`;
  }

  destroy(): void {
    this.buffers.clear();
  }

  private runIteration(loop: Loop, iteration: number): void {
    const round = this.precision === 'float32' ? Math.fround : (value: number): number => value;
    const results = evaluate(
      loop.stores.map((store) => store.value),
      { buffers: this.buffers, iteration, round, values: new Map(), scans: new Map() },
    );
    // Values may share memory with buffers (a load is no copy), so nothing is overwritten in place.
    loop.stores.forEach((store, i) => this.store(store, results[i]!, iteration));
  }

  private store({ kind, buffer }: Store, value: Tensor, iteration: number): void {
    if (kind === 'assign') {
      this.buffers.set(buffer.name, { type: buffer.type, data: value.data.slice() });
    } else {
      this.buffer(buffer.name).data.set(value.data, iteration * value.data.length);
    }
  }

  private buffer(name: string): Tensor {
    const found = this.buffers.get(name);
    if (found === undefined) throw new AppError('internal', `internal: no buffer ${name}`);
    return found;
  }

  private range(buffer: string, offset: number, count: number): Numbers {
    const { data } = this.buffer(buffer);
    invariant(
      offset >= 0 && count >= 0 && offset + count <= data.length,
      `${buffer} has ${data.length} elements, not ${offset} + ${count}`,
    );
    return data.subarray(offset, offset + count);
  }
}
