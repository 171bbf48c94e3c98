/** `precision: mixed` on a GPU: the numbers of the CPU's rounding, until a sum's last bit rounds the other way. */
import assert from 'node:assert/strict';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createWebgpuBackend } from '../../src/core/backends/webgpu/webgpuBackend.ts';
import { readColumns } from '../../src/core/runs/openRun.ts';
import { startRun } from '../../src/core/train/run.ts';
import { assertClose } from '../kit/close.ts';
import { describeOnGpu } from '../kit/gpu.ts';
import { temporaryFolder } from '../kit/temporaryFolder.ts';
import { tolerances } from '../kit/tolerance.ts';
import { trainingBackends } from '../kit/trainRun.ts';

/** Later steps part: a number rounded to its other neighbour in float16 is a thousandth off, and training amplifies it. */
const comparedSteps = 5;

await describeOnGpu('mixed precision', (adapter) => {
  const folder = temporaryFolder();

  it('trains the digits as the CPU does', async function () {
    this.timeout(120_000);
    const project = folder();
    cpSync('samples/digits', project, {
      recursive: true,
      filter: (name) => path.basename(name) !== 'runs',
    });
    const file = path.join(project, 'digits.train.yaml');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace('training:\n', 'training:\n  precision: mixed\n'));
    const losses = async (name: string, createBackend: typeof trainingBackends.wasm) => {
      const overrides = { epochs: 1, outputDirectory: path.join(project, name) };
      const run = await startRun({ file, overrides, createBackend });
      assert.equal((await run.done).status, 'completed');
      const { loss } = await readColumns(run.info.directory);
      return [...loss!].slice(0, comparedSteps);
    };
    const gpu = await losses('gpu', () => createWebgpuBackend({ adapter }));
    const cpu = await losses('cpu', trainingBackends.wasm);
    assert.equal(gpu.length, comparedSteps);
    assertClose(gpu, cpu, tolerances.training);
  });
});
