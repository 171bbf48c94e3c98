import assert from 'node:assert/strict';
import { peakFor, peakOf } from '../../bench/gpu/cards.ts';
import { report } from '../../bench/gpu/report.ts';
import { worksOf } from '../../bench/gpu/works.ts';

describe('the table of the GPU bench', () => {
  const [, gemm] = worksOf(false);
  const ours = {
    name: 'Ours',
    device: 'NVIDIA H200, WebGPU',
    missing: null,
    lines: [
      { form: '4096, float32', milliseconds: [4, 2, 3], operations: 137.4e9 },
      { form: '4096, mixed', milliseconds: [1], operations: 137.4e9 },
    ],
  };
  const torch = {
    name: 'PyTorch',
    device: 'NVIDIA H200, PyTorch',
    missing: 'ended when its time was up',
    lines: [
      { form: '4096, float32', milliseconds: [1.5], operations: 137.4e9 },
      { form: '4096, float16', milliseconds: [0.2], operations: 137.4e9 },
    ],
  };

  it('has medians, ratios of the same arithmetic and shares of the card’s peak', () => {
    const text = report([{ work: gemm!, peers: [ours, torch] }], { small: false });
    const row = (start: string) =>
      text
        .split('\n')
        .find((line) => line.startsWith(`| ${start}`))!
        .split(' | ');
    assert.deepEqual(row('Ours, 4096, float32').slice(1, 6), ['3', '2 - 4', '', '45.8', '0.685']);
    assert.equal(row('PyTorch, 4096, float32')[3], '0.5 x');
    assert.equal(row('PyTorch, 4096, float16')[3], '0.2 x');
    assert.match(text, /PyTorch: ended when its time was up/);
    assert.match(text, /H200/);
  });

  it('knows the peak of the arithmetic, and gives no share of a card it does not know', () => {
    const peak = peakOf('NVIDIA H200, WebGPU');
    assert.deepEqual(
      ['float32', 'eager, TF32', 'eager, AMP', 'mixed'].map((form) => peakFor(peak, form)),
      [66.9, 494.7, 989.4, 989.4],
    );
    assert.equal(peakFor(peakOf('llvmpipe'), 'float32'), null);
  });

  it('gives every work a share of the time, and the labs’ sizes', () => {
    assert.deepEqual(
      worksOf(false).map(({ name }) => name),
      worksOf(true).map(({ name }) => name),
    );
    const wide = worksOf(false).at(-1)!.what;
    assert.ok(wide.kind === 'net');
    assert.deepEqual(wide.size, { batch: 512, width: 8 });
  });
});
