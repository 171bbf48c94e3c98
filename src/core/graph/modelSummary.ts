/** What people read about a model: a line for each layer, and the count of parameters. */
import { say } from '../../shared/language.ts';
import type { LayerConfig } from '../../shared/model/layers.ts';
import type { LayerSummary, ModelSummary } from '../../shared/protocol/core.ts';
import { elementCount } from '../../shared/tensor/tensorType.ts';
import { type Layer, printBatch } from '../layers/layer.ts';
import { dataName, type Source } from './connections.ts';
import type { ModelTensor } from './model.ts';

export interface NamedLayer {
  /** Among the layers of the config, from 0. */
  readonly index: number;
  readonly name: string;
  /** As in the config: `Dense`. */
  readonly type: LayerConfig['type'];
  readonly sources: readonly Source[];
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
  const text = table(rows, inputNames(layers), parametersText(parameters, trainableParameters));
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

/** What goes into each layer; null when every layer takes the output of the one before. */
function inputNames(layers: readonly NamedLayer[]): string[] | null {
  const names = new Map<Source, string>(layers.map(({ index, name }) => [index, name]));
  const inRow = layers.every(({ sources }, i) => {
    const before = i === 0 ? 'data' : layers[i - 1]!.index;
    return sources.length === 1 && sources[0] === before;
  });
  if (inRow) return null;
  return layers.map(({ sources }) => sources.map((s) => names.get(s) ?? dataName).join(', '));
}

function table(
  layers: readonly LayerSummary[],
  inputs: readonly string[] | null,
  total: string,
): string {
  const cells = layers.map(({ name, type, outputShape, parameters }, i) => [
    `${name} (${type})`,
    printBatch(outputShape),
    String(parameters),
    ...(inputs === null ? [] : [inputs[i]!]),
  ]);
  const titles = [say('Layer'), say('Output shape'), say('Parameters')];
  if (inputs !== null) titles.push(say('Inputs'));
  const rows = [titles, ...cells];
  const widths = titles.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) =>
        column === 2 ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!),
      )
      .join('  '),
  );
  const rule = '-'.repeat(lines[0]!.length);
  return [lines[0], rule, ...lines.slice(1), rule, total].join('\n');
}
