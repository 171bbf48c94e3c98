/** What a step of W3 takes in memory: values that live at different times share bytes. */
import assert from 'node:assert/strict';
import { createWasmBackend } from '../../../src/core/backends/wasm/wasmBackend.ts';
import { loopNodes } from '../../../src/core/ir/traverse.ts';
import { byteSize } from '../../../src/shared/tensor/tensorType.ts';
import { imageNet } from '../../bench/imageNets.ts';

describe('memory of the wasm backend', () => {
  for (const threads of [1, 2]) {
    it(`is under 64 MB for W3 at batch 32 with ${threads} threads, without the data`, async () => {
      const net = imageNet('w3');
      const executable = await createWasmBackend({ threads }).compile(net.program);
      const { data, state, columns, working, total } = executable.memory!;
      executable.destroy();
      assert.equal(data, 8 * 32 * (32 * 32 * 3 + 1) * 4);
      const weights = net.parameters.reduce((sum, { type }) => sum + byteSize(type), 0);
      assert.equal(state, 2 * weights + 4); // with RMSprop's means and the learning rate
      assert.equal(columns, 8 * 4);
      assert.ok(total >= data + state + columns + working, `${total} in all`);
      assert.ok(total - data < 64e6, `${total - data} bytes without the data`);
      // The largest two values have to be there at once; all values of a step could not.
      const bytes = net.program.loops.flatMap(loopNodes).map(({ type }) => byteSize(type));
      assert.ok(working > 2 * (32 * 32 * 32 * 32 * 4));
      assert.ok(working < bytes.reduce((sum, each) => sum + each, 0) / 4);
    });
  }
});
