/** The text of generated modules: every instruction has its word, and blocks open and close. */
import assert from 'node:assert/strict';
import { createWasmBackend } from '../../../src/core/backends/wasm/wasmBackend.ts';
import { FunctionBuilder } from '../../../src/core/codegen/wasm/asm.ts';
import { disassemble } from '../../../src/core/codegen/wasm/disassemble.ts';
import { encodeModule } from '../../../src/core/codegen/wasm/module.ts';
import { imageNet } from '../../bench/imageNets.ts';
import { w1Program } from '../../kit/w1Program.ts';

describe('the text of a wasm module', () => {
  it('says each instruction with its operands', () => {
    const f = new FunctionBuilder(['i32']);
    const sum = f.local('v128');
    f.set(sum, f.simd('f32x4RelaxedMadd', f.floats(0.5), f.get(sum), f.get(sum)));
    f.loopWhile(f.plain('i32LtS', f.get(0), f.int(-3)), () => {
      f.ifThen(f.plain('i32DivS', f.get(0), f.int(1000)), () => f.call(0, f.int(7)));
      f.drop(f.lane('i32x4ExtractLane', 2, f.get(sum)));
      f.storeInt(f.int(0), f.atomic('compareExchange', 48, f.int(0), f.int(1)), 16);
    });
    const bytes = encodeModule([{ builder: f, name: 'loop0' }], { pages: 2, shared: true });
    const half = new Uint8Array(Float32Array.of(0.5, 0.5, 0.5, 0.5).buffer).join(' ');
    assert.equal(
      disassemble(bytes),
      `(module
  (import "env" "memory" (memory 2 2 shared))
  (func $f0 (export "loop0") (param i32)
    (local v128)
    v128.const i8x16 ${half}
    local.get 1
    local.get 1
    f32x4.relaxed_madd
    local.set 1
    loop
      local.get 0
      i32.const 1000
      i32.div_s
      if
        i32.const 7
        call $f0
      end
      local.get 1
      i32x4.extract_lane 2
      drop
      i32.const 0
      i32.const 0
      i32.const 0
      i32.const 1
      i32.atomic.rmw.cmpxchg offset=48 align=4
      i32.store offset=16 align=4
      local.get 0
      i32.const -3
      i32.lt_s
      br_if 0
    end
  )
)
`,
    );
  });

  for (const [name, program] of [
    ['W1', w1Program().program],
    ['W2', imageNet('w2').program],
    ['W3', imageNet('w3').program],
  ] as const) {
    it(`is there for all of ${name}, with two threads`, async () => {
      const executable = await createWasmBackend({ threads: 2 }).compile(program);
      const text = executable.describeCode!();
      executable.destroy();
      const count = (pattern: RegExp) => text.match(pattern)?.length ?? 0;
      assert.equal(count(/^ +end$/gm), count(/^ +(loop|if)$/gm));
      assert.equal(count(/^ {2}\(func /gm), count(/^ {2}\)$/gm));
      assert.ok(count(/f32x4\.(relaxed_madd|mul)$/gm) > 0);
      assert.match(text, /^;; loop .*:$/m);
      assert.doesNotMatch(text, /undefined|NaN/);
    }).timeout(20_000);
  }
});
