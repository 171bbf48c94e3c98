/** The tree of a profile, where its blocks lie, and how the keyboard goes through them. */
import type { Pass } from '../../../src/shared/kernelInfo.ts';
import assert from 'node:assert/strict';
import type { Profile, ProfiledKernel } from '../../../src/shared/protocol/profile.ts';
import { figuresOf, kernelTitle } from '../../../src/shared/protocol/profileFigures.ts';
import { flameTree, neighbour, placeNodes } from '../../../webviews/profile/flameTree.ts';

function kernel(
  op: string,
  milliseconds: number,
  origins: readonly (readonly [string | null, Pass])[],
): ProfiledKernel {
  return {
    ops: [op],
    shape: [2, 3],
    form: null,
    origins: origins.map(([layer, pass]) => ({ layer, pass })),
    milliseconds,
    operations: 10,
    bytes: 8,
  };
}

const kernels = [
  kernel('pad', 1, [['conv', 'forward']]),
  kernel('conv2d', 3, [['conv', 'forward']]),
  kernel('matmul', 2, [['fc', 'forward']]),
  kernel('conv2dFilterGrad', 2, [['conv', 'weightGradient']]),
  kernel('sub', 2, [
    ['conv', 'update'],
    ['fc', 'update'],
    ['out', 'update'],
  ]),
];
const profile = { kernels, kernelMilliseconds: 10 } as unknown as Profile;
const names = { step: 'Step', allLayers: 'all', pass: (pass: Pass) => pass };

describe('the flame view', () => {
  const placed = placeNodes(flameTree(profile, names));
  const find = (label: string) => placed.find(({ node }) => node.label === label)!;

  it('has layers, their passes and their kernels in the order of a step', () => {
    const lines = placed.map(
      ({ node, row }) => `${' '.repeat(row)}${node.label} ${node.milliseconds}`,
    );
    assert.deepEqual(lines, [
      'Step 10',
      ' conv 6',
      '  forward 4',
      '   pad [2, 3] 1',
      '   conv2d [2, 3] 3',
      '  weightGradient 2',
      '   conv2dFilterGrad [2, 3] 2',
      ' fc 2',
      '  forward 2',
      '   matmul [2, 3] 2',
      ' all 2',
      '  update 2',
      '   sub [2, 3] 2',
    ]);
  });

  it('gives each the width of its time, inside the one above', () => {
    for (const { left, width, above, node } of placed) {
      assert.ok(Math.abs(width - node.milliseconds / 10) < 1e-12);
      if (above === null) continue;
      assert.ok(left >= above.left - 1e-12 && left + width <= above.left + above.width + 1e-12);
    }
    assert.ok(Math.abs(find('fc').left - 0.6) < 1e-12);
  });

  it('goes with the arrow keys to what is beside, above and below', () => {
    const step = placed[0]!;
    assert.equal(neighbour('ArrowDown', step, placed)?.node.label, 'conv');
    assert.equal(neighbour('ArrowRight', find('conv'), placed)?.node.label, 'fc');
    assert.equal(neighbour('ArrowLeft', find('fc'), placed)?.node.label, 'conv');
    assert.equal(neighbour('ArrowUp', find('fc'), placed), step);
    assert.equal(neighbour('ArrowUp', step, placed), null);
    assert.equal(neighbour('ArrowRight', find('all'), placed), null);
    assert.equal(neighbour('a', step, placed), null);
  });

  it('has room for what took no time at all', () => {
    const nothing = { kernels: [kernel('div', 0, [[null, 'loss']])], kernelMilliseconds: 0 };
    const all = placeNodes(flameTree(nothing as unknown as Profile, names));
    assert.ok(all.every(({ left, width }) => Number.isFinite(left) && Number.isFinite(width)));
  });
});

describe('figures of a kernel', () => {
  it('are speeds and its share of the step', () => {
    const work = { milliseconds: 2, operations: 4e9, bytes: 1e6 };
    assert.deepEqual(figuresOf(work, profile), { share: 0.2, gigaflops: 2000, gigabytes: 0.5 });
    const none = { ...work, milliseconds: 0 };
    assert.deepEqual(figuresOf(none, profile), { share: 0, gigaflops: 0, gigabytes: 0 });
  });

  it('come with a title of its first operations, repeats once', () => {
    const ops = ['mul', 'mul', 'add', 'sqrt', 'mul', 'div'];
    assert.equal(kernelTitle({ ops }), 'mul + add + sqrt + mul + …');
    assert.equal(kernelTitle({ ops: ['conv2d', 'add'] }), 'conv2d + add');
  });
});
