import assert from 'node:assert/strict';
import { Builder } from '../../../src/core/ir/builder.ts';
import type { Loop, Node, Store } from '../../../src/core/ir/program.ts';
import { programProblems, verify } from '../../../src/core/ir/verify.ts';
import { tensorType } from '../../../src/shared/tensor/tensorType.ts';
import { caseProgram, gradientCase } from '../../conformance/caseProgram.ts';
import { ops } from '../../conformance/ops.ts';

/** Problems of one loop of ten iterations with these stores. */
function problemsOf(build: (b: Builder) => Store[], count = 10): string[] {
  const b = new Builder();
  return programProblems(b.program('p', [{ name: 'loop', count, stores: build(b) }]));
}

function storing(build: (b: Builder) => Node): (b: Builder) => Store[] {
  return (b) => {
    const value = build(b);
    return [b.assign(b.buffer('out', 'state', value.type.dtype, value.type.shape), value)];
  };
}

/** Rows from a start in a table of 32: good where a problem is not given. */
const starts: readonly [string, (b: Builder) => Node, string | null][] = [
  ['three times the iteration', (b) => b.mul(b.iteration(), 3), null],
  [
    'five times the iteration',
    (b) => b.mul(b.iteration(), 5),
    '0 .. 45, but the last good start is 30',
  ],
  [
    'before the first row',
    (b) => b.sub(b.iteration(), 1),
    '-1 .. 8, but the last good start is 30',
  ],
  ['clamped', (b) => b.binary('min', b.mul(b.iteration(), 5), 30), null],
  ['from data', (b) => b.load(b.buffer('start', 'data', 'i32', [])), null],
];

describe('IR verifier', () => {
  it('accepts every case of the op table and its gradients', () => {
    for (const op of ops.flatMap((c) => (c.differentiable === true ? [c, gradientCase(c)] : [c]))) {
      assert.deepEqual(programProblems(caseProgram(op).program), [], op.name);
    }
  });

  for (const [name, start, problem] of starts) {
    it(`knows the range of rows ${name}`, () => {
      const found = problemsOf(storing((b) => b.dynamicRows(b.constant(0, [32, 3]), start(b), 2)));
      assert.deepEqual(found, problem === null ? [] : [`loop loop: takes rows from ${problem}`]);
    });
  }

  it('finds a row index out of range', () => {
    const index = (b: Builder): Node => b.constant([0, 3], [2], 'i32');
    assert.deepEqual(problemsOf(storing((b) => b.gatherRows(b.constant(0, [3, 2]), index(b)))), [
      'loop loop: row index 3 of 3',
    ]);
  });

  it('finds two stores to one buffer', () => {
    const found = problemsOf((b) => {
      const x = b.buffer('x', 'state', 'f32', []);
      return [b.assign(x, b.constant(1)), b.assign(x, b.constant(2))];
    });
    assert.deepEqual(found, ['loop loop: stores x twice']);
  });

  it('finds a column that is shorter than its loop, and one that is loaded', () => {
    const found = problemsOf((b) => {
      const column = b.buffer('c', 'column', 'f32', [9]);
      return [b.emit(column, b.reduce('sum', b.load(column)))];
    });
    assert.deepEqual(found, ['loop loop: emits 10 rows to c: f32[9]', 'loop loop: loads column c']);
  });

  it('finds a scan input outside of its scan', () => {
    const found = problemsOf(storing((b) => b.scanInput('h', tensorType('f32', []))));
    assert.equal(found.length, 1);
    assert.match(found[0]!, /uses h#0 outside of its scan/);
  });

  it('finds stores that the builder would not make', () => {
    const found = problemsOf((b) => {
      const data = b.buffer('d', 'data', 'f32', [2]);
      const state = b.buffer('s', 'state', 'f32', [2]);
      return [
        { kind: 'assign', buffer: data, value: b.load(data) },
        { kind: 'assign', buffer: state, value: b.constant(1) },
      ];
    });
    assert.deepEqual(found, [
      'loop loop: assign to data d',
      'loop loop: assign of f32[] to s: f32[2]',
    ]);
  });

  it('finds names that are there twice and buffers that are not listed', () => {
    const b = new Builder();
    const x = b.buffer('x', 'state', 'f32', []);
    const loop: Loop = { name: 'loop', count: 1, stores: [b.assign(x, b.constant(1))] };
    const twice = { ...b.program('p', [loop, loop]), buffers: [] };
    assert.throws(
      () => verify(twice),
      /internal: program p:\nloop loop is there twice\nbuffer x is used but/,
    );
    assert.equal(verify(b.program('p', [loop])).name, 'p');
  });
});
