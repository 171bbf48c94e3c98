/** A program without scans as plain lists, so that a deep graph crosses to another process as well as a flat one. */
import { invariant } from '../../shared/errors.ts';
import type { TensorType } from '../../shared/tensor/tensorType.ts';
import { Builder } from '../ir/builder.ts';
import type { BufferDecl, Node, Op, Program } from '../ir/program.ts';
import { topological } from '../ir/traverse.ts';

interface PackedNode {
  readonly op: Op;
  /** Places in the list, all before its own. */
  readonly args: readonly number[];
  readonly type: TensorType;
}

interface PackedLoop {
  readonly name: string;
  readonly count: number;
  readonly stores: readonly {
    readonly kind: 'assign' | 'emit';
    readonly buffer: BufferDecl;
    readonly value: number;
  }[];
}

export interface PackedProgram {
  readonly name: string;
  readonly nodes: readonly PackedNode[];
  readonly loops: readonly PackedLoop[];
}

export function packProgram({ name, loops }: Program): PackedProgram {
  const order = topological(loops.flatMap(({ stores }) => stores.map(({ value }) => value)));
  const places = new Map(order.map((node, place) => [node, place]));
  const nodes = order.map(({ op, args, type }) => {
    invariant(op.kind !== 'scan', 'a scan is packed');
    return { op, args: args.map((arg) => places.get(arg)!), type };
  });
  return {
    name,
    nodes,
    loops: loops.map((loop) => ({
      ...loop,
      stores: loop.stores.map((store) => ({ ...store, value: places.get(store.value)! })),
    })),
  };
}

export function unpackProgram({ name, nodes, loops }: PackedProgram): Program {
  const b = new Builder();
  const made: Node[] = [];
  for (const { op, args, type } of nodes) {
    made.push(
      b.make(
        op,
        args.map((place) => made[place]!),
        type,
      ),
    );
  }
  return b.program(
    name,
    loops.map((loop) => ({
      ...loop,
      stores: loop.stores.map((store) => ({ ...store, value: made[store.value]! })),
    })),
  );
}
