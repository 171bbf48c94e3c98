/**
 * WGSL functions that kernels call by name; `helpersFor` gives those that a text needs. Elementary functions
 * follow the CPU engine's (codegen/wasm/vectorMath.ts, where their errors and sources are): WGSL leaves the accuracy
 * of its own, and what they make of NaN, to the driver.
 */
const helpers: Readonly<Record<string, string>> = {
  fromBits: `fn fromBits(bits: u32) -> f32 { return bitcast<f32>(bits); }`,

  isNan: `fn isNan(x: f32) -> bool { return (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u; }`,

  larger: `fn larger(a: f32, b: f32) -> f32 {
  return select(select(a, b, b > a), fromBits(0x7fc00000u), isNan(a) || isNan(b));
}`,

  smaller: `fn smaller(a: f32, b: f32) -> f32 {
  return select(select(a, b, b < a), fromBits(0x7fc00000u), isNan(a) || isNan(b));
}`,

  signOf: `fn signOf(x: f32) -> f32 { return select(x, select(-1f, 1f, x > 0f), x != 0f && !isNan(x)); }`,

  // By integers, as no driver rearranges those: WGSL's own conversions may round either way.
  roundToHalf: `fn roundToHalf(x: f32) -> f32 {
  let bits = bitcast<u32>(x);
  let size = bits & 0x7fffffffu;
  if (size > 0x7f800000u) { return x; }
  let normal = (size + 0xfffu + ((size >> 13u) & 1u)) & 0xffffe000u;
  let small = bitcast<u32>(round(abs(x) * 0x1p24f) * 0x1p-24f);
  let finite = select(normal, small, size < 0x38800000u);
  let rounded = select(finite, 0x7f800000u, size >= 0x477ff000u);
  return bitcast<f32>(rounded | (bits & 0x80000000u));
}`,

  truncated: `fn truncated(x: f32) -> i32 { // saturates; 0 of NaN
  let inside = i32(clamp(select(x, 0f, isNan(x)), -2147483648f, 2147483520f));
  return select(inside, 2147483647, x >= 2147483648f);
}`,

  powerOfTwo: `fn powerOfTwo(n: i32) -> f32 { return bitcast<f32>(u32(n + 127) << 23u); }`,

  withSign: `fn withSign(size: f32, sign: f32) -> f32 {
  return bitcast<f32>((bitcast<u32>(size) & 0x7fffffffu) | (bitcast<u32>(sign) & 0x80000000u));
}`,

  // n = round(x / ln 2) and what remains; NaN stays in the remainder.
  byLogarithmOfTwo: `struct Halved { n: i32, r: f32 }
fn byLogarithmOfTwo(x: f32) -> Halved {
  let turns = floor(x * 1.4426950408889634f + 0.5f);
  let high = x - turns * 0.693359375f;
  return Halved(truncated(turns), high + turns * 2.1219444e-4f);
}`,

  clampedExponent: `fn clampedExponent(x: f32) -> f32 {
  let low = select(x, -104f, x < -104f);
  return select(low, 89f, low > 89f);
}`,

  // (e^r - 1 - r) / r^2 for |r| <= ln(2) / 2
  exponentialTail: `fn exponentialTail(r: f32) -> f32 {
  return ((((1.98756915e-4f * r + 1.3981999507e-3f) * r + 8.3334519073e-3f) * r
    + 4.1665795894e-2f) * r + 1.6666665459e-1f) * r + 0.5f;
}`,

  exponential: `fn exponential(x: f32) -> f32 {
  let parts = byLogarithmOfTwo(clampedExponent(x));
  let y = exponentialTail(parts.r) * (parts.r * parts.r) + parts.r + 1f;
  let half = parts.n >> 1u; // two factors, each a normal number
  return y * powerOfTwo(half) * powerOfTwo(parts.n - half);
}`,

  exponentialLessOne: `fn exponentialLessOne(x: f32) -> f32 {
  let parts = byLogarithmOfTwo(clampedExponent(x));
  let p = exponentialTail(parts.r) * (parts.r * parts.r) + parts.r;
  let half = powerOfTwo(max(parts.n - 1, -126)); // (p + 1) 2^n - 1 = 2 (p half + (half - 0.5))
  let sum = p * half + (half - 0.5f);
  return select(sum + sum, x, abs(x) < 1e-8f);
}`,

  // log((1 + r) 2^e) for sqrt(1/2) <= 1 + r < sqrt(2)
  logarithmOf: `fn logarithmOf(r: f32, e: f32) -> f32 {
  let z = r * r;
  let p = (((((((7.0376836292e-2f * r - 1.151461031e-1f) * r + 1.167699874e-1f) * r
    - 1.2420140846e-1f) * r + 1.4249322787e-1f) * r - 1.6668057665e-1f) * r
    + 2.0000714765e-1f) * r - 2.4999993993e-1f) * r + 3.3333331174e-1f;
  let low = e * -2.1219444e-4f + p * r * z;
  return e * 0.693359375f + (r + (low - z * 0.5f));
}`,

  logarithm: `fn logarithm(x: f32) -> f32 {
  let denormal = x < 1.17549435e-38f;
  let bits = bitcast<u32>(select(x, x * 8388608f, denormal));
  let exponent = i32(bits >> 23u) - select(126, 149, denormal);
  let m = bitcast<f32>((bits & 0x007fffffu) | 0x3f000000u); // in [0.5, 1)
  let low = m < 0.70710678f;
  let result = logarithmOf(m - 1f + select(0f, m, low), f32(exponent - select(0, 1, low)));
  let infinity = fromBits(0x7f800000u);
  let other = select(fromBits(0x7fc00000u), -infinity, x == 0f);
  return select(other, select(result, infinity, x == infinity), x > 0f);
}`,

  logarithmOfOnePlus: `fn logarithmOfOnePlus(x: f32) -> f32 {
  // log(u) + (x - (u - 1)) / u: what rounding 1 + x to u has lost, by bits that no compiler may reorder
  let u = bitcast<f32>(bitcast<u32>(1f + x));
  let lost = x - (u - 1f);
  let tiny = abs(x) < 1e-4f;
  let series = x * (1f - x * (0.5f - x * 0.33333333f));
  let exact = logarithm(u) + select(lost / u, 0f, u <= 0f || x > 1e30f);
  return select(exact, series, tiny);
}`,

  logistic: `fn logistic(x: f32) -> f32 {
  let e = exponential(-abs(x));
  let upper = 1f / (1f + e);
  return select(upper, e * upper, x < 0f);
}`,

  hyperbolicTangent: `fn hyperbolicTangent(x: f32) -> f32 {
  let size = select(abs(x), 10f, abs(x) > 10f);
  let t = exponentialLessOne(size * 2f);
  return select(withSign(t / (t + 2f), x), x, isNan(x));
}`,

  errorFunction: `fn errorFunction(x: f32) -> f32 {
  let t = select(abs(x), 4f, abs(x) > 4f);
  let s = t * t;
  let near = (((((-5.96761703e-4f * s + 4.99119423e-3f) * s - 2.67681349e-2f) * s + 1.12819925e-1f) * s
    - 3.76125336e-1f) * s + 1.28379166e-1f) * x + x;
  let p = (((((-1.7285347e-5f * t + 3.83197126e-4f) * t - 3.88396438e-3f) * t + 2.42546219e-2f) * t
    - 1.06777877e-1f) * t - 6.34846687e-1f) * t - 1.28717512e-1f;
  let far = withSign(1f - exponential(p * t - t), x);
  return select(select(near, far, t > 0.927734375f), x, isNan(x));
}`,

  // quarter turns and sine or cosine of what remains; pi/2 in four parts, of which three give exact products
  circular: `fn circular(x: f32, quarterTurns: i32) -> f32 {
  let turns = floor(x * 0.63661977f + 0.5f);
  let r = (((x - turns * 1.5703125f) - turns * 4.837512969970703e-4f)
    - turns * 7.54953362047672271728515625e-8f) - turns * 2.56334407e-12f;
  let z = r * r;
  let s = ((-1.9515295891e-4f * z + 8.3321608736e-3f) * z - 1.6666654611e-1f) * z * r + r;
  let c = ((2.443315711809948e-5f * z - 1.388731625493765e-3f) * z + 4.166664568298827e-2f) * (z * z)
    + (1f - z * 0.5f);
  let q = truncated(turns) + quarterTurns;
  let value = select(s, c, (q & 1) != 0);
  return select(value, -value, (q & 2) != 0);
}`,

  sine: `fn sine(x: f32) -> f32 { return select(circular(x, 0), x, x == 0f); }`,

  cosine: `fn cosine(x: f32) -> f32 { return circular(x, 1); }`,

  power: `fn power(a: f32, b: f32) -> f32 {
  let size = abs(a);
  let whole = floor(b) == b;
  let odd = whole && floor(b * 0.5f) != b * 0.5f;
  let positive = exponential(b * logarithm(size));
  let infinite = fromBits(0x7f800000u);
  let finite = select(positive, select(0f, infinite, b < 0f), size == 0f);
  let signed = select(finite, -finite, odd && (bitcast<u32>(a) >> 31u) == 1u);
  let real = select(signed, fromBits(0x7fc00000u), a < 0f && !whole);
  return select(select(real, 1f, b == 0f), fromBits(0x7fc00000u), (isNan(a) && b != 0f) || isNan(b));
}`,

  // Threefry-2x32-20 of core/random/threefry.ts
  threefry: `fn threefry(key: vec2<u32>, counter: vec2<u32>) -> vec2<u32> {
  let schedule = array<u32, 3>(key.x, key.y, key.x ^ key.y ^ 0x1bd11bdau);
  let rotations = array<u32, 8>(13u, 15u, 26u, 6u, 17u, 29u, 16u, 24u);
  var x = counter.x + key.x;
  var y = counter.y + key.y;
  for (var round = 0u; round < 20u; round++) {
    let by = rotations[round % 8u];
    x += y;
    y = ((y << by) | (y >> (32u - by))) ^ x;
    if (round % 4u == 3u) {
      let group = (round + 1u) / 4u;
      x += schedule[group % 3u];
      y += schedule[(group + 1u) % 3u] + group;
    }
  }
  return vec2<u32>(x, y);
}`,

  randomWord: `fn randomWord(seed: i32, stream: u32, epoch: i32, step: i32, element: u32) -> i32 {
  let key = threefry(vec2<u32>(bitcast<u32>(seed), stream), vec2<u32>(bitcast<u32>(epoch), bitcast<u32>(step)));
  let words = threefry(key, vec2<u32>(element / 2u, 0u));
  return bitcast<i32>(select(words.x, words.y, element % 2u == 1u));
}`,
};

/** The helpers that `text` calls, and those that they call. */
export function helpersFor(text: string): string {
  const needed = new Set<string>();
  const visit = (code: string): void => {
    for (const [, name = ''] of code.matchAll(/\b(\w+)\(/g)) {
      const helper = helpers[name];
      if (helper === undefined || needed.has(name)) continue;
      needed.add(name);
      visit(helper);
    }
  };
  visit(text);
  return [...needed].map((name) => helpers[name]!).join('\n');
}
