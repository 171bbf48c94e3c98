/**
 * The gradient of a scan is a scan backwards. The forward scan is run once more with the carries of
 * every turn kept; then, from the last turn to the first, the gradient of the body takes what arrives
 * at a turn's carries and outputs to the carries before it, its sequence elements, and the values that
 * the body captures from outside (summed over the turns).
 */
import type { Builder } from '../ir/builder.ts';
import type { Node, Scan } from '../ir/program.ts';
import type { Cotangent, PullBack } from './cotangent.ts';

export interface ScanSite {
  /** By result index: final carries, then stacked outputs; undefined where none arrives. */
  readonly arriving: readonly (Node | undefined)[];
  /** Outer values whose gradient is wanted too. */
  readonly captured: readonly Node[];
  readonly pullBack: PullBack;
}

/** Gradients for the f32 arguments of the scan `node`, and for `site.captured`. */
export function scanGradients(b: Builder, node: Node, site: ScanSite): Cotangent[] {
  if (node.op.kind !== 'scan') return [];
  const { scan } = node.op;
  const split = scan.carries.length;
  const isFloat = (_: unknown, i: number): boolean => scan.inputs[i]!.type.dtype === 'f32';
  const carried = scan.carries.map((_, i) => i).filter(isFloat);
  const sequenced = scan.inputs.map((_, i) => i).filter((i) => i >= split && isFloat(null, i));

  const body = backwardBody(b, scan, { site, carried, sequenced });
  const results = b.scan(
    body.scan,
    [
      ...carried.map((i) => site.arriving[i] ?? zerosLike(b, scan.carries[i]!)),
      ...site.captured.map((outer) => zerosLike(b, outer)),
    ],
    [...savedInputs(b, node, scan), ...body.outputGradients].map((rows) => reversed(b, rows)),
  );
  const outputs = results.slice(carried.length + site.captured.length);
  return [
    ...carried.map((i, k): Cotangent => [node.args[i]!, results[k]!]),
    ...site.captured.map((outer, k): Cotangent => [outer, results[carried.length + k]!]),
    ...sequenced.map((i, k): Cotangent => [node.args[i]!, reversed(b, outputs[k]!)]),
  ];
}

interface Wanted {
  readonly site: ScanSite;
  /** Indices into `scan.inputs` of f32 carries and f32 sequences. */
  readonly carried: readonly number[];
  readonly sequenced: readonly number[];
}

/** One turn backwards, and the stacked gradients that it reads besides the saved inputs. */
function backwardBody(
  b: Builder,
  scan: Scan,
  { site, carried, sequenced }: Wanted,
): { readonly scan: Scan; readonly outputGradients: readonly Node[] } {
  const split = scan.carries.length;
  const arrivingOutputs = scan.outputs
    .map((output, i) => ({ output, gradient: site.arriving[split + i] }))
    .filter((o): o is { output: Node; gradient: Node } => o.gradient !== undefined);
  const atCarries = carried.map((i) => b.scanInput('gradient of carry', scan.carries[i]!.type));
  const sums = site.captured.map((outer) => b.scanInput('gradient of captured', outer.type));
  const atOutputs = arrivingOutputs.map(({ output }) =>
    b.scanInput('gradient of output', output.type),
  );
  const wrt = [...carried, ...sequenced].map((i) => scan.inputs[i]!);
  const found = site.pullBack(
    b,
    [
      ...carried.map((i, k): Cotangent => [scan.carries[i]!, atCarries[k]!]),
      ...arrivingOutputs.map(({ output }, k): Cotangent => [output, atOutputs[k]!]),
    ],
    [...wrt, ...site.captured],
  );
  const inner = wrt.map((input, k) => found[k] ?? zerosLike(b, input));
  const added = sums.map((sum, k) => addIfAny(b, sum, found[wrt.length + k] ?? null));
  return {
    scan: {
      count: scan.count,
      inputs: [...atCarries, ...sums, ...scan.inputs, ...atOutputs],
      carries: [...inner.slice(0, carried.length), ...added],
      outputs: inner.slice(carried.length),
    },
    outputGradients: arrivingOutputs.map(({ gradient }) => gradient),
  };
}

/** For each input of the body its values in all turns: carries as they were before the turn. */
function savedInputs(b: Builder, node: Node, scan: Scan): Node[] {
  const split = scan.carries.length;
  const keeping: Scan = { ...scan, outputs: scan.inputs.slice(0, split) };
  const results = b.scan(keeping, node.args.slice(0, split), node.args.slice(split));
  return [...results.slice(split), ...node.args.slice(split)];
}

function reversed(b: Builder, rows: Node): Node {
  const [count = 0] = rows.type.shape;
  const order = Array.from({ length: count }, (_, i) => count - 1 - i);
  return b.gatherRows(rows, b.constant(order, [count], 'i32'));
}

function zerosLike(b: Builder, node: Node): Node {
  return b.constant(0, node.type.shape);
}

function addIfAny(b: Builder, sum: Node, more: Node | null): Node {
  return more === null ? sum : b.add(sum, more);
}
