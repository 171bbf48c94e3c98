/** What this runtime can do, tried out on values: a choice is made by capability, never by timing. */
import { FunctionBuilder } from '../../codegen/wasm/asm.ts';
import { encodeModule } from '../../codegen/wasm/module.ts';
import { memory as memoryOps } from '../../codegen/wasm/opcodes.ts';
import type { NumericChoices } from '../backend.ts';
import { allowedForm } from './revectorize.ts';

let relaxed: boolean | undefined;

/** `fma`: `relaxed` when the relaxed multiply-add is there and rounds once, else `none`. */
export function probeChoices(deterministic: 'portable' | true | undefined): NumericChoices {
  if (deterministic === 'portable' || allowedForm() === 'plain') return { fma: 'none' };
  relaxed ??= hasFusedMultiplyAdd();
  return { fma: relaxed ? 'relaxed' : 'none' };
}

/** Whether (1 + 2^-12)^2 - 1 keeps the 2^-24 that rounding the product first would lose. */
function hasFusedMultiplyAdd(): boolean {
  const bytes = encodeModule([{ name: 'probe', builder: probeFunction() }], {
    pages: 1,
    shared: false,
  });
  // An engine without relaxed SIMD refuses the module, others may round twice.
  if (!WebAssembly.validate(bytes)) return false;
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
  const module = new WebAssembly.Module(bytes);
  const instance = new WebAssembly.Instance(module, { env: { memory } });
  const values = new Float32Array(memory.buffer, 0, 3);
  values.set([1 + 2 ** -12, -1]);
  (instance.exports['probe'] as () => void)();
  return values[2] === 2 ** -11 + 2 ** -24;
}

/** values[2] = values[0] * values[0] + values[1] */
function probeFunction(): FunctionBuilder {
  const f = new FunctionBuilder();
  const splat = (offset: number) => () => {
    f.int(0)();
    f.prefixed(memoryOps.splat32);
    f.memarg(2, offset);
  };
  f.int(8)();
  f.simd('f32x4RelaxedMadd', splat(0), splat(0), splat(4))();
  f.prefixed(memoryOps.store32Lane);
  f.memarg(2, 0);
  f.code.byte(0);
  return f;
}
