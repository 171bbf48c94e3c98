/** `model: {layers: [...]}` means the list itself. */
import type { ConfigDocument } from './configDocument.ts';
import type { ConfigPath } from './configPath.ts';
import { isRecord } from './schemaKit.ts';

export interface ReadConfig {
  readonly document: ConfigDocument;
  readonly value: unknown;
}

/** The value with the plain list; the document still finds every place in the file. */
export function withLayerList({ document, value }: ReadConfig): ReadConfig {
  const model = isRecord(value) ? value['model'] : undefined;
  if (!isRecord(value) || !isRecord(model) || Object.keys(model).join() !== 'layers') {
    return { document, value };
  }
  const inFile = (path: ConfigPath): ConfigPath =>
    path[0] === 'model' ? ['model', 'layers', ...path.slice(1)] : path;
  return {
    document: {
      ...document,
      at: (path, problem, where) => document.at(inFile(path), problem, where),
    },
    value: { ...value, model: model['layers'] },
  };
}
