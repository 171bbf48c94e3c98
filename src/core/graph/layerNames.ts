/** Names of layers: the user's, else Keras's: `dense`, `dense_1`, `batch_normalization`. */
import type { LayerConfig } from '../../shared/model/layers.ts';

/** One name a layer; those given stay as they are, even when they clash. */
export function layerNames(layers: readonly LayerConfig[]): string[] {
  const taken = new Set(layers.map(({ name }) => name));
  return layers.map(({ name, type }) => {
    if (name !== undefined) return name;
    const fresh = freshName(kindName(type), taken);
    taken.add(fresh);
    return fresh;
  });
}

/** `BatchNormalization` is `batch_normalization`, `Conv2DTranspose` `conv2d_transpose` in names and messages. */
export function kindName(type: LayerConfig['type']): string {
  return type
    .replace(/(?<=.)(?=[A-Z][a-z])/g, '_')
    .replace(/(?<=[a-z])(?=[A-Z])/g, '_')
    .toLowerCase();
}

function freshName(base: string, taken: ReadonlySet<string | undefined>): string {
  let name = base;
  for (let i = 1; taken.has(name); i++) name = `${base}_${i}`;
  return name;
}
