/** Random graphs with their gradients: passes and backends against the reference. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { gradients } from '../../src/core/autodiff/gradients.ts';
import type { Backend } from '../../src/core/backends/backend.ts';
import { createReferenceBackend } from '../../src/core/backends/reference/referenceBackend.ts';
import { createWasmBackend } from '../../src/core/backends/wasm/wasmBackend.ts';
import { simplify } from '../../src/core/passes/simplify.ts';
import { assertClose } from '../kit/close.ts';
import { tolerances } from '../kit/tolerance.ts';
import { runCase, weightedSum } from './caseProgram.ts';
import type { OpCase } from './opCase.ts';
import { type Instruction, buildGraph, graphInputs } from './randomGraphs.ts';

const instructions = fc.array(fc.tuple(fc.nat(99), fc.nat(99), fc.nat(99)), {
  minLength: 1,
  maxLength: 16,
});
const settings = { seed: 7, numRuns: 60 };

/** The values of a graph and its gradients for all inputs. */
function graphCase(graph: readonly Instruction[]): OpCase {
  return {
    name: 'random graph',
    family: 'composite',
    inputs: graphInputs,
    build: (b, inputs) => {
      const outputs = buildGraph(b, inputs, graph);
      return [...outputs, ...gradients(b, weightedSum(b, outputs), inputs)];
    },
  };
}

/** Compiles what `simplify` makes of a program. */
function simplified(backend: Backend): Backend {
  return { ...backend, compile: (program) => backend.compile(simplify(program)) };
}

describe('random graphs', () => {
  it('keep their bits when simplified', async () => {
    const backend = createReferenceBackend({ precision: 'float32' });
    await fc.assert(
      fc.asyncProperty(instructions, async (graph) => {
        const op = graphCase(graph);
        assert.deepEqual(await runCase(simplified(backend), op), await runCase(backend, op));
      }),
      settings,
    );
  });

  it('have the values of the reference on wasm', async () => {
    const [wasm, reference] = [createWasmBackend(), createReferenceBackend()];
    await fc.assert(
      fc.asyncProperty(instructions, async (graph) => {
        const op = graphCase(graph);
        const expected = await runCase(reference, op);
        const actual = await runCase(simplified(wasm), op);
        actual.forEach((values, i) => assertClose(values, expected[i]!, tolerances.composite));
      }),
      settings,
    );
    wasm.destroy();
  });
});
