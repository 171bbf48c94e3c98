/** The GPU bench runs: our side at small sizes, and the peers' scripts on played PyTorch and JAX. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { runGpuBench } from '../bench/gpu/gpuBench.ts';
import { describeOnGpu } from '../kit/gpu.ts';
import { temporaryFolder } from '../kit/temporaryFolder.ts';

const here = [process.execPath, '--import', 'tsx', 'test/bench/gpu/ours.ts'];

interface Bench {
  readonly folder: string;
  readonly ours?: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** @returns the table */
async function bench(args: readonly string[], { folder, ours = here, environment }: Bench) {
  mkdirSync(folder, { recursive: true });
  const results = path.join(folder, 'results.md');
  const before = { ...process.env };
  Object.assign(process.env, environment);
  try {
    await runGpuBench(args, { ours, peers: 'test/bench/gpu/peers', folder, results });
  } finally {
    for (const name of Object.keys(environment)) Reflect.deleteProperty(process.env, name);
    Object.assign(process.env, before);
  }
  return readFileSync(results, 'utf8');
}

await describeOnGpu('the GPU bench', (adapter) => {
  const folder = temporaryFolder();

  it('measures small sizes, names peers that are missing, and writes as it goes', async function () {
    this.timeout(120_000);
    const environment = { BENCH_PYTHON: path.join(folder(), 'no-python') };
    const text = await bench(['--small', 'w1', 'gemm'], { folder: folder(), environment });
    assert.ok(text.includes(adapter), text);
    for (const row of ['float32', '128, float32', '128, mixed']) {
      assert.match(text, new RegExp(`\\| Trainbench webgpu, ${row} \\| [0-9.]+ \\|`));
    }
    assert.match(text, /Not measured, or not all of it: PyTorch: .*no-python.*; JAX/);
  });
});

describe('the peers of the GPU bench', () => {
  const folder = temporaryFolder();
  const fakes = path.resolve('test/fixtures/fakePython');
  const hasPython = spawnSync('python3', ['-c', 'import numpy']).status === 0;

  /** Stands for our side, which needs a GPU. */
  const lines = [{ device: 'Fake GPU' }, { form: 'float32', milliseconds: [1, 2, 3] }];
  const ours = [
    process.execPath,
    '-e',
    `console.log(${JSON.stringify(lines.map((l) => JSON.stringify(l)).join('\n'))})`,
  ];

  it('are measured in all their forms on a GPU', async function () {
    this.timeout(120_000);
    if (!hasPython) this.skip();
    const environment = { BENCH_PYTHON: 'python3', PYTHONPATH: fakes };
    const args = ['--small', 'w1', 'w2', 'gemm'];
    const text = await bench(args, { folder: folder(), ours, environment });
    assert.doesNotMatch(text, /Not measured/);
    assert.match(text, /Measured on: Fake GPU; Fake GPU, PyTorch fake; Fake GPU, JAX fake/);
    const rows = (start: string) =>
      text.split('\n').filter((line) => line.startsWith(`| ${start}`));
    for (const how of ['eager', 'CUDA graph', 'torch.compile']) {
      assert.equal(rows(`PyTorch, ${how}, float32 `).length, 2, text);
      for (const precision of ['AMP', 'TF32'])
        assert.equal(rows(`PyTorch, ${how}, ${precision} `).length, 1, text);
    }
    for (const precision of ['float32', 'TF32'])
      assert.equal(rows(`JAX, jit and scan, ${precision} `).length, 2, text);
    for (const precision of ['float32', 'float16', 'TF32'])
      assert.equal(rows(`PyTorch, 128, ${precision} `).length, 1, text);
  });

  it('without a GPU are missing, or say with every number that it is the processor’s', async function () {
    this.timeout(120_000);
    if (!hasPython) this.skip();
    const environment = { BENCH_PYTHON: 'python3', PYTHONPATH: fakes, FAKE_NO_GPU: '1' };
    const without = await bench(['--small', 'gemm'], { folder: folder(), ours, environment });
    assert.match(without, /PyTorch: PyTorch fake finds no CUDA device/);
    const args = ['--small', '--cpu-peers', 'w1'];
    const on = await bench(args, { folder: folder(), ours, environment });
    assert.match(on, /\| PyTorch, eager, float32 \(on the CPU\) \|/);
    assert.match(on, /\| JAX, jit and scan, float32 \(on the CPU\) \|/);
    assert.doesNotMatch(on, /\| (PyTorch|JAX)[^|]*[^)] \|/);
  });
});
