/**
 * The labs' nets over images (engine W2 and W3) step by step against PyTorch, from the same weights and with the same
 * dropout masks: gradients of the first step and the losses. Slow backends run twins of an eighth of the width.
 * The traces are stored (test/fixtures/pytorch, with their script) and made anew where PyTorch is installed.
 */
import assert from 'node:assert/strict';
import type { Backend } from '../../src/core/backends/backend.ts';
import { createReferenceBackend } from '../../src/core/backends/reference/referenceBackend.ts';
import { createWasmBackend } from '../../src/core/backends/wasm/wasmBackend.ts';
import { assertClose } from '../kit/close.ts';
import {
  checkGradients,
  followTrace,
  largestError,
  storedTraces,
  type TracedNet,
} from '../kit/imageTraces.ts';
import { pythonHas, runPython } from '../kit/python.ts';

const script = 'test/fixtures/pytorch/image_traces.py';

const wasm = () => createWasmBackend();
const reference = () => createReferenceBackend();

describe('nets over images against PyTorch', function () {
  this.timeout(280_000);

  const cases: readonly (readonly [TracedNet, () => Backend])[] = [
    ['w2', wasm],
    ['w3', wasm],
    ['w2 reduced', wasm],
    ['w3 reduced', wasm],
    ['w2 reduced', reference],
    ['w3 reduced', reference],
  ];
  for (const [name, create] of cases) {
    it(`${name} on ${create === wasm ? 'wasm' : 'reference in float64'}`, async () => {
      const trace = storedTraces[name]!;
      const backend = create();
      const { losses, gradients } = await followTrace(backend, name);
      backend.destroy();
      const exact = create === reference;
      checkGradients(gradients, trace.float64, exact ? 1e-6 : 1e-4);
      const error = largestError(losses, trace.float64.losses);
      const theirs = largestError(trace.float32, trace.float64.losses);
      const allowed = exact || name.startsWith('w2') ? 1e-6 : 3 * theirs;
      assert.ok(error <= allowed, `losses are off by ${error}, PyTorch in float32 by ${theirs}`);
    });
  }

  it('have stored traces that PyTorch still gives', function () {
    if (!pythonHas('torch')) return this.skip();
    const names = ['w2 reduced', 'w3 reduced'];
    const live = JSON.parse(runPython(script, names)) as typeof storedTraces;
    for (const name of names) {
      assertClose(live[name]!.float64.losses, storedTraces[name]!.float64.losses, {
        relative: 1e-9,
      });
      const { gradients } = live[name]!.float64;
      for (const [parameter, values] of Object.entries(gradients)) {
        assertClose(values, storedTraces[name]!.float64.gradients[parameter]!, { relative: 1e-7 });
      }
    }
  });
});
