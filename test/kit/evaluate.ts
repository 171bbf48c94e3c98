/** Computes a few IR values on the reference backend in float64. */
import { createReferenceBackend } from '../../src/core/backends/reference/referenceBackend.ts';
import type { ForwardContext } from '../../src/core/graph/model.ts';
import { Builder } from '../../src/core/ir/builder.ts';
import type { Node } from '../../src/core/ir/program.ts';
import type { DType, Shape } from '../../src/shared/tensor/tensorType.ts';

export interface Input {
  readonly shape: Shape;
  readonly values: readonly number[];
  /** By default f32. */
  readonly dtype?: DType;
}

type Named<T> = Readonly<Record<string, T>>;

/** The values of the nodes that `build` makes of the inputs, under the same names. */
export async function evaluate(
  inputs: Named<Input>,
  build: (b: Builder, nodes: Named<Node>) => Named<Node>,
): Promise<Record<string, number[]>> {
  const b = new Builder();
  const nodes = Object.fromEntries(
    Object.entries(inputs).map(([name, { shape, dtype = 'f32' }]) => [
      name,
      b.load(b.buffer(name, 'state', dtype, shape)),
    ]),
  );
  const results = Object.entries(build(b, nodes)).map(([name, value]) => {
    const { dtype, shape } = value.type;
    return { name, store: b.assign(b.buffer(`result/${name}`, 'state', dtype, shape), value) };
  });
  const loop = { name: 'once', count: 1, stores: results.map(({ store }) => store) };
  const program = b.program('test', [loop]);
  const executable = await createReferenceBackend().compile(program);
  for (const { name } of program.buffers) {
    const input = inputs[name];
    if (input !== undefined) executable.writeExact(name, input.values);
  }
  await executable.run('once', 0, 1);
  return Object.fromEntries(
    results.map(({ name }) => [name, [...executable.readExact(`result/${name}`)]]),
  );
}

export interface TestContext extends ForwardContext {
  /** What was given to `update`. */
  readonly updates: Map<string, Node>;
}

/** A context for one step; tensors come by name, random numbers from seed 1, epoch 2, step 3. */
export function forwardContext(
  builder: Builder,
  training: boolean,
  tensors: Named<Node> = {},
): TestContext {
  const updates = new Map<string, Node>();
  let streams = 0;
  const i32 = (value: number): Node => builder.constant(value, [], 'i32');
  return {
    builder,
    training,
    updates,
    tensor: (name) => tensors[name]!,
    random: { seed: i32(1), epoch: i32(2), step: i32(3) },
    nextStream: () => streams++,
    update: (name, value) => updates.set(name, value),
  };
}
