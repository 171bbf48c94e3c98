/** Proof that the backend interface fits TensorFlow.js unchanged: the same program, the same calls. */
import assert from 'node:assert/strict';
import { createReferenceBackend } from '../../../src/core/backends/reference/referenceBackend.ts';
import type { Backend } from '../../../src/core/backends/backend.ts';
import { Builder } from '../../../src/core/ir/builder.ts';
import { isError } from '../../../src/shared/errors.ts';
import { assertClose } from '../../kit/close.ts';
import { tfjsBackend } from '../../kit/tfjsBackend.ts';
import { tolerances } from '../../kit/tolerance.ts';
import { fillW1, w1Program } from '../../kit/w1Program.ts';

describe('TensorFlow.js as a backend', () => {
  it('trains the penguins net like the reference: losses, metrics, weights, Adam state', async () => {
    const actual = await trained(await tfjsBackend());
    const expected = await trained(createReferenceBackend());
    for (const [name, values] of expected) {
      assertClose(actual.get(name)!, values, tolerances.composite);
    }
    assert.notEqual(expected.get('train/loss')![0], expected.get('train/loss')![9]);
  });

  it('refuses an op that it cannot run when compiling', async () => {
    const b = new Builder();
    const zero = b.constant(0, [], 'i32');
    const out = b.buffer('out', 'state', 'i32', [4]);
    const bits = b.randomBits(0, { seed: zero, epoch: zero, step: zero }, [4]);
    const program = b.program('p', [{ name: 'loop', count: 1, stores: [b.assign(out, bits)] }]);
    const backend = await tfjsBackend();
    await assert.rejects(backend.compile(program), (e) => isError(e, 'backend.unsupported'));
  });
});

/** All buffers but the data after ten batches, the ragged last one, and five of validation. */
async function trained(backend: Backend): Promise<Map<string, number[]>> {
  const { program } = w1Program();
  const executable = await backend.compile(program);
  fillW1(executable);
  await executable.run('train', 0, 4);
  await executable.run('train', 4, 10);
  await executable.run('train/last', 0, 1);
  await executable.run('validation', 0, 5);
  const kept = program.buffers.filter(({ role }) => role !== 'data');
  const values = await Promise.all(
    kept.map(async ({ name }): Promise<[string, number[]]> => [
      name,
      [...(await executable.read(name))],
    ]),
  );
  executable.destroy();
  backend.destroy();
  return new Map(values);
}
