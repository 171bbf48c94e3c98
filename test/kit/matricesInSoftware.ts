/**
 * Shaders with subgroup matrices for devices without: an invocation is a subgroup by itself, its matrices are arrays, and
 * float16 numbers lie in float32. What the shader does besides (which element goes where) stays as it was generated.
 */
import type { WgslPlan } from '../../src/core/codegen/wgsl/plan.ts';

interface MatrixSize {
  readonly m: number;
  readonly n: number;
  readonly k: number;
}

export function matricesInSoftware(plan: WgslPlan, size: MatrixSize): WgslPlan {
  const loops = plan.loops.map((loop) => ({
    ...loop,
    dispatches: loop.dispatches.map((d) => ({ ...d, code: played(d.code, size) })),
  }));
  return { ...plan, loops };
}

function played(code: string, size: MatrixSize): string {
  if (!code.includes('subgroup_matrix')) return code;
  const [left = '0', right = '0'] = [...code.matchAll(/row_major>\(&\w+, at, (\d+)u\)/g)].map(
    ([, stride = '0']) => stride,
  );
  return code
    .replace(/^(enable|diagnostic).*$/gm, '')
    .replace(/alias Half[^]*?^fn stage.*$/m, text(size, { left, right }))
    .replace(', @builtin(subgroup_id) subgroup: u32', '')
    .replace('let group =', 'let subgroup = lane;\n  let group =');
}

function text({ m, n, k }: MatrixSize, { left, right }: { left: string; right: string }): string {
  return `alias Half = f32;
alias LeftMatrix = array<f32, ${m * k}>;
alias RightMatrix = array<f32, ${k * n}>;
alias Sums = array<f32, ${m * n}>;
fn leftMatrix(at: u32) -> LeftMatrix {
  var matrix: LeftMatrix;
  for (var i = 0u; i < ${m * k}u; i++) { matrix[i] = left[at + i / ${k}u * ${left}u + i % ${k}u]; }
  return matrix;
}
fn rightMatrix(at: u32) -> RightMatrix {
  var matrix: RightMatrix;
  for (var i = 0u; i < ${k * n}u; i++) { matrix[i] = right[at + i / ${n}u * ${right}u + i % ${n}u]; }
  return matrix;
}
fn multiplied(given: LeftMatrix, other: RightMatrix, sums: Sums) -> Sums {
  var a = given;
  var b = other;
  var result = sums;
  for (var i = 0u; i < ${m * n}u; i++) {
    for (var t = 0u; t < ${k}u; t++) {
      result[i] += a[i / ${n}u * ${k}u + t] * b[t * ${n}u + i % ${n}u];
    }
  }
  return result;
}
fn stage(at: u32, sums: Sums) {
  var matrix = sums;
  for (var i = 0u; i < ${m * n}u; i++) { staged[at + i] = matrix[i]; }
}`;
}
