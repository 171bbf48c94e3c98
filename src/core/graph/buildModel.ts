/**
 * From a config's layers to a Model, or to all that does not fit. Shapes are inferred layer by layer;
 * after a misfit inference goes on with the shape the layer was meant to give, where there is one.
 */
import { type Diagnostic, hasErrors } from '../../shared/diagnostics.ts';
import { say } from '../../shared/language.ts';
import type { ConfigDocument } from '../../shared/model/configDocument.ts';
import { undamaged, type IsDamaged } from '../../shared/model/draft.ts';
import type { TrainConfig } from '../../shared/model/trainConfig.ts';
import type { Shape } from '../../shared/tensor/tensorType.ts';
import type { LayerProblem } from '../layers/layer.ts';
import { inferLayer } from '../layers/layerRules.ts';
import { checkFit } from './checkFit.ts';
import { checkLayers } from './checkLayers.ts';
import { expectedContext, type KnownOfData } from './expectedContext.ts';
import { forwardPass } from './forwardPass.ts';
import { kindName, layerNames } from './layerNames.ts';
import type { Model } from './model.ts';
import type { ModelProblem } from './modelProblem.ts';
import { type NamedLayer, summarizeModel } from './modelSummary.ts';

export interface BuildModelOptions extends KnownOfData {
  readonly config: TrainConfig;
  readonly document: ConfigDocument;
}

export interface BuiltModel {
  /** Null when there are errors, or no context. */
  readonly model: Model | null;
  readonly diagnostics: readonly Diagnostic[];
}

export function buildModel(options: BuildModelOptions): BuiltModel {
  const { config, document, context, isDamaged = undamaged } = options;
  const { inputShape, target } = expectedContext(config, options);
  const inferred = inferLayers(config, inputShape, isDamaged);
  const { layers, outputShape } = inferred;
  const fit = target === null ? [] : checkFit({ config, outputShape, target, isDamaged });
  const problems = [...checkLayers(config, layers), ...inferred.problems, ...fit];
  const diagnostics = problems.map(({ path, ...problem }) => document.at(path, problem));
  if (context === null || outputShape === null || hasErrors(diagnostics)) {
    return { model: null, diagnostics };
  }
  const model: Model = {
    context,
    tensors: layers.flatMap(({ layer }) => layer.tensors),
    summary: summarizeModel(layers),
    outputShape,
    forward: forwardPass(layers),
  };
  return { model, diagnostics };
}

interface Inferred {
  /** Those that fit. */
  readonly layers: readonly NamedLayer[];
  /** Of the last layer; null if unknown. */
  readonly outputShape: Shape | null;
  readonly problems: readonly ModelProblem[];
}

/** Behind a damaged layer no shape is known. */
function inferLayers(
  config: TrainConfig,
  inputShape: Shape | null,
  isDamaged: IsDamaged,
): Inferred {
  const names = layerNames(config.model);
  const layers: NamedLayer[] = [];
  const problems: ModelProblem[] = [];
  let shape = inputShape;
  let from = say('the data');
  for (const [index, layerConfig] of config.model.entries()) {
    const { type } = layerConfig;
    const name = names[index]!;
    shape ??= type === 'Input' ? layerConfig.shape : null;
    if (isShapeDamaged(index, isDamaged)) shape = null;
    if (shape === null) continue;
    const incoming = { name, shape, from, conventions: config.training.conventions };
    const layer = inferLayer(layerConfig, incoming);
    if ('problem' in layer)
      problems.push(shapeProblem(`${kindName(type)} "${name}"`, index, layer));
    else layers.push({ index, name, type, layer });
    shape = layer.outputShape ?? null;
    from = `"${name}"`;
  }
  return { layers, outputShape: shape, problems };
}

function isShapeDamaged(index: number, isDamaged: IsDamaged): boolean {
  const keys = ['type', 'units', 'shape', 'target_shape'];
  return keys.some((key) => isDamaged(['model', index, key]));
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
