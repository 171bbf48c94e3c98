/** A Python script that predicts with a run's weights (safetensors), with NumPy only. */
import { say } from '../../shared/language.ts';
import { isImages } from '../data/preprocessing.ts';
import { forwardLines } from './forwardCode.ts';
import {
  calledHelpers,
  classNames,
  featureTable,
  literalLines,
  shellWord,
  type ModelCode,
} from './modelCode.ts';
import { pythonImages, pythonOperations, pythonTable } from './pythonRuntime.ts';
import { pythonSyntax } from './pythonSyntax.ts';

export function pythonCode(model: ModelCode): string {
  const { example, inputShape, output, preprocessing } = model;
  const images = isImages(preprocessing);
  const body = forwardLines(model.graph, pythonSyntax).map((line) => `    ${line}`);
  const modules = ['json', 'math', 'struct', 'sys', 'zlib'];
  const helpers = calledHelpers(body.join('\n'), pythonOperations());
  const encoding = images ? pythonImages() : pythonTable();
  const rest = `${[...helpers, encoding].join('\n\n')}\njson. struct. sys.`;
  const imports = modules.filter((name) => rest.includes(`${name}.`));
  return `"""${say`Predicts with the model "${model.name}". Needs Python 3.8 or newer and NumPy.`}

    python ${shellWord(model.scriptFile)} '${images ? '{"image": "file.png"}' : '{"feature": value, ...}'}'
"""
${imports.map((name) => `import ${name}`).join('\n')}
from pathlib import Path

import numpy as np

WEIGHTS = Path(__file__).with_name(${JSON.stringify(model.weightsFile)})
${
  images
    ? `SHAPE = (${inputShape.join(', ')})  # ${say('height, width and channels of an image')}`
    : `FEATURES = [\n${literalLines(featureTable(preprocessing), literal)}\n]`
}
CLASSES = ${literal(classNames(model))}
EXAMPLE = ${literal(example)}


def load_weights():
    """${say('safetensors: the length of a header in JSON, the header, the values.')}"""
    data = WEIGHTS.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    header.pop("__metadata__", None)
    start = 8 + length
    return {
        name: np.frombuffer(data[start + part["data_offsets"][0] : start + part["data_offsets"][1]], "<f4").reshape(
            part["shape"]
        )
        for name, part in header.items()
    }


def forward(W, x):
    """${say('What the network makes of one row.')} x: ${[1, ...inputShape].join(' x ')}"""
${body.join('\n')}
    return y


${[...helpers, encoding].join('\n\n')}


def predict(W, row):
    """${images ? say('row: {"image": the path of a file}') : say('row: values by feature name; categories by name.')}"""
    y = forward(W, encode(row)).reshape(-1).astype(np.float64)
${resultLines[output].map((line) => `    ${line}`).join('\n')}


if __name__ == "__main__":
    given = json.loads(sys.argv[1]) if len(sys.argv) > 1 else EXAMPLE
    print(json.dumps(predict(load_weights(), given)))
`;
}

const answer = [
  'best = int(chances.argmax())',
  'return {"class": CLASSES[best], "probabilities": dict(zip(CLASSES, chances.tolist()))}',
];

const resultLines: Readonly<Record<ModelCode['output'], readonly string[]>> = {
  numbers: ['return {"value": y.item() if len(y) == 1 else y.tolist()}'],
  probabilities: ['chances = y', ...answer],
  scores: ['powers = np.exp(y - y.max())', 'chances = powers / powers.sum()', ...answer],
  probability: ['chances = np.array([1 - y[0], y[0]])', ...answer],
  logit: [
    'chance = 1 / (1 + np.exp(-y[0]))',
    'chances = np.array([1 - chance, chance])',
    ...answer,
  ],
};

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
