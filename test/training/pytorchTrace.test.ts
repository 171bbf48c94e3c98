/**
 * The penguins lab as the lab does it, from its seeds alone, held against PyTorch: initial weights bit for bit,
 * gradients of the first step, the first 200 losses, the final weights and the accuracy.
 * The trace is stored (test/fixtures/pytorch, with its script) and made anew where PyTorch is installed.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Backend } from '../../src/core/backends/backend.ts';
import { createReferenceBackend } from '../../src/core/backends/reference/referenceBackend.ts';
import { createWasmBackend } from '../../src/core/backends/wasm/wasmBackend.ts';
import {
  assertRelative,
  beginPenguins,
  checkFirstGradients,
  checkFirstLosses,
  inOurLayout,
  parameters,
  type PenguinsTrace,
  readWeights,
  storedPenguins as stored,
  trainPenguins,
} from '../kit/penguinsTrace.ts';
import { pythonHas, runPython } from '../kit/python.ts';

const script = 'test/fixtures/pytorch/penguins_trace.py';

describe('the penguins lab as the lab does it, against PyTorch', function () {
  this.timeout(240_000);
  let folder: string;
  before(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'trainbench-'))));
  after(() => rmSync(folder, { recursive: true, force: true }));

  const begin = (createBackend: () => Promise<Backend>) =>
    beginPenguins({ createBackend, folder, epochs: 1 });
  const train = (epochs: number) => trainPenguins({ createBackend: wasm, folder, epochs });

  it('has a stored trace that PyTorch still gives', function () {
    if (!pythonHas('torch') || !pythonHas('sklearn')) return this.skip();
    const live = JSON.parse(runPython(script, ['samples/penguins/penguins.csv'])) as PenguinsTrace;
    assert.deepEqual(live.rows, stored.rows);
    assert.deepEqual(live.float32.initial, stored.float32.initial);
    assertRelative(live.float64.losses, stored.float64.losses, 1e-9, 'loss');
    assertRelative(live.float32.losses, stored.float32.losses, 1e-5, 'loss');
  });

  it('splits the rows as the lab does, with 957 for training and 411 for validation', async () => {
    const run = await begin(reference);
    const { trainingRows, validationRows, diagnostics } = run.info;
    await run.stop();
    assert.deepEqual([trainingRows, validationRows], stored.rows);
    const leakage = diagnostics.find((d) => d.code === 'data.leakage');
    assert.match(leakage?.message ?? '', /39\d of 411/);
  });

  it('draws the initial weights of torch.manual_seed(0) bit for bit', async () => {
    const run = await begin(wasm);
    const weights = await readWeights(run);
    await run.stop();
    for (const { ours, torch } of parameters) {
      assert.deepEqual(weights[ours], inOurLayout(stored.float32.initial[torch]!, ours, weights));
    }
  });

  for (const [name, backend, tolerance] of [
    ['reference in float64', reference, 1e-6],
    ['wasm', wasm, 1e-5],
  ] as const) {
    it(`computes the gradients of the first step on ${name}`, () =>
      checkFirstGradients({ createBackend: backend, folder }, tolerance));

    it(`follows the first 200 losses on ${name}`, () =>
      checkFirstLosses({ createBackend: backend, folder }));
  }

  it('ends at weights no farther from float64 than three times PyTorch float32', async () => {
    const { weights, end } = await train(100);
    assert.equal(end.status, 'completed');
    const distance = { ours: 0, torch: 0 };
    for (const { ours, torch } of parameters) {
      const exact = inOurLayout(stored.float64.final[torch]!, ours, weights);
      const single = inOurLayout(stored.float32.final[torch]!, ours, weights);
      exact.forEach((value, i) => {
        distance.ours = Math.max(distance.ours, Math.abs(weights[ours]![i]! - value));
        distance.torch = Math.max(distance.torch, Math.abs(single[i]! - value));
      });
    }
    assert.ok(distance.ours <= 3 * distance.torch, `${distance.ours} against ${distance.torch}`);
  });

  it('reaches the accuracy of PyTorch within one row, and both losses fall together', async () => {
    const { epochs } = await train(100);
    const [first, last, expected] = [epochs[0]!, epochs.at(-1)!, stored.float32.epochs.at(-1)!];
    const correct = last.metrics['val_accuracy']! * expected.rows;
    assert.ok(Math.abs(correct - expected.correct) <= 1.001, `${correct} of ${expected.rows}`);
    assertRelative([last.loss, last.val_loss!], [expected.loss, expected.val_loss], 1e-3, 'loss');
    assert.ok(last.loss < first.loss / 10 && last.val_loss! < first.val_loss! / 10);
  });
});

function reference(): Promise<Backend> {
  return Promise.resolve(createReferenceBackend({ precision: 'float64' }));
}

function wasm(): Promise<Backend> {
  return Promise.resolve(createWasmBackend());
}
