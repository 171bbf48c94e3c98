/** The GPU bench runs: at small sizes, where the peers' Python is missing. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { runGpuBench } from '../bench/gpu/gpuBench.ts';
import { describeOnGpu } from '../kit/gpu.ts';
import { temporaryFolder } from '../kit/temporaryFolder.ts';

await describeOnGpu('the GPU bench', (adapter) => {
  const folder = temporaryFolder();

  it('measures small sizes, names peers that are missing, and writes as it goes', async function () {
    this.timeout(120_000);
    const own = folder();
    mkdirSync(own, { recursive: true });
    const results = path.join(own, 'results.md');
    const ours = [process.execPath, '--import', 'tsx', 'test/bench/gpu/ours.ts'];
    const before = process.env['BENCH_PYTHON'];
    process.env['BENCH_PYTHON'] = path.join(own, 'no-python');
    try {
      await runGpuBench(['--small', 'w1', 'gemm'], { ours, peers: own, folder: own, results });
    } finally {
      if (before === undefined) delete process.env['BENCH_PYTHON'];
      else process.env['BENCH_PYTHON'] = before;
    }
    const text = readFileSync(results, 'utf8');
    assert.ok(text.includes(adapter), text);
    for (const row of ['float32', '128, float32', '128, mixed']) {
      assert.match(text, new RegExp(`\\| Trainbench webgpu, ${row} \\| [0-9.]+ \\|`));
    }
    assert.match(text, /Not measured, or not all of it: PyTorch: .*no-python.*; JAX/);
  });
});
