/** Gradients of the op table against central differences, both in float64 on the reference backend. */
import { gradients } from '../../src/core/autodiff/gradients.ts';
import { createReferenceBackend } from '../../src/core/backends/reference/referenceBackend.ts';
import { Builder } from '../../src/core/ir/builder.ts';
import type { ReferenceExecutable } from '../../src/core/backends/reference/referenceBackend.ts';
import { assertClose } from '../kit/close.ts';
import { finiteDifference, finiteDifferenceStep as h } from '../kit/tolerance.ts';
import { floats, weightedSum } from './caseProgram.ts';
import type { Nodes, OpCase } from './opCase.ts';
import { ops } from './ops.ts';

describe('gradients match finite differences', () => {
  for (const op of ops.filter(({ differentiable }) => differentiable)) {
    it(op.name, () => checkGradients(op));
  }
});

async function checkGradients(op: OpCase): Promise<void> {
  const executable = await compileWithLoss(op);
  op.inputs.forEach(({ values }, i) => executable.writeExact(`in${i}`, values));
  await executable.run('gradients', 0, 1);
  for (const [i, { dtype, values }] of op.inputs.entries()) {
    if (dtype !== 'f32') continue;
    const expected = await differences(executable, `in${i}`, values);
    assertClose(executable.readExact(`gradient/in${i}`), expected, finiteDifference);
  }
}

/** Loop `loss` computes one number, loop `gradients` its gradient for every f32 input. */
async function compileWithLoss(op: OpCase): Promise<ReferenceExecutable> {
  const b = new Builder();
  const buffers = op.inputs.map(({ dtype, shape }, i) => b.buffer(`in${i}`, 'state', dtype, shape));
  const inputs = buffers.map((buffer) => b.load(buffer));
  const loss = weightedSum(b, [op.build(b, inputs as unknown as Nodes)].flat());
  const wrt = floats(inputs);
  const found = gradients(b, loss, wrt).map((gradient, i) => {
    const of = buffers[inputs.indexOf(wrt[i]!)]!;
    return b.assign(b.buffer(`gradient/${of.name}`, 'state', 'f32', of.type.shape), gradient);
  });
  const lossStore = b.assign(b.buffer('loss', 'state', 'f32', []), loss);
  // Every input is loaded somewhere, so that every input can be written.
  const kept = inputs.map((input, i) => b.assign(buffers[i]!, input));
  return createReferenceBackend().compile(
    b.program(op.name, [
      { name: 'loss', count: 1, stores: [lossStore] },
      { name: 'gradients', count: 1, stores: [...found, ...kept] },
    ]),
  );
}

async function differences(
  executable: ReferenceExecutable,
  buffer: string,
  values: readonly number[],
): Promise<number[]> {
  const lossAt = async (moved: readonly number[]): Promise<number> => {
    executable.writeExact(buffer, moved);
    await executable.run('loss', 0, 1);
    return executable.readExact('loss')[0]!;
  };
  const found: number[] = [];
  for (const [i, value] of values.entries()) {
    const above = await lossAt(values.with(i, value + h));
    const below = await lossAt(values.with(i, value - h));
    found.push((above - below) / (2 * h));
  }
  executable.writeExact(buffer, values);
  return found;
}
