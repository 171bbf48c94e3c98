/** The elementary functions of the wasm backend against float64, over all magnitudes of float32. */
import assert from 'node:assert/strict';
import { createWasmBackend } from '../../../src/core/backends/wasm/wasmBackend.ts';
import { erf } from '../../../src/core/backends/reference/specialFunctions.ts';
import { Builder } from '../../../src/core/ir/builder.ts';
import type { Node, UnaryFn } from '../../../src/core/ir/program.ts';

interface Case {
  readonly fn: UnaryFn;
  readonly exact: (x: number) => number;
  /** Units in the last place; results below the normal numbers are measured in units of the smallest of those. */
  readonly limit: number;
  /** Largest |x| that the claim covers. */
  readonly range?: number;
}

const sigmoid = (x: number): number =>
  x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x));

const cases: readonly Case[] = [
  { fn: 'exp', exact: Math.exp, limit: 1 },
  { fn: 'expm1', exact: Math.expm1, limit: 2 },
  { fn: 'log', exact: Math.log, limit: 1 },
  { fn: 'log1p', exact: Math.log1p, limit: 3 },
  { fn: 'sigmoid', exact: sigmoid, limit: 3 },
  { fn: 'tanh', exact: Math.tanh, limit: 3 },
  { fn: 'erf', exact: erf, limit: 2 },
  { fn: 'sin', exact: Math.sin, limit: 2, range: 8192 },
  { fn: 'cos', exact: Math.cos, limit: 2, range: 8192 },
  { fn: 'rsqrt', exact: (x) => 1 / Math.sqrt(x), limit: 2 },
  { fn: 'sqrt', exact: Math.sqrt, limit: 0.5 },
];

const edges = [
  0,
  -0,
  Infinity,
  -Infinity,
  NaN,
  1,
  -1,
  2 ** -149,
  -(2 ** -149),
  2 ** -126,
  3.4e38,
  -3.4e38,
];

/** Every 65537th float32, which visits each exponent 128 times with all kinds of fractions, and the edges. */
function arguments32(): Float32Array {
  const bits = Int32Array.from({ length: 65_535 }, (_, i) => Math.imul(i, 65_537));
  return Float32Array.of(...edges, ...new Float32Array(bits.buffer));
}

describe('vector math of the wasm backend', () => {
  for (const portable of [false, true]) {
    const choice = portable ? 'portable' : 'as this machine chooses';
    for (const { fn, exact, limit, range = Infinity } of cases) {
      it(`${fn} is within ${limit} ulp of float64, edges right (${choice})`, async () => {
        const xs = arguments32().filter((x) => !(Math.abs(x) > range) || !Number.isFinite(x));
        const [actual] = await compute({ portable, inputs: [xs] }, (b, [x]) => b.unary(fn, x!));
        checkAll(actual!, (i) => exact(xs[i]!), { limit, name: (i) => `${fn}(${xs[i]})` });
      });
    }
    it(`pow is within 1 ulp of float64, edges as in Math.pow (${choice})`, async () => {
      const bases = [...edges, 0.5, 0.999, 1.001, 2, 3, 10, -2, -3, -0.5, 1e-20, 7e-39, 1e10];
      const powers = [...edges, 0.5, -0.5, 2, 3, -2, -3, 10.5, 100, -100, 1e-3, 126, 149, 2 ** 24];
      const pairs = bases.flatMap((x) =>
        powers.map((y) => [Math.fround(x), Math.fround(y)] as const),
      );
      const inputs = [Float32Array.from(pairs, ([x]) => x), Float32Array.from(pairs, ([, y]) => y)];
      const [actual] = await compute({ portable, inputs }, (b, [x, y]) => b.binary('pow', x!, y!));
      checkAll(actual!, (i) => pairs[i]![0] ** pairs[i]![1], {
        limit: 1,
        name: (i) => `pow(${pairs[i]!.join()})`,
      });
    });
  }
});

async function compute(
  { portable, inputs }: { portable: boolean; inputs: readonly Float32Array[] },
  build: (b: Builder, inputs: readonly Node[]) => Node,
): Promise<Float32Array[]> {
  const b = new Builder();
  const shape = [inputs[0]!.length];
  const nodes = inputs.map((_, i) => b.load(b.buffer(`in${i}`, 'state', 'f32', shape)));
  const out = b.buffer('out', 'state', 'f32', shape);
  const loop = { name: 'once', count: 1, stores: [b.assign(out, build(b, nodes))] };
  const backend = createWasmBackend(portable ? { deterministic: 'portable' } : {});
  const executable = await backend.compile(b.program('math', [loop]));
  inputs.forEach((values, i) => executable.write(`in${i}`, values));
  await executable.run('once', 0, 1);
  return [(await executable.read('out')) as Float32Array];
}

function checkAll(
  actual: Float32Array,
  exact: (i: number) => number,
  { limit, name }: { limit: number; name: (i: number) => string },
): void {
  let worst = { error: 0, text: '' };
  actual.forEach((value, i) => {
    const expected = exact(i);
    const error = errorInUlp(value, expected);
    if (error > worst.error) worst = { error, text: `${name(i)} = ${value}, expected ${expected}` };
  });
  assert.ok(worst.error <= limit, `${worst.error.toFixed(2)} ulp: ${worst.text}`);
}

function errorInUlp(actual: number, exact: number): number {
  const rounded = Math.fround(exact);
  if (Object.is(actual, rounded))
    return Number.isFinite(rounded) ? Math.abs(actual - exact) / ulp(exact) : 0;
  if (!Number.isFinite(actual) || !Number.isFinite(rounded))
    return overflowIsClose(actual, exact) ? 1 : Infinity;
  if (actual === 0 && exact === 0) return Infinity; // the sign of zero is wrong
  return Math.abs(actual - exact) / ulp(exact);
}

/** At the border an infinity is as good as the largest number. */
function overflowIsClose(actual: number, exact: number): boolean {
  const largest = 2 ** 128 * (1 - 2 ** -24);
  return (
    Math.sign(actual) === Math.sign(exact) &&
    Math.abs(exact) > largest * (1 - 2 ** -22) &&
    Math.abs(actual) >= largest * (1 - 2 ** -22)
  );
}

function ulp(x: number): number {
  if (!Number.isFinite(x)) return 1;
  const exponent = Math.max(-126, Math.floor(Math.log2(Math.abs(x) || 1e-300)));
  return 2 ** (exponent - 23);
}
