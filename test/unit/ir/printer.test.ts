import assert from 'node:assert/strict';
import { Builder } from '../../../src/core/ir/builder.ts';
import { printProgram } from '../../../src/core/ir/printer.ts';
import type { Program } from '../../../src/core/ir/program.ts';
import { tensorType } from '../../../src/shared/tensor/tensorType.ts';

/** `unrelated` nodes are made first, so node ids differ from build to build. */
function denseStep(unrelated: number): Program {
  const b = new Builder();
  for (let i = 0; i < unrelated; i++) b.constant(i);
  const x = b.buffer('x', 'data', 'f32', [2, 3]);
  const w = b.buffer('w', 'state', 'f32', [3, 1]);
  const loss = b.buffer('loss', 'column', 'f32', [4]);
  const y = b.binary('max', b.matmul(b.load(x), b.load(w)), -0);
  const step = b.matmul(b.load(x), y, { transposeA: true });
  const stores = [b.emit(loss, b.reduce('sum', y)), b.assign(w, b.sub(b.load(w), step))];
  return b.program('dense', [{ name: 'train', count: 4, stores }]);
}

describe('IR printer', () => {
  it('prints buffers, loops, numbered values and stores', () => {
    assert.equal(
      printProgram(denseStep(0)),
      `program dense
data x: f32[2,3]
state w: f32[3,1]
column loss: f32[4]

loop train x 4
  %0 = load x: f32[2,3]
  %1 = load w: f32[3,1]
  %2 = matmul %0 %1: f32[2,1]
  %3 = constant -0: f32[2,1]
  %4 = max %2 %3: f32[2,1]
  %5 = reduce_sum axes=[0,1] %4: f32[]
  %6 = matmul transposeA %0 %4: f32[3,1]
  %7 = sub %1 %6: f32[3,1]
  emit loss = %5
  assign w = %7
`,
    );
  });

  it('numbers by order, not by how the graph was built', () => {
    assert.equal(printProgram(denseStep(0)), printProgram(denseStep(9)));
  });

  it('prints a scan with its body', () => {
    const b = new Builder();
    const xs = b.buffer('xs', 'data', 'f32', [3, 2]);
    const out = b.buffer('out', 'state', 'f32', [3, 2]);
    const sum = b.scanInput('sum', tensorType('f32', [2]));
    const x = b.scanInput('x', tensorType('f32', [2]));
    const next = b.add(sum, x);
    const scan = { count: 3, inputs: [sum, x], carries: [next], outputs: [next] };
    const [, sums] = b.scan(scan, [b.constant(0, [2])], [b.load(xs)]);
    const stores = [b.assign(out, sums!)];
    assert.match(
      printProgram(b.program('p', [{ name: 'loop', count: 1, stores }])),
      /body\n {4}%2 = scanInput: f32\[2\]\n {4}%3 = scanInput: f32\[2\]\n {4}%4 = add %2 %3: f32\[2\]\n {4}carries %4\n {4}outputs %4\n {2}%5 = scan x 3 %0 %1/,
    );
  });

  it('shortens long constants', () => {
    const b = new Builder();
    const out = b.buffer('out', 'state', 'f32', [9]);
    const stores = [b.assign(out, b.constant([1, 2, 3, 4, 5, 6, 7, 8, 9], [9]))];
    const text = printProgram(b.program('p', [{ name: 'loop', count: 1, stores }]));
    assert.match(text, /constant \[1, 2, 3, 4, 5, 6, 7, 8, \.\.\. 9 values\]: f32\[9\]/);
  });
});
