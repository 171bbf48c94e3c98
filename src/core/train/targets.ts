/**
 * The targets of rows as the device holds them, `data/<split>/y`. Of up to 256 classes an index is a byte there: rows in a
 * random order wait for memory, and the bytes of a million of them lie in a cache that four times as many do not.
 */
import type { TensorType, TensorValues } from '../../shared/tensor/tensorType.ts';
import type { TargetSpec } from '../graph/model.ts';
import type { Builder } from '../ir/builder.ts';
import type { Node } from '../ir/program.ts';
import { takeRows, type InputSource } from './takeInputs.ts';

/** i32[rows taken] for classes, f32[rows taken, width] for numbers. */
export function takeTargets(b: Builder, target: TargetSpec, source: InputSource): Node {
  const { dtype, shape } = heldTargets(target, source.rows);
  const rows = takeRows(b, b.buffer(`data/${source.split}/y`, 'data', dtype, shape), source);
  return dtype === 'u8' ? b.convert(rows, 'i32') : rows;
}

/** Of rows of a split, for their buffer. */
export function targetValues(target: TargetSpec, y: Int32Array | Float32Array): TensorValues {
  return heldTargets(target, 0).dtype === 'u8' ? new Uint8Array(y) : y;
}

function heldTargets(target: TargetSpec, rows: number): TensorType {
  if (target.kind === 'numbers') return { dtype: 'f32', shape: [rows, target.width] };
  return { dtype: target.classes <= 256 ? 'u8' : 'i32', shape: [rows] };
}
