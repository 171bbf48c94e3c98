/** What each layer made of the row that is looked at, and what the loss says of it. */
import type { ExplainedLayer, ExplainedParameter } from '../../../shared/protocol/explainStep.ts';
import { layerNames } from '../../graph/layerNames.ts';
import type { Stored, StoredLayer, StoredParameter } from './explainProgram.ts';
import { featureMaps } from './featureMaps.ts';
import type { StepLook } from './stepLook.ts';
import { rowStrip, scalar } from './strips.ts';
import { workUnit } from './workedUnit.ts';

export async function describeLayers(look: StepLook): Promise<ExplainedLayer[]> {
  const { program } = look.worked;
  const layers: ExplainedLayer[] = [];
  for (const stored of program.layers) layers.push(await describeLayer(look, stored));
  return layers;
}

async function describeLayer(look: StepLook, stored: StoredLayer): Promise<ExplainedLayer> {
  const { worked, row, prepared } = look;
  const { name, inputs, sums, value, signal, signalSize } = stored;
  const { model } = prepared.config;
  const config = model[layerNames(model).indexOf(name)]!;
  const unit = await workUnit(look, stored, config);
  return {
    name,
    config,
    inputShape: inputs[0]?.shape.slice(1) ?? [],
    outputShape: value.shape.slice(1),
    inputs: await Promise.all(
      inputs.map(async (input) => ({
        ...(await rowStrip(worked, input, row)),
        from: sourceOf(look, stored, input),
      })),
    ),
    sums: sums.buffer === value.buffer ? null : await rowStrip(worked, sums, row),
    output: await rowStrip(worked, value, row),
    maps: await featureMaps(worked, value, row),
    signal: signal && (await rowStrip(worked, signal, row)),
    signalMaps: signal && (await featureMaps(worked, signal, row)),
    signalSize: signalSize && (await scalar(worked, signalSize)),
    parameters: await describeParameters(look, name),
    unit,
  };
}

/** Values are known by their buffers; a layer that only passes on has that of its input. */
function sourceOf({ worked }: StepLook, layer: StoredLayer, input: Stored): string | null {
  const { layers } = worked.program;
  const before = layers.slice(0, layers.indexOf(layer));
  return before.findLast(({ value }) => value.buffer === input.buffer)?.name ?? null;
}

function describeParameters({ worked }: StepLook, layer: string): Promise<ExplainedParameter[]> {
  const own = worked.program.parameters.filter(({ name }) => name.startsWith(`${layer}/`));
  return Promise.all(
    own.map(async ({ name, gradient, sizes }: StoredParameter) => ({
      name,
      shape: gradient.shape,
      size: await scalar(worked, sizes.value),
      gradient: await scalar(worked, sizes.gradient),
      change: await scalar(worked, sizes.change),
    })),
  );
}
