/** Runs iterations op by op. Tensors stay on the device; a value is given back after its last use. */
import { AppError, invariant } from '../../../shared/errors.ts';
import {
  type TensorValues,
  allocate,
  elementCount,
  sameShape,
} from '../../../shared/tensor/tensorType.ts';
import type { Node, Program, Store } from '../../ir/program.ts';
import { printProgram } from '../../ir/printer.ts';
import type { Executable } from '../backend.ts';
import { type HostNumbers, findHostNumbers, valueOf } from './hostNumbers.ts';
import { lower } from './lower.ts';
import { type LoopPlan, type Step, isResident, planLoop } from './plan.ts';
import { Column, type Storage, StoredBuffer } from './storedBuffer.ts';
import { type Tensor, type TensorFlow, keepsNaN, scalar, upload } from './tensorFlow.ts';

export class TfjsExecutable implements Executable {
  readonly #tf: TensorFlow;
  readonly #program: Program;
  readonly #numbers: HostNumbers;
  readonly #keepsNaN: boolean;
  readonly #loops: ReadonlyMap<string, LoopPlan>;
  readonly #buffers = new Map<string, StoredBuffer>();
  readonly #columns = new Map<string, Column>();
  /** Constants, made at their first use. */
  readonly #residents = new Map<Node, Tensor>();

  /** @param program without scans */
  constructor(tf: TensorFlow, program: Program) {
    this.#tf = tf;
    this.#program = program;
    this.#numbers = findHostNumbers(program);
    this.#keepsNaN = keepsNaN(tf);
    this.#loops = new Map(program.loops.map((loop) => [loop.name, planLoop(loop, this.#numbers)]));
    for (const { name, type, role } of program.buffers) {
      if (role === 'column') this.#columns.set(name, new Column(tf, type));
      else this.#buffers.set(name, new StoredBuffer(tf, type));
    }
  }

  write(buffer: string, values: TensorValues, offset = 0): void {
    this.#storage(buffer, { offset, count: values.length }).write(values, offset);
  }

  async read(buffer: string, offset = 0, count?: number): Promise<TensorValues> {
    const wanted = count ?? this.#size(buffer) - offset;
    return this.#storage(buffer, { offset, count: wanted }).read(offset, wanted);
  }

  run(name: string, from: number, to: number): Promise<void> {
    return new Promise((resolve) => {
      const plan = this.#loops.get(name);
      invariant(plan !== undefined, `no loop "${name}"`);
      invariant(
        from >= 0 && to <= plan.loop.count,
        `iterations ${from} to ${to} of loop "${name}"`,
      );
      for (let iteration = from; iteration < to; iteration++) this.#iterate(plan, iteration);
      resolve();
    });
  }

