/**
 * From a config's layers to a Model, or to all that does not fit. Shapes are inferred layer by layer;
 * after a misfit inference goes on with the shape the layer was meant to give, where there is one.
 */
import { type Diagnostic, hasErrors } from '../../shared/diagnostics.ts';
import { say } from '../../shared/language.ts';
import type { ConfigDocument } from '../../shared/model/configDocument.ts';
import { undamaged, type IsDamaged } from '../../shared/model/draft.ts';
import type { TrainConfig } from '../../shared/model/trainConfig.ts';
import type { ModelSummary } from '../../shared/protocol/core.ts';
import type { Shape } from '../../shared/tensor/tensorType.ts';
import type { IncomingTensor, LayerProblem } from '../layers/layer.ts';
import { inferLayer } from '../layers/layerRules.ts';
import { checkClassWeights } from './classWeights.ts';
import { checkFit } from './checkFit.ts';
import { checkLayers } from './checkLayers.ts';
import { type Connections, type Source, connectLayers } from './connections.ts';
import { expectedContext, type KnownOfData } from './expectedContext.ts';
import { forwardPass } from './forwardPass.ts';
import { kindName, layerNames } from './layerNames.ts';
import type { Model, ModelLayer } from './model.ts';
import type { ModelProblem } from './modelProblem.ts';
import { type NamedLayer, summarizeModel } from './modelSummary.ts';

export interface BuildModelOptions extends KnownOfData {
  readonly config: TrainConfig;
  readonly document: ConfigDocument;
}

export interface BuiltModel {
  /** Null when there are errors, or no context. */
  readonly model: Model | null;
  /** Without a context too, where the config says the shape of its data; null when there are errors. */
  readonly summary: ModelSummary | null;
  readonly diagnostics: readonly Diagnostic[];
}

export function buildModel(options: BuildModelOptions): BuiltModel {
  const { config, document, context, isDamaged = undamaged } = options;
  const { inputShape, target } = expectedContext(config, options);
  const connections = connectLayers(config.model, layerNames(config.model), isDamaged);
  const inferred = inferLayers(config, connections, { inputShape, isDamaged });
  const { layers, outputShape } = inferred;
  const fit =
    target === null ? [] : checkFit({ config, connections, outputShape, target, isDamaged });
  const problems = [
    ...checkLayers(config, layers),
    ...connections.problems,
    ...inferred.problems,
    ...fit,
    ...(context === null ? [] : checkClassWeights(config.training, context.target)),
  ];
  const diagnostics = problems.map(({ path, ...problem }) => document.at(path, problem));
  if (outputShape === null || hasErrors(diagnostics)) {
    return { model: null, summary: null, diagnostics };
  }
  const summary = summarizeModel(layers);
  if (context === null) return { model: null, summary, diagnostics };
  const model: Model = {
    context,
    tensors: layers.flatMap(({ layer }) => layer.tensors),
    layers: modelLayers(config, context.inputShape, layers),
    summary,
    outputShape,
    forward: forwardPass(layers),
  };
  return { model, summary, diagnostics };
}

function modelLayers(
  config: TrainConfig,
  inputShape: Shape,
  layers: readonly NamedLayer[],
): ModelLayer[] {
  const places = new Map<Source, number>(layers.map(({ index }, place) => [index, place]));
  return layers.map(({ index, name, sources, layer }): ModelLayer => {
    const before = sources.map((source) => places.get(source) ?? 'data');
    return {
      name,
      config: config.model[index]!,
      sources: before,
      inputShapes: before.map((s) => (s === 'data' ? inputShape : layers[s]!.layer.outputShape)),
      outputShape: layer.outputShape,
    };
  });
}

interface Inferred {
  /** Those of the model that fit, in the order in which they are computed. */
  readonly layers: readonly NamedLayer[];
  /** Of the last layer; null if unknown. */
  readonly outputShape: Shape | null;
  readonly problems: readonly ModelProblem[];
}

/** Behind a damaged layer no shape is known. */
function inferLayers(
  config: TrainConfig,
  connections: Connections,
  { inputShape, isDamaged }: { readonly inputShape: Shape | null; readonly isDamaged: IsDamaged },
): Inferred {
  const names = layerNames(config.model);
  const shapes = new Map<Source, Shape | null>([['data', inputShape]]);
  const incomingOf = (source: Source): IncomingTensor | null => {
    const shape = shapes.get(source) ?? null;
    const from = source === 'data' ? say('the data') : `"${names[source]!}"`;
    return shape && { shape, from };
  };
  const layers: NamedLayer[] = [];
  const problems: ModelProblem[] = [];
  for (const index of connections.order) {
    const layerConfig = config.model[index]!;
    const { type } = layerConfig;
    const name = names[index]!;
    const sources = connections.sources[index] ?? [];
    if (type === 'Input' && inputShape === null) shapes.set('data', layerConfig.shape);
    const inputs = sources.map(incomingOf).filter((input) => input !== null);
    const known = sources.length > 0 && inputs.length === sources.length;
    if (!known || isShapeDamaged(index, isDamaged)) continue;
    const { conventions } = config.training;
    const [first, ...others] = inputs as [IncomingTensor, ...IncomingTensor[]];
    const layer = inferLayer(layerConfig, { name, inputs: [first, ...others], conventions });
    if ('problem' in layer)
      problems.push(shapeProblem(`${kindName(type)} "${name}"`, index, layer));
    else if (connections.used.has(index)) layers.push({ index, name, type, sources, layer });
    shapes.set(index, layer.outputShape ?? null);
  }
  return { layers, outputShape: shapes.get(config.model.length - 1) ?? null, problems };
}

/** Keys of a layer that its output shape depends on. */
const shapeKeys = [
  'type',
  'axis',
  'depth_multiplier',
  'dilation_rate',
  'filters',
  'inputs',
  'keepdims',
  'kernel_size',
  'padding',
  'pool_size',
  'shape',
  'size',
  'strides',
  'target_shape',
  'units',
];

function isShapeDamaged(index: number, isDamaged: IsDamaged): boolean {
  return shapeKeys.some((key) => isDamaged(['model', index, key]));
}

function shapeProblem(layer: string, index: number, found: LayerProblem): ModelProblem {
  const { problem, path, hint } = found;
  return {
    code: 'model.shapeMismatch',
    message: `${layer}: ${problem}`,
    path: ['model', index, ...path],
    ...(hint === undefined ? {} : { hint }),
  };
}
