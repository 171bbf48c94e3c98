/** Buffers of a program: on the device once they are used there, before that on the host. */
import { invariant } from '../../../shared/errors.ts';
import {
  type TensorType,
  type TensorValues,
  allocate,
  elementCount,
} from '../../../shared/tensor/tensorType.ts';
import { type Tensor, type TensorFlow, typedValues, upload } from './tensorFlow.ts';

export interface Storage {
  write(values: TensorValues, offset: number): void;
  read(offset: number, count: number): Promise<TensorValues>;
  destroy(): void;
}

/** Data and state: one tensor. Exactly one of `#host` and `#tensor` is there. */
export class StoredBuffer implements Storage {
  readonly #tf: TensorFlow;
  readonly #type: TensorType;
  #host: TensorValues | null;
  #tensor: Tensor | null = null;

  constructor(tf: TensorFlow, type: TensorType) {
    this.#tf = tf;
    this.#type = type;
    this.#host = allocate(type);
  }

  write(values: TensorValues, offset: number): void {
    const isAll = values.length === elementCount(this.#type.shape);
    const before = isAll ? allocate(this.#type) : this.#onHost();
    before.set(values, offset);
    this.#hold({ host: before });
  }

  async read(offset: number, count: number): Promise<TensorValues> {
    if (this.#tensor === null) return this.#onHost().slice(offset, offset + count);
    const tf = this.#tf;
    const flat = tf.reshape(this.#tensor, [-1]);
    const part = tf.slice(flat, [offset], [count]);
    const values = await part.data();
    tf.dispose([flat, part]);
    return typedValues(values, { dtype: this.#type.dtype, shape: [count] });
  }

  /** Belongs to the buffer. */
  tensor(): Tensor {
    if (this.#tensor === null) {
      this.#hold({ tensor: upload(this.#tf, this.#onHost(), this.#type) });
    }
    return this.#tensor!;
  }

  /** Takes the tensor over. */
  assign(tensor: Tensor): void {
    this.#hold({ tensor });
  }

  /** Of a scalar that never was on the device. */
  get number(): number {
    return this.#onHost()[0]!;
  }

  set number(value: number) {
    this.#hold({ host: Int32Array.of(value) });
  }

  destroy(): void {
    this.#hold({ host: new Int32Array() });
  }

  #onHost(): TensorValues {
    return this.#host ?? typedValues(this.#tensor!.dataSync(), this.#type);
  }

  #hold({
    host = null,
    tensor = null,
  }: {
    host?: TensorValues | null;
    tensor?: Tensor | null;
  }): void {
    this.#tensor?.dispose();
    this.#host = host;
    this.#tensor = tensor;
  }
}

/** A column: rows stay on the device until somebody reads, then they come in one transfer. */
export class Column implements Storage {
  readonly #tf: TensorFlow;
  readonly #type: TensorType;
  readonly #values: TensorValues;
  readonly #fresh = new Map<number, Tensor>();

  constructor(tf: TensorFlow, type: TensorType) {
    this.#tf = tf;
    this.#type = type;
    this.#values = allocate(type);
  }

  /** Takes the tensor over. */
  emit(row: number, tensor: Tensor): void {
    this.#fresh.get(row)?.dispose();
    this.#fresh.set(row, tensor);
  }

  write(values: TensorValues, offset: number): void {
    const stacked = this.#stacked();
    if (stacked !== null) this.#keep(stacked.dataSync(), stacked);
    this.#values.set(values, offset);
  }

  async read(offset: number, count: number): Promise<TensorValues> {
    const stacked = this.#stacked();
    if (stacked !== null) this.#keep(await stacked.data(), stacked);
    return this.#values.slice(offset, offset + count);
  }

  destroy(): void {
    this.#tf.dispose([...this.#fresh.values()]);
    this.#fresh.clear();
  }

  #stacked(): Tensor | null {
    return this.#fresh.size === 0 ? null : this.#tf.stack([...this.#fresh.values()]);
  }

  #keep(read: ArrayLike<number>, stacked: Tensor): void {
    const width = elementCount(this.#type.shape.slice(1));
    invariant(read.length === width * this.#fresh.size, 'rows came while a column was read');
    [...this.#fresh.keys()].forEach((row, i) => {
      for (let e = 0; e < width; e++) this.#values[row * width + e] = read[i * width + e]!;
    });
    this.destroy();
    stacked.dispose();
  }
}
