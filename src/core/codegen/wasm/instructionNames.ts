/** From our names of opcodes to those of the WebAssembly text format. */

/** `f32x4RelaxedMadd` is `f32x4.relaxed_madd`. */
export function namesOf(opcodes: Readonly<Record<string, number>>): [number, string][] {
  return Object.entries(opcodes).map(([name, code]) => [code, instructionName(name)]);
}

const exceptions: Readonly<Record<string, string>> = {
  shuffle: 'i8x16.shuffle',
  andNot: 'v128.andnot',
  f32x4DemoteF64x2: 'f32x4.demote_f64x2_zero',
  f64x2PromoteLow: 'f64x2.promote_low_f32x4',
  i16x8ExtendLowU8: 'i16x8.extend_low_i8x16_u',
  i32x4ExtendLowU16: 'i32x4.extend_low_i16x8_u',
  i32x4TruncF32x4: 'i32x4.trunc_sat_f32x4_s',
  f32x4ConvertI32x4: 'f32x4.convert_i32x4_s',
  i32x4TruncF64x2: 'i32x4.trunc_sat_f64x2_s_zero',
  f64x2ConvertLowI32x4: 'f64x2.convert_low_i32x4_s',
  i32x4Lt: 'i32x4.lt_s',
  i32x4Gt: 'i32x4.gt_s',
  i32x4Le: 'i32x4.le_s',
  i32x4Ge: 'i32x4.ge_s',
  i32x4Min: 'i32x4.min_s',
  i32x4Max: 'i32x4.max_s',
};

function instructionName(name: string): string {
  const known = exceptions[name];
  if (known !== undefined) return known;
  const [, type = 'v128', rest = name] = /^([if]\d+(?:x\d+)?)(.+)$/.exec(name) ?? [];
  const words = rest.replaceAll(/(?<!^)[A-Z]/g, (letter) => `_${letter}`).toLowerCase();
  return `${type}.${words}`;
}

/** `load32Lane` is `v128.load32_lane`, `splat32` is `v128.load32_splat`. */
export function memoryName(name: string): string {
  const splat = /^splat(\d+)$/.exec(name);
  if (splat !== null) return `v128.load${splat[1]!}_splat`;
  return `v128.${name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toLowerCase()}`;
}
