/** A step as a tree: its layers, their passes, their kernels; the time of each is the sum of what is in it. No DOM. */
import type { Pass } from '../../src/shared/kernelInfo.ts';
import type { Profile, ProfiledKernel } from '../../src/shared/protocol/profile.ts';
import { kernelTitle, layersOf } from '../../src/shared/protocol/profileFigures.ts';

export interface FlameNode {
  readonly label: string;
  readonly milliseconds: number;
  readonly operations: number;
  readonly bytes: number;
  /** Of a pass and its kernels. */
  readonly pass: Pass | null;
  readonly children: readonly FlameNode[];
}

export interface FlameNames {
  readonly step: string;
  readonly allLayers: string;
  readonly pass: (pass: Pass) => string;
}

/** Layers and passes in the order in which a step comes to them. */
export function flameTree({ kernels }: Profile, names: FlameNames): FlameNode {
  const layers = groups(kernels, (kernel) => layerOf(kernel) ?? '').map(([layer, own]) => {
    const passes = groups(own, passOf).map(([pass, inPass]) =>
      parent(names.pass(pass), inPass.map(leaf), pass),
    );
    return parent(layer === '' ? names.allLayers : layer, passes, null);
  });
  return parent(names.step, layers, null);
}

/** Null for one of no layer, or of several. */
function layerOf(kernel: ProfiledKernel): string | null {
  const layers = layersOf(kernel);
  return layers.length > 2 ? null : (layers[0] ?? null);
}

function passOf({ origins }: ProfiledKernel): Pass {
  return origins[0]?.pass ?? 'data';
}

function leaf(kernel: ProfiledKernel): FlameNode {
  const { milliseconds, operations, bytes } = kernel;
  const label = `${kernelTitle(kernel)} [${kernel.shape.join(', ')}]`;
  return { label, milliseconds, operations, bytes, pass: passOf(kernel), children: [] };
}

function parent(label: string, children: readonly FlameNode[], pass: Pass | null): FlameNode {
  const sum = (of: (node: FlameNode) => number) =>
    children.reduce((total, child) => total + of(child), 0);
  return {
    label,
    milliseconds: sum((node) => node.milliseconds),
    operations: sum((node) => node.operations),
    bytes: sum((node) => node.bytes),
    pass,
    children,
  };
}

function groups<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): [Key, Item[]][] {
  const found = new Map<Key, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const known = found.get(key);
    if (known === undefined) found.set(key, [item]);
    else known.push(item);
  }
  return [...found];
}

/** Where a node lies in the picture: its row from the top, and its left end and width as shares of the root. */
export interface Placed {
  readonly node: FlameNode;
  readonly row: number;
  readonly left: number;
  readonly width: number;
  readonly above: Placed | null;
}

/** Every node below `root` and itself, each before its children. */
export function placeNodes(root: FlameNode): Placed[] {
  const placed: Placed[] = [];
  const place = (at: Placed): void => {
    placed.push(at);
    let { left } = at;
    for (const node of at.node.children) {
      const share = at.node.milliseconds > 0 ? node.milliseconds / at.node.milliseconds : 0;
      const width = at.width * share;
      place({ node, row: at.row + 1, left, width, above: at });
      left += width;
    }
  };
  place({ node: root, row: 0, left: 0, width: 1, above: null });
  return placed;
}

/** Where an arrow key leads: beside in the same row, up, or down to the first part. Null for other keys and ends. */
export function neighbour(key: string, from: Placed, placed: readonly Placed[]): Placed | null {
  if (key === 'ArrowUp') return from.above;
  if (key === 'ArrowDown') return placed.find(({ above }) => above === from) ?? null;
  const step = { ArrowLeft: -1, ArrowRight: 1 }[key];
  if (step === undefined) return null;
  const row = placed.filter((other) => other.row === from.row);
  return row[row.indexOf(from) + step] ?? null;
}
