/** A Python script that predicts with a run's weights (a PyTorch state_dict): nn.Module and plain preprocessing. */
import type { ActivationConfig } from '../../shared/model/activations.ts';
import type { Shape } from '../../shared/tensor/tensorType.ts';
import {
  classNames,
  featureTable,
  literalLines,
  type CodeLayer,
  type ModelCode,
} from './modelCode.ts';

export function pythonCode(model: ModelCode): string {
  const { layers, output, example } = model;
  const named = layers.map((layer, index) => ({
    ...layer,
    attribute: attributeName(layer.name, index),
  }));
  const renamed = named.filter(
    ({ attribute, name }) => attribute !== name && hasTensors(name, named),
  );
  return `"""Predicts with the model "${model.name}". Needs Python 3.8 or newer and PyTorch 1.13 or newer.

    python this-file.py '{"feature": value, ...}'
"""
import json
import sys
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F

WEIGHTS = Path(__file__).with_name(${JSON.stringify(model.weightsFile)})
FEATURES = [
${literalLines(featureTable(model), literal)}
]
CLASSES = ${literal(classNames(model))}
EXAMPLE = ${literal(example)}


class Model(nn.Module):
    def __init__(self):
        super().__init__()
${indented(named.flatMap(moduleLine), 8) || '        pass'}

    def forward(self, x):  # x: [rows, inputs]
${indented([...named.flatMap(forwardLines), 'return x'], 8)}


def load_model():
    state = torch.load(WEIGHTS, map_location="cpu", weights_only=True)
    names = ${literal(Object.fromEntries(renamed.map(({ name, attribute }) => [name, attribute])))}
    parts = {key: key.rsplit(".", 1) for key in state}
    state = {names.get(layer, layer) + "." + role: state[key] for key, (layer, role) in parts.items()}
    model = Model()
    model.load_state_dict(state${hasHalfNormalization(layers) ? ', strict=False' : ''})
    return model.eval()


${encoding}


def predict(model, row):
    """row: values by feature name; categories by name."""
    with torch.no_grad():
        y = model(torch.tensor([encode(row)], dtype=torch.float32))[0].reshape(-1).double()
${indented(resultLines[output], 4)}


if __name__ == "__main__":
    given = json.loads(sys.argv[1]) if len(sys.argv) > 1 else EXAMPLE
    print(json.dumps(predict(load_model(), given)))
`;
}

type NamedLayer = CodeLayer & { readonly attribute: string };

/** What nn.Module has already, or Python keeps for itself. */
const taken = new Set(
  `T_destination add_module and apply as assert async await bfloat16 break buffers call_super_init children class
  continue cpu cuda def del dict double dump_patches elif else eval except extra_repr finally float for forward from
  get_buffer get_extra_state get_parameter get_submodule global half if import in ipu is lambda load_state_dict
  modules named_buffers named_children named_modules named_parameters nonlocal not or parameters pass raise
  register_backward_hook register_buffer register_forward_hook register_forward_pre_hook
  register_full_backward_hook register_load_state_dict_post_hook register_module register_parameter
  requires_grad_ return set_extra_state share_memory state_dict to to_empty train training try type while with xpu
  yield zero_grad False None True compile mtia`.split(/\s+/),
);

function attributeName(name: string, index: number): string {
  return /^[A-Za-z][A-Za-z0-9_]*$/.test(name) && !taken.has(name) ? name : `layer_${index}`;
}

function hasTensors(name: string, layers: readonly CodeLayer[]): boolean {
  return layers.some(
    (layer) =>
      layer.name === name &&
      ['Dense', 'BatchNormalization', 'Normalization'].includes(layer.config.type),
  );
}

/** PyTorch's layer has both gamma and beta or none; the one that is missing keeps its 1 or 0. */
function hasHalfNormalization(layers: readonly CodeLayer[]): boolean {
  return layers.some(
    ({ config }) => config.type === 'BatchNormalization' && config.scale !== config.center,
  );
}

function moduleLine({ attribute, config, inputShape }: NamedLayer): string[] {
  const width = inputShape.at(-1)!;
  if (config.type === 'Dense') {
    const bias = config.use_bias ? '' : ', bias=False';
    return [`self.${attribute} = nn.Linear(${width}, ${config.units}${bias})`];
  }
  if (config.type === 'Normalization') {
    if (config.mean !== undefined) return [];
    return [
      `self.${attribute} = nn.Module()`,
      ...['mean', 'variance'].map(
        (role) => `self.${attribute}.register_buffer("${role}", torch.zeros(${width}))`,
      ),
    ];
  }
  if (config.type !== 'BatchNormalization') return [];
  const affine = config.scale || config.center ? '' : ', affine=False';
  return [`self.${attribute} = nn.BatchNorm1d(${width}, eps=${config.epsilon}${affine})`];
}

