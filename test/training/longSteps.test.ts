/** A core whose every step takes long still answers. */
import assert from 'node:assert/strict';
import { createWasmBackend } from '../../src/core/backends/wasm/wasmBackend.ts';
import { startRun } from '../../src/core/train/run.ts';
import { createTinyProject } from '../kit/tinyProject.ts';

describe('a run of long steps', () => {
  it('leaves the event loop free during a step, and pauses at its end', async () => {
    const project = createTinyProject({
      rows: 800,
      edit: (yaml) =>
        yaml
          .replace('batch_size: 8', 'batch_size: 256')
          .replace('units: 8,', 'units: 512,')
          .replace(
            '  - { type: Dense, name: out',
            '  - { type: Dense, name: wide, units: 512, activation: tanh }\n  - { type: Dense, name: out',
          ),
    });
    try {
      const run = await startRun({
        file: project.config,
        createBackend: () => Promise.resolve(createWasmBackend()),
        startPaused: true,
      });
      await run.pause();
      let answered: number | null = null;
      const step = run.takeStep().then((done) => (answered = done));
      let turns = 0;
      for (; answered === null; turns++) await new Promise((resolve) => setImmediate(resolve));
      await step;
      assert.equal(answered, 1);
      assert.ok(turns > 5, `${turns} turns of the event loop during the step`);
      const { step: at, values } = await run.readTensor('wide/kernel');
      assert.equal(at, 1);
      assert.ok(values.every(Number.isFinite) && values.some((value) => value !== 0));
      assert.equal((await run.stop()).status, 'stopped');
    } finally {
      project.remove();
    }
  });
});
