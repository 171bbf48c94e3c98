/**
 * One factor of a product in workgroup memory: the terms of a slice of the sum, for all rows (or columns) of a tile, in
 * units of up to four neighbours, so that an invocation reads all it needs for a term by one or two vectors. There are
 * two such buffers: while one is multiplied, the other is filled. Where invocations that are neighbours write different
 * terms, lines are one unit longer than the tile, so that they meet different banks.
 */
import { divided, index, plus, remainder, times } from './indexing.ts';
import type { KernelWriter } from './kernelWriter.ts';
import { tileSide } from './strategies.ts';

/** Invocations that work on a tile. */
export const tileInvocations = tileSide ** 2;

export interface SideOptions {
  /** Of the variable in the code. */
  readonly name: string;
  /** Rows of the tile, or columns. */
  readonly size: number;
  /** Terms of the sum that a buffer holds. */
  readonly depth: number;
  /** Whether neighbouring terms are neighbours in memory; else rows (or columns) are. */
  readonly runsAlong: boolean;
  /** Whether numbers, which are then those of float16, lie in 16 bits. */
  readonly half: boolean;
}

/** Units an invocation brings: where they belong, known before the sum begins. */
export interface Unit {
  readonly k: string;
  /** Index of the unit's first row (or column) in the tile. */
  readonly along: string;
  /** Place in a buffer. */
  readonly at: string;
}

export class Side {
  readonly options: SideOptions;
  /** Numbers in a unit, and how many units an invocation multiplies for a term. */
  readonly width: number;
  readonly groups: number;
  private readonly unitsPerTerm: number;

  constructor(options: SideOptions) {
    this.options = options;
    this.width = Math.min(4, options.size / tileSide);
    this.groups = options.size / (tileSide * this.width);
    this.unitsPerTerm = options.size / this.width + (options.runsAlong ? 1 : 0);
  }

  /** Of workgroup memory. */
  get bytes(): number {
    return 2 * this.bufferUnits * this.width * (this.options.half ? 2 : 4);
  }

  get declaration(): string {
    const { name, half } = this.options;
    const type = vectorType(this.width, half ? 'f16' : 'f32');
    return `var<workgroup> ${name}: array<${type}, ${2 * this.bufferUnits}>;`;
  }

  private get bufferUnits(): number {
    return this.options.depth * this.unitsPerTerm;
  }

  private get units(): number {
    return (this.options.depth * this.options.size) / this.width;
  }

  /** Neighbouring invocations take neighbours in memory. */
  unitsOf(w: KernelWriter, lane: string): Unit[] {
    const { depth, size, runsAlong } = this.options;
    const fast = runsAlong ? depth : size / this.width;
    return Array.from({ length: Math.ceil(this.units / tileInvocations) }, (_, turn) => {
      const unit = plus(w, lane, index(turn * tileInvocations));
      const [inner, outer] = [remainder(w, unit, fast), divided(w, unit, fast)];
      const [k, place] = runsAlong ? [inner, outer] : [outer, inner];
      const at = plus(w, times(w, k, this.unitsPerTerm), place);
      return { k, along: times(w, place, this.width), at };
    });
  }

  /** The unit of numbers by their names. */
  unit(w: KernelWriter, numbers: readonly string[]): string {
    const { half } = this.options;
    const vector = this.width === 1 ? numbers[0]! : `vec${this.width}<f32>(${numbers.join(', ')})`;
    return w.let(half ? `${vectorType(this.width, 'f16')}(${vector})` : vector);
  }

  store(w: KernelWriter, { at }: Unit, { buffer, unit }: { buffer: string; unit: string }): void {
    const line = `${this.options.name}[${plus(w, times(w, buffer, this.bufferUnits), at)}] = ${unit};`;
    if (this.units >= tileInvocations) w.line(line);
    else w.block(`if (lane < ${index(this.units)})`, () => w.line(line));
  }

  /** The names of the float32 units of term `k` at row (or column) `place` of the invocations. */
  read(w: KernelWriter, at: { buffer: string; k: string; place: string }): string[] {
    const { name, half } = this.options;
    const first = plus(
      w,
      plus(w, times(w, at.buffer, this.bufferUnits), times(w, at.k, this.unitsPerTerm)),
      at.place,
    );
    return Array.from({ length: this.groups }, (_, group) => {
      const unit = w.let(`${name}[${plus(w, first, index(group * tileSide))}]`);
      return half ? w.let(`${vectorType(this.width, 'f32')}(${unit})`) : unit;
    });
  }

  /** Row (or column) of the tile that number `i` of an invocation belongs to. */
  rowOf(w: KernelWriter, place: string, i: string): string {
    const inGroup = plus(w, times(w, place, this.width), remainder(w, i, this.width));
    return plus(w, times(w, divided(w, i, this.width), tileSide * this.width), inGroup);
  }
}

export function vectorType(width: number, scalar: 'f16' | 'f32'): string {
  return width === 1 ? scalar : `vec${width}<${scalar}>`;
}

/** Component `i` of a unit. */
export function component(unit: string, width: number, i: number): string {
  return width === 1 ? unit : `${unit}.${'xyzw'[i]!}`;
}