function forwardLines({ attribute, config, inputShape, outputShape }: NamedLayer): string[] {
  switch (config.type) {
    case 'Dense':
      return activated(`self.${attribute}(x)`, config.activation);
    case 'Activation':
      return activated('x', config.activation);
    case 'BatchNormalization':
      return [
        inputShape.length === 1
          ? `x = self.${attribute}(x)`
          : `x = self.${attribute}(x.reshape(-1, ${inputShape.at(-1)!})).reshape(x.shape)`,
      ];
    case 'Rescaling':
      return [`x = x * ${config.scale} + ${config.offset}`];
    case 'Normalization': {
      const [mean, variance] = (['mean', 'variance'] as const).map((role) => {
        const given = config[role];
        return given === undefined
          ? `self.${attribute}.${role}`
          : `torch.tensor(${literal([given].flat())})`;
      });
      return [`x = (x - ${mean!}) / ${variance!}.sqrt().clamp(min=1e-7)`];
    }
    case 'Flatten':
      return [flattenLine(inputShape)];
    case 'Reshape':
      return [`x = x.reshape(-1, ${outputShape.join(', ')})`];
    case 'Dropout':
    case 'SpatialDropout2D':
    case 'Input':
      return [];
  }
}

/** As PyTorch flattens images and sequences: channels first. */
function flattenLine({ length: axes }: Shape): string {
  if (axes < 2) return 'x = x.reshape(len(x), -1)';
  return `x = x.movedim(-1, 1).reshape(len(x), -1)`;
}

function activated(x: string, activation: ActivationConfig): string[] {
  const line = `x = ${activationCall(x, activation)}`;
  return line === 'x = x' ? [] : [line];
}

function activationCall(x: string, activation: ActivationConfig): string {
  switch (activation.type) {
    case 'linear':
      return x;
    case 'leaky_relu':
      return `F.leaky_relu(${x}, ${activation.negative_slope})`;
    case 'elu':
      return `F.elu(${x}, ${activation.alpha})`;
    case 'gelu':
      return `F.gelu(${x}, approximate="${activation.approximate ? 'tanh' : 'none'}")`;
    case 'softmax':
    case 'log_softmax':
      return `F.${activation.type}(${x}, dim=-1)`;
    case 'swish':
      return `F.silu(${x})`;
    case 'relu':
    case 'sigmoid':
    case 'tanh':
      return `torch.${activation.type}(${x})`;
    case 'selu':
    case 'softplus':
      return `F.${activation.type}(${x})`;
  }
}

const answer = [
  'best = int(chances.argmax())',
  'return {"class": CLASSES[best], "probabilities": dict(zip(CLASSES, chances.tolist()))}',
];

const resultLines: Readonly<Record<ModelCode['output'], readonly string[]>> = {
  numbers: ['return {"value": y.item() if len(y) == 1 else y.tolist()}'],
  probabilities: ['chances = y', ...answer],
  scores: ['chances = F.softmax(y, dim=0)', ...answer],
  probability: ['chances = torch.stack([1 - y[0], y[0]])', ...answer],
  logit: ['chances = torch.stack([1 - torch.sigmoid(y[0]), torch.sigmoid(y[0])])', ...answer],
};

const encoding = `def text(value):
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def category_index(feature, value):
    """By name, or where no category has that name by index."""
    categories = feature["categories"]
    if text(value) in categories:
        return categories.index(text(value))
    if text(value).isdigit() and int(text(value)) < len(categories):
        return int(text(value))
    raise ValueError(f"{feature['name']} must be one of {', '.join(categories)}, not {value}")


def encode(row):
    """The numbers that the model gets, as in training."""
    x = []
    for feature in FEATURES:
        value = row.get(feature["name"])
        if value is None or value == "":
            value = feature["fill"]
        if value is None:
            raise ValueError(f"{feature['name']} is missing")
        if feature["kind"] == "one_hot":
            index = category_index(feature, value)
            x += [float(i == index) for i in range(len(feature["categories"]))]
            continue
        number = category_index(feature, value) if feature["kind"] == "ordinal" else float(value)
        x.append((number * feature["scale"] + feature["offset"] - feature["center"]) / feature["divisor"])
    return x`;

function indented(lines: readonly string[], spaces: number): string {
  return lines.map((line) => ' '.repeat(spaces) + line).join('\n');
}

/** Plain data as Python writes it: as JSON but for these three words. Strings of JSON are strings of Python. */
function literal(value: unknown): string {
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value !== 'object') return JSON.stringify(value);
  const entries = Object.entries(value).map(
    ([key, item]) => `${JSON.stringify(key)}: ${literal(item)}`,
  );
  return `{${entries.join(', ')}}`;
}
