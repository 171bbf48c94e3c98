/** The trial of 256-bit vectors and the switch over it. */
import assert from 'node:assert/strict';
import { allowedForm, fusesVectors } from '../../../src/core/backends/wasm/revectorize.ts';
import { createWasmBackend } from '../../../src/core/backends/wasm/wasmBackend.ts';

describe('forms of WebAssembly', () => {
  const before = process.env['TRAINBENCH_WASM'];
  afterEach(() => {
    if (before === undefined) delete process.env['TRAINBENCH_WASM'];
    else process.env['TRAINBENCH_WASM'] = before;
  });

  it('are all allowed unless TRAINBENCH_WASM says less', () => {
    assert.equal(allowedForm({}), 'revectorize');
    assert.equal(allowedForm({ TRAINBENCH_WASM: 'relaxed' }), 'relaxed');
    assert.equal(allowedForm({ TRAINBENCH_WASM: 'plain' }), 'plain');
    assert.equal(allowedForm({ TRAINBENCH_WASM: 'anything' }), 'revectorize');
  });

  it('without relaxed operations are recorded in the choices, as they change bits', () => {
    process.env['TRAINBENCH_WASM'] = 'plain';
    assert.deepEqual(createWasmBackend().choices, { fma: 'none' });
  });

  it('are tried out once, and never where 256 bits are not allowed', async () => {
    process.env['TRAINBENCH_WASM'] = 'relaxed';
    assert.equal(await fusesVectors(), false);
    delete process.env['TRAINBENCH_WASM'];
    assert.equal(await fusesVectors(), await fusesVectors());
  });
});
