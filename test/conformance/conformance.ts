/** Holds a backend to the op table. Oracle: values computed by hand, else the float64 reference. */
import assert from 'node:assert/strict';
import type { Backend } from '../../src/core/backends/backend.ts';
import { createReferenceBackend } from '../../src/core/backends/reference/referenceBackend.ts';
import { assertClose } from '../kit/close.ts';
import { tolerances } from '../kit/tolerance.ts';
import { gradientCase, runCase } from './caseProgram.ts';
import type { OpCase } from './opCase.ts';
import { ops } from './ops.ts';

/**
 * Declares the tests; call it at the top level of a test file.
 * `leftOut` gives the reason why a backend cannot run a case, which is then reported as skipped.
 */
export function conformance(
  name: string,
  createBackend: () => Backend | Promise<Backend>,
  leftOut: (op: OpCase) => string | null = () => null,
): void {
  describe(`conformance of ${name}`, () => {
    let backend: Backend;
    before(async () => {
      backend = await createBackend();
    });
    after(() => backend.destroy());
    const cases = ops.flatMap((op) => (op.differentiable === true ? [op, gradientCase(op)] : [op]));
    for (const op of cases) {
      const reason = leftOut(op);
      if (reason !== null) it.skip(`${op.name} (${reason})`);
      else it(op.name, () => checkCase(backend, op));
    }
  });
}

async function checkCase(backend: Backend, op: OpCase): Promise<void> {
  const actual = await runCase(backend, op);
  const expected = op.expected ?? (await runCase(createReferenceBackend(), op));
  assert.equal(actual.length, expected.length);
  actual.forEach((values, i) => {
    if (op.family === 'exact') assert.deepEqual(values, expected[i]!.map(toFloat32));
    else assertClose(values, expected[i]!, tolerances[op.family]);
  });
}

/** What a float32 buffer gives back; integers of any dtype stay. */
function toFloat32(value: number): number {
  return Number.isInteger(value) && Math.abs(value) < 2 ** 32 ? value : Math.fround(value);
}
