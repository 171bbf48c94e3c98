/** `deterministic: portable` gives the same bits on every processor and Node version. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createWasmBackend } from '../../../src/core/backends/wasm/wasmBackend.ts';
import { fillW1, runW1Epoch, w1Program } from '../../kit/w1Program.ts';

/** SHA-256 of the parameters of W1 after 20 epochs; a change of the order of any sum changes it. */
const expected = 'addd712ffc20a846d553733cd1bf7a1bd8372bdb610bcb316f058e473f87308d';

describe('deterministic: portable', () => {
  it('trains W1 to the very bits it had on other processors and Node versions', async () => {
    const epoch = w1Program();
    const executable = await createWasmBackend({ deterministic: 'portable' }).compile(
      epoch.program,
    );
    fillW1(executable);
    for (let i = 0; i < 20; i++) await runW1Epoch(executable, epoch);
    const hash = createHash('sha256');
    for (const layer of ['fc1', 'fc2', 'fc3']) {
      for (const part of ['kernel', 'bias']) {
        const values = await executable.read(`${layer}/${part}`);
        hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
      }
    }
    assert.equal(hash.digest('hex'), expected);
  });
});
