import assert from 'node:assert/strict';
import { createReferenceBackend } from '../../../src/core/backends/reference/referenceBackend.ts';
import { Builder } from '../../../src/core/ir/builder.ts';
import { printProgram } from '../../../src/core/ir/printer.ts';
import type { Node, Program } from '../../../src/core/ir/program.ts';
import { loopNodes } from '../../../src/core/ir/traverse.ts';
import { programProblems } from '../../../src/core/ir/verify.ts';
import { simplify } from '../../../src/core/passes/simplify.ts';
import { caseProgram, gradientCase, typedValues } from '../../conformance/caseProgram.ts';
import { type OpCase, awkward, given } from '../../conformance/opCase.ts';
import { ops } from '../../conformance/ops.ts';

function storing(build: (b: Builder, x: Node) => Node): Program {
  const b = new Builder();
  const x = b.load(b.buffer('x', 'data', 'f32', [2, 3]));
  const value = build(b, x);
  const out = b.buffer('out', 'state', value.type.dtype, value.type.shape);
  return b.program('p', [{ name: 'loop', count: 1, stores: [b.assign(out, value)] }]);
}

/** Text of the values alone: what is left of the graph. */
function valuesOf(program: Program): string[] {
  const lines = printProgram(simplify(program)).split('\n');
  return lines
    .filter((line) => line.includes(' = ') && !line.includes('assign'))
    .map((l) => l.trim());
}

const x = '%0 = load x: f32[2,3]';

/** What becomes of each graph. */
const cases: readonly [string, (b: Builder, x: Node) => Node, readonly string[]][] = [
  ['multiplies by 1', (b, n) => b.mul(1, b.mul(n, 1)), [x]],
  ['divides by 1', (b, n) => b.div(n, 1), [x]],
  ['subtracts 0', (b, n) => b.sub(n, 0), [x]],
  ['adds -0', (b, n) => b.add(n, -0), [x]],
  ['negates twice', (b, n) => b.unary('neg', b.unary('neg', n)), [x]],
  ['selects one of equals', (b, n) => b.select(b.compare('gt', n, 0), n, n), [x]],
  [
    'selects by a constant',
    (b, n) => b.select(b.compare('lt', b.constant(1), 2), n, b.add(n, 1)),
    [x],
  ],
  ['detaches', (b, n) => b.detach(n), [x]],
  ['reshapes there and back', (b, n) => b.reshape(b.reshape(n, [6]), [2, 3]), [x]],
  ['transposes twice', (b, n) => b.transpose(b.transpose(n, [1, 0]), [1, 0]), [x]],
  [
    'slices a slice',
    (b, n) => b.slice(b.slice(n, [0, 1], [2, 2]), [1, 1], [1, 1]),
    [x, '%1 = slice from=[1,2] %0: f32[1,1]'],
  ],
  [
    'takes the maximum over an axis of 1',
    (b, n) => b.reduce('max', b.reshape(n, [2, 1, 3]), [1]),
    [x],
  ],
  [
    'pads by nothing',
    (b, n) => b.make({ kind: 'pad', before: [0, 0], after: [0, 0], value: 0 }, [n], n.type),
    [x],
  ],
  [
    'computes with constants',
    (b) => b.div(b.sub(b.constant(3), 1), b.unary('sqrt', b.constant(16, [2]))),
    ['%0 = constant 0.5: f32[2]'],
  ],
  [
    'rounds constants as the device would',
    (b) => b.add(b.constant(16777216), 1),
    ['%0 = constant 16777216: f32[]'],
  ],
  [
    'multiplies by 0: NaN must stay',
    (b, n) => b.mul(n, 0),
    [x, '%1 = constant 0: f32[2,3]', '%2 = mul %0 %1: f32[2,3]'],
  ],
  [
    'adds 0: -0 must become 0',
    (b, n) => b.add(n, 0),
    [x, '%1 = constant 0: f32[2,3]', '%2 = add %0 %1: f32[2,3]'],
  ],
  [
    'takes exp of a constant: only the backend knows its bits',
    (b) => b.unary('exp', b.constant(1)),
    ['%0 = constant 1: f32[]', '%1 = exp %0: f32[]'],
  ],
];

describe('simplify', () => {
  for (const [name, build, expected] of cases) {
    it(`graph that ${name}`, () => assert.deepEqual(valuesOf(storing(build)), expected));
  }

  it('keeps every bit of every case of the op table and its gradients', async () => {
    const backend = createReferenceBackend({ precision: 'float32' });
    for (const op of ops.flatMap((c) => (c.differentiable === true ? [c, gradientCase(c)] : [c]))) {
      const { program } = caseProgram(op);
      const simple = simplify(program);
      assert.deepEqual(programProblems(simple), [], op.name);
      assert.deepEqual(
        await outputs(backend, simple, op),
        await outputs(backend, program, op),
        op.name,
      );
    }
  });

  it('keeps bits of awkward numbers through all identities', async () => {
    const backend = createReferenceBackend({ precision: 'float32' });
    const op: OpCase = {
      name: 'identities',
      family: 'exact',
      inputs: [given('f32', [11], awkward)],
      build: (b, [n]) => [
        ...[0, -0, 1, -1].flatMap((c) => [b.add(n, c), b.sub(n, c), b.mul(n, c), b.div(n, c)]),
        b.reduce('max', b.reshape(n, [11, 1]), [1]),
        b.reduce('sum', b.reshape(n, [11, 1]), [1]),
      ],
    };
    const { program } = caseProgram(op);
    const simple = simplify(program);
    assert.ok(loopNodes(simple.loops[0]!).length < loopNodes(program.loops[0]!).length);
    assert.deepEqual(await outputs(backend, simple, op), await outputs(backend, program, op));
  });

  it('keeps stores whose value never changes', () => {
    const program = storing((_, n) => n);
    assert.equal(simplify(program).loops[0]!.stores.length, 1);
  });
});

async function outputs(
  backend: ReturnType<typeof createReferenceBackend>,
  program: Program,
  op: OpCase,
): Promise<number[][]> {
  const executable = await backend.compile(program);
  op.inputs.forEach((input, i) => {
    if (program.buffers.some(({ name }) => name === `in${i}`)) {
      executable.write(`in${i}`, typedValues(input));
    }
  });
  await executable.run('once', 0, 1);
  return program.buffers
    .filter(({ name }) => name.startsWith('out'))
    .map(({ name }) => [...executable.readExact(name)]);
}
