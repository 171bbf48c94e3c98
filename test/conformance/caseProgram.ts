/** A case of the op table as a program, its gradients as another case, and a way to run either. */
import type { Backend, Executable } from '../../src/core/backends/backend.ts';
import { gradients } from '../../src/core/autodiff/gradients.ts';
import { Builder } from '../../src/core/ir/builder.ts';
import type { Node, Program } from '../../src/core/ir/program.ts';
import { randomSource } from '../../src/core/random/threefry.ts';
import { type TensorValues, allocate, elementCount } from '../../src/shared/tensor/tensorType.ts';
import type { CaseInput, Nodes, OpCase } from './opCase.ts';

export interface CaseProgram {
  readonly program: Program;
  readonly outputs: readonly string[];
}

/** Loop `once` takes buffers `in0`, ... to `out0`, ... */
export function caseProgram({ name, inputs, build }: OpCase): CaseProgram {
  const b = new Builder();
  const nodes = inputs.map((input, i) =>
    b.load(b.buffer(`in${i}`, 'state', input.dtype, input.shape)),
  );
  const stores = [build(b, nodes as unknown as Nodes)].flat().map((value, i) => {
    const { dtype, shape } = value.type;
    return b.assign(b.buffer(`out${i}`, 'state', dtype, shape), value);
  });
  const program = b.program(name, [{ name: 'once', count: 1, stores }]);
  return { program, outputs: stores.map(({ buffer }) => buffer.name) };
}

/** Gradients of `weightedSum` of the outputs for all f32 inputs. */
export function gradientCase(op: OpCase): OpCase {
  return {
    name: `gradient of ${op.name}`,
    family: 'composite',
    inputs: op.inputs,
    build: (b, inputs) =>
      gradients(b, weightedSum(b, [op.build(b, inputs)].flat()), floats(inputs)),
  };
}

export function floats(inputs: readonly Node[]): Node[] {
  return inputs.filter((input) => input.type.dtype === 'f32');
}

/** One scalar that every f32 output moves, each element with a weight of its own. */
export function weightedSum(b: Builder, outputs: readonly Node[]): Node {
  const source = randomSource({ seed: 30, stream: 0 });
  const sums = floats(outputs).map((output) => {
    const count = elementCount(output.type.shape);
    const weights = Array.from({ length: count }, () => Math.fround(source.normal()));
    return b.reduce('sum', b.mul(output, b.constant(weights, output.type.shape)));
  });
  return sums.reduce((sum, next) => b.add(sum, next));
}

export function typedValues({ dtype, shape, values }: CaseInput): TensorValues {
  const typed = allocate({ dtype, shape });
  typed.set(values);
  return typed;
}

/** Values of the outputs on a backend. */
export async function runCase(backend: Backend, op: OpCase): Promise<number[][]> {
  const { program, outputs } = caseProgram(op);
  const executable: Executable = await backend.compile(program);
  try {
    op.inputs.forEach((input, i) => {
      const isUsed = program.buffers.some(({ name }) => name === `in${i}`);
      if (isUsed) executable.write(`in${i}`, typedValues(input));
    });
    await executable.run('once', 0, 1);
    return await Promise.all(outputs.map(async (name) => [...(await executable.read(name))]));
  } finally {
    executable.destroy();
  }
}
