/**
 * Random programs on the wasm backend against the reference, element for element. All numbers are small
 * integers, so float32 is exact whatever the order of operations, and fusion, views, scheduling, memory
 * sharing and computing in place have nowhere to hide.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createReferenceBackend } from '../../../src/core/backends/reference/referenceBackend.ts';
import { createWasmBackend } from '../../../src/core/backends/wasm/wasmBackend.ts';
import type { Program } from '../../../src/core/ir/program.ts';
import { printProgram } from '../../../src/core/ir/printer.ts';
import { elementCount } from '../../../src/shared/tensor/tensorType.ts';
import { Choice, iterations, randomProgram } from '../../kit/randomPrograms.ts';

async function results(program: Program, seed: number): Promise<Map<string, [number[], number[]]>> {
  const executables = await Promise.all([
    createWasmBackend().compile(program),
    createReferenceBackend().compile(program),
  ]);
  const found = new Map<string, [number[], number[]]>();
  for (const { name, type, role } of program.buffers) {
    if (role !== 'state') continue;
    const choice = new Choice(seed + 1_000_000);
    const values = Float32Array.from(
      { length: elementCount(type.shape) },
      () => choice.below(9) - 4,
    );
    for (const executable of executables) executable.write(name, values);
  }
  for (const executable of executables) await executable.run('loop', 0, iterations);
  for (const { name } of program.buffers) {
    const [actual, expected] = await Promise.all(executables.map((each) => each.read(name)));
    // + 0 makes -0 a 0: which zero a maximum of both gives is nobody's promise.
    found.set(name, [Array.from(actual!, (x) => x + 0), Array.from(expected!, (x) => x + 0)]);
  }
  return found;
}

describe('random programs on the wasm backend', () => {
  it('give what the reference gives, element for element', async function () {
    this.timeout(60_000);
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 2 ** 30 }), async (seed) => {
        const program = randomProgram(seed);
        for (const [name, [actual, expected]] of await results(program, seed)) {
          assert.deepEqual(actual, expected, `${name} of\n${printProgram(program)}`);
        }
      }),
      { seed: 7, numRuns: Number(process.env['TRAINBENCH_FUZZ_RUNS'] ?? 60) },
    );
  });
});
