/** What people read about a model: a line for each layer, and the count of parameters. */
import { say } from '../../shared/language.ts';
import type { LayerConfig } from '../../shared/model/layers.ts';
import type { LayerSummary, ModelSummary } from '../../shared/protocol/core.ts';
import { elementCount } from '../../shared/tensor/tensorType.ts';
import { type Layer, printBatch } from '../layers/layer.ts';
import type { ModelTensor } from './model.ts';

export interface NamedLayer {
  /** Among the layers of the config, from 0. */
  readonly index: number;
  readonly name: string;
  /** As in the config: `Dense`. */
  readonly type: LayerConfig['type'];
  readonly layer: Layer;
}

export function summarizeModel(layers: readonly NamedLayer[]): ModelSummary {
  const rows = layers.map(({ name, type, layer }): LayerSummary => ({
    name,
    type,
    outputShape: layer.outputShape,
    parameters: parameterCount(layer.tensors),
  }));
  const tensors = layers.flatMap(({ layer }) => layer.tensors);
  const parameters = parameterCount(tensors);
  const trainableParameters = parameterCount(tensors.filter(({ trainable }) => trainable));
  const text = table(rows, parametersText(parameters, trainableParameters));
  return { layers: rows, parameters, trainableParameters, text };
}

function parametersText(all: number, trained: number): string {
  return all === 1
    ? say`1 parameter, ${trained} of them trained`
    : say`${all} parameters, ${trained} of them trained`;
}

export function parameterCount(tensors: readonly ModelTensor[]): number {
  return tensors.reduce((sum, { shape }) => sum + elementCount(shape), 0);
}

function table(layers: readonly LayerSummary[], total: string): string {
  const cells = layers.map(({ name, type, outputShape, parameters }) => [
    `${name} (${type})`,
    printBatch(outputShape),
    String(parameters),
  ]);
  const rows = [[say('Layer'), say('Output shape'), say('Parameters')], ...cells];
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  const lines = rows.map(([layer = '', shape = '', parameters = '']) =>
    [layer.padEnd(widths[0]!), shape.padEnd(widths[1]!), parameters.padStart(widths[2]!)].join(
      '  ',
    ),
  );
  const rule = '-'.repeat(lines[0]!.length);
  return [lines[0], rule, ...lines.slice(1), rule, total].join('\n');
}
