/** `deterministic: portable` gives the same bits on every processor and Node version. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createWasmBackend } from '../../../src/core/backends/wasm/wasmBackend.ts';
import { fillW1, runW1Epoch, w1Program } from '../../kit/w1Program.ts';

/** SHA-256 of the parameters of W1 after 20 epochs; a change of the order of any sum changes it. */
const expected = 'e1ab29a236c82d55aa93a6a18e9b2c01a7aadba6cb158b73311c5848b39a30eb';

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
        const { buffer } = await executable.read(`${layer}/${part}`);
        hash.update(new Uint8Array(buffer));
      }
    }
    assert.equal(hash.digest('hex'), expected);
  });
});
