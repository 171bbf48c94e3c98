/** The trial of 256-bit vectors and the switch over it. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { findRuntime } from '../../../src/coreProcess/runtime.ts';
import {
  allowedForm,
  requireKnownForm,
  fusesVectors,
} from '../../../src/core/backends/wasm/revectorize.ts';
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
    for (const form of [undefined, '', 'plain', 'relaxed', 'revectorize']) {
      requireKnownForm(form === undefined ? {} : { TRAINBENCH_WASM: form });
    }
    assert.throws(() => requireKnownForm({ TRAINBENCH_WASM: 'fast' }), {
      code: 'input.invalid',
      message: 'TRAINBENCH_WASM is "fast"; it must be plain, relaxed or revectorize',
    });
  });

  it('without relaxed operations are recorded in the choices, as they change bits', () => {
    process.env['TRAINBENCH_WASM'] = 'plain';
    assert.equal(createWasmBackend().choices['fma'], 'none');
  });

  it('are tried out once, and never where 256 bits are not allowed', async () => {
    process.env['TRAINBENCH_WASM'] = 'relaxed';
    assert.equal(await fusesVectors(), false);
    delete process.env['TRAINBENCH_WASM'];
    assert.equal(await fusesVectors(), await fusesVectors());
  });

  it('with and without fused pairs agree bit for bit on random programs', function () {
    this.timeout(60_000);
    const { executable } = findRuntime({ bundleFolder: path.resolve('dist') });
    const knows = ['--experimental-wasm-revectorize', '-e', '0'];
    if (spawnSync(executable, knows).status !== 0) this.skip(); // an older runtime than the shipped one
    const args = ['--import', 'tsx', 'test/fuzz/revectorize.ts', '40', '7000'];
    const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    assert.equal(stdout, '40 programs from seed 7000 agree\n', stderr);
  });
});