  describe(): string {
    const counts = [...this.#loops.values()].map(
      ({ loop, steps }) => `loop ${loop.name}: ${steps.length} values on the device`,
    );
    return ['tfjs, op by op', ...counts, printProgram(this.#program)].join('\n');
  }

  destroy(): void {
    for (const storage of [...this.#buffers.values(), ...this.#columns.values()]) storage.destroy();
    this.#tf.dispose([...this.#residents.values()]);
    this.#residents.clear();
  }

  #iterate({ loop, steps }: LoopPlan, iteration: number): void {
    const values = new Map<Node, Tensor>();
    try {
      for (const step of steps) {
        values.set(step.node, this.#compute(step, values, iteration));
        for (const node of step.frees) {
          values.get(node)!.dispose();
          values.delete(node);
        }
      }
      // All of them before the first is stored: an iteration sees the state as it began.
      const stored = loop.stores.map((store) => this.#stored(store, values, iteration));
      for (const put of stored) put();
    } finally {
      this.#tf.dispose([...values.values()]);
    }
  }

  #compute(step: Step, values: ReadonlyMap<Node, Tensor>, iteration: number): Tensor {
    const tf = this.#tf;
    const { node, operands } = step;
    if (this.#numbers.has(node)) return scalar(tf, this.#number(node, iteration), 'i32');
    const scratch: Tensor[] = [];
    const use = (tensor: Tensor): Tensor => {
      scratch.push(tensor);
      return tensor;
    };
    const host = (wanted: Node): number =>
      this.#numbers.has(wanted)
        ? this.#number(wanted, iteration)
        : this.#value(wanted, values).dataSync()[0]!;
    const args = operands.map((operand) => {
      const value = this.#value(operand, values);
      const fits = takesAnyShape(node) || sameShape(value.shape, operand.type.shape);
      return fits ? value : use(widened(value, operand));
    });
    try {
      const result = lower(node, args, { tf, use, host, keepsNaN: this.#keepsNaN });
      return sameShape(result.shape, node.type.shape) ? result : widened(use(result), node);
    } finally {
      tf.dispose(scratch);
    }
  }

  #number(node: Node, iteration: number): number {
    return valueOf(node, { iteration, load: (name) => this.#buffers.get(name)!.number });
  }

  /** Belongs to a buffer, to the constants or to the iteration. One number for all elements is a scalar. */
  #value(node: Node, values: ReadonlyMap<Node, Tensor>): Tensor {
    if (node.op.kind === 'load' && !values.has(node)) {
      return this.#buffers.get(node.op.buffer.name)!.tensor();
    }
    const known = values.get(node) ?? this.#residents.get(node);
    if (known !== undefined) return known;
    invariant(isResident(node), `${node.op.kind} has not been computed`);
    const made = resident(this.#tf, node);
    this.#residents.set(node, made);
    return made;
  }

  #stored({ kind, buffer, value }: Store, values: ReadonlyMap<Node, Tensor>, row: number) {
    const isNumber = this.#numbers.has(value);
    if (kind === 'assign' && isNumber) {
      const number = this.#number(value, row);
      return () => void (this.#buffers.get(buffer.name)!.number = number);
    }
    const tensor = isNumber
      ? scalar(this.#tf, this.#number(value, row), 'i32')
      : widened(this.#value(value, values), value);
    return kind === 'assign'
      ? () => this.#buffers.get(buffer.name)!.assign(tensor)
      : () => this.#columns.get(buffer.name)!.emit(row, tensor);
  }

  #size(name: string): number {
    const buffer = this.#program.buffers.find((known) => known.name === name);
    if (buffer === undefined) throw new AppError('internal', `internal: no buffer "${name}"`);
    return elementCount(buffer.type.shape);
  }

  #storage(name: string, { offset, count }: { offset: number; count: number }): Storage {
    const size = this.#size(name);
    invariant(
      offset >= 0 && count >= 0 && offset + count <= size,
      `elements ${offset} to ${offset + count} of buffer "${name}", which has ${size}`,
    );
    return (this.#buffers.get(name) ?? this.#columns.get(name))!;
  }
}

/** Their operands may be smaller than the result. */
function takesAnyShape({ op }: Node): boolean {
  return ['unary', 'binary', 'compare', 'select', 'convert'].includes(op.kind);
}

/** A tensor of its own, of the shape of the node. */
function widened(tensor: Tensor, { type }: Node): Tensor {
  return sameShape(tensor.shape, type.shape) ? tensor.clone() : tensor.broadcastTo([...type.shape]);
}

function resident(tf: TensorFlow, { op, type }: Node): Tensor {
  if (op.kind === 'iota') {
    const along = type.shape.map((size, axis) => (axis === op.axis ? size : 1));
    const range = tf.range(0, type.shape[op.axis]!, 1, 'int32');
    const shaped = range.reshape(along);
    const all = shaped.broadcastTo([...type.shape]);
    tf.dispose([range, shaped]);
    return all;
  }
  invariant(op.kind === 'constant', `${op.kind} is no constant`);
  if (typeof op.values === 'number') return scalar(tf, op.values, type.dtype);
  const values = allocate(type);
  values.set(op.values);
  return upload(tf, values, type);
}
