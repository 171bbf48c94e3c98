/** A Node.js module without dependencies that predicts with a run's weights (safetensors). */
import type { ActivationConfig } from '../../shared/model/activations.ts';
import {
  classNames,
  featureTable,
  literalLines,
  type CodeLayer,
  type ModelCode,
} from './modelCode.ts';

export function javascriptCode(model: ModelCode): string {
  const { layers, output, example } = model;
  const used = new Set(layers.flatMap(({ config }) => activationOf(config)?.type ?? []));
  return `// Predicts with the model "${model.name}". Needs Node.js 18 or newer and nothing else.
//   node this-file.mjs '${JSON.stringify(example).replaceAll("'", '\\u0027')}'
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const weights = readSafetensors(new URL(${JSON.stringify(encodeURIComponent(model.weightsFile))}, import.meta.url));
const features = [
${literalLines(featureTable(model), (item) => JSON.stringify(item))}
];
const classes = ${JSON.stringify(classNames(model))};

/** @param row values by feature name; categories by name. */
export function predict(row) {
  let x = Float32Array.from(encode(row));
${layers.flatMap(layerLines).join('\n')}
${resultLines[output]}
}

${helpers}
${layers.some(({ config }) => config.type === 'Dense') ? dense : ''}${
    layers.some(({ config }) => config.type === 'BatchNormalization') ? normalize : ''
  }${layers.some(({ config }) => config.type === 'Normalization') ? standardise : ''}${[...used].map((type) => activationCode[type] ?? '').join('')}
if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const row = JSON.parse(process.argv[2] ?? ${JSON.stringify(JSON.stringify(example))});
  console.log(JSON.stringify(predict(row)));
}
`;
}

function activationOf(config: CodeLayer['config']): ActivationConfig | undefined {
  return 'activation' in config ? config.activation : undefined;
}

/** Values of a row lie flat, so layers that only change the shape need no line. */
function layerLines({ name, config, inputShape, outputShape }: CodeLayer): string[] {
  const lines: string[] = [];
  const tensor = (role: string) => `weights[${JSON.stringify(`${name}/${role}`)}]`;
  if (config.type === 'Dense') {
    const bias = config.use_bias ? tensor('bias') : 'null';
    lines.push(
      `x = dense(x, ${tensor('kernel')}, ${bias}, ${inputShape.at(-1)!}, ${config.units});`,
    );
  }
  if (config.type === 'BatchNormalization') {
    const parts = [
      tensor('moving_mean'),
      tensor('moving_variance'),
      config.scale ? tensor('gamma') : 'null',
      config.center ? tensor('beta') : 'null',
    ];
    lines.push(`x = normalize(x, [${parts.join(', ')}], ${config.epsilon});`);
  }
  if (config.type === 'Rescaling') {
    lines.push(`x = x.map((v) => v * ${config.scale} + ${config.offset});`);
  }
  if (config.type === 'Normalization') {
    const [mean, variance] = (['mean', 'variance'] as const).map((role) => {
      const given = config[role];
      return given === undefined ? tensor(role) : JSON.stringify([given].flat());
    });
    lines.push(`x = standardise(x, ${mean!}, ${variance!});`);
  }
  const activation = activationOf(config);
  if (activation !== undefined && activation.type !== 'linear') {
    lines.push(`x = ${activationCall(activation, outputShape.at(-1)!)};`);
  }
  return lines.map((line) => `  ${line}`);
}

function activationCall(activation: ActivationConfig, width: number): string {
  switch (activation.type) {
    case 'leaky_relu':
      return `x.map((v) => leaky_relu(v, ${activation.negative_slope}))`;
    case 'elu':
      return `x.map((v) => elu(v, ${activation.alpha}))`;
    case 'gelu':
      return `x.map((v) => gelu(v, ${activation.approximate}))`;
    case 'softmax':
    case 'log_softmax':
      return `${activation.type}(x, ${width})`;
    default:
      return `x.map((v) => ${activation.type}(v))`;
  }
}

const activationCode: Partial<Record<ActivationConfig['type'], string>> = {
  relu: `function relu(v) {
  return Math.max(v, 0);
}
`,
  leaky_relu: `function leaky_relu(v, slope) {
  return v > 0 ? v : slope * v;
}
`,
  elu: `function elu(v, alpha) {
  return v > 0 ? v : alpha * Math.expm1(v);
}
`,
  selu: `function selu(v) {
  return 1.0507009873554805 * (v > 0 ? v : 1.6732632423543772 * Math.expm1(v));
}
`,
  gelu: `function gelu(v, approximate) {
  if (approximate) return 0.5 * v * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (v + 0.044715 * v ** 3)));
  return 0.5 * v * (1 + erf(v * Math.SQRT1_2));
}
// Abramowitz and Stegun 7.1.26: right to 1.5e-7.
function erf(v) {
  const t = 1 / (1 + 0.3275911 * Math.abs(v));
  const sum = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
  return Math.sign(v) * (1 - sum * Math.exp(-v * v));
}
`,
  sigmoid: `function sigmoid(v) {
  return 1 / (1 + Math.exp(-v));
}
`,
  tanh: `function tanh(v) {
  return Math.tanh(v);
}
`,
  softmax: `function softmax(x, width) {
  return rows(x, width, (row) => {
    const powers = row.map((v) => Math.exp(v - Math.max(...row)));
    const sum = powers.reduce((a, b) => a + b, 0);
    return powers.map((v) => v / sum);
  });
}
`,
  log_softmax: `function log_softmax(x, width) {
  return rows(x, width, (row) => {
    const most = Math.max(...row);
    const logSum = Math.log(row.reduce((sum, v) => sum + Math.exp(v - most), 0));
    return row.map((v) => v - most - logSum);
  });
}
`,
  softplus: `function softplus(v) {
  return Math.max(v, 0) + Math.log1p(Math.exp(-Math.abs(v)));
}
`,
  swish: `function swish(v) {
  return v / (1 + Math.exp(-v));
}
`,
};

const resultLines: Readonly<Record<ModelCode['output'], string>> = {
  numbers: '  return { value: x.length === 1 ? x[0] : [...x] };',
  probabilities: '  return answer([...x]);',
  scores: `  const powers = Array.from(x, (v) => Math.exp(v - Math.max(...x)));
  const sum = powers.reduce((a, b) => a + b, 0);
  return answer(powers.map((v) => v / sum));`,
  probability: '  return answer([1 - x[0], x[0]]);',
  logit: `  const chance = 1 / (1 + Math.exp(-x[0]));
  return answer([1 - chance, chance]);`,
};

const helpers = `function answer(chances) {
  const best = chances.indexOf(Math.max(...chances));
  const probabilities = Object.fromEntries(classes.map((name, i) => [name, chances[i]]));
  return { class: classes[best], probabilities };
}

/** The numbers that the model gets, as in training. */
function encode(row) {
  return features.flatMap((feature) => {
    const given = row[feature.name];
    const value = given === undefined || given === null || given === '' ? feature.fill : given;
    if (value === null) throw new Error(feature.name + ' is missing');
    if (feature.kind === 'one_hot') {
      const index = categoryIndex(feature, value);
      return feature.categories.map((_, i) => Number(i === index));
    }
    const number = feature.kind === 'ordinal' ? categoryIndex(feature, value) : Number(value);
    if (!Number.isFinite(number)) throw new Error(feature.name + ' is not a number: ' + value);
    return [(number * feature.scale + feature.offset - feature.center) / feature.divisor];
  });
}

/** By name, or where no category has that name by index. */
function categoryIndex({ name, categories }, value) {
  const byName = categories.indexOf(String(value).trim());
  const index = byName >= 0 ? byName : Number(value);
  if (index in categories) return index;
  throw new Error(name + ' must be one of ' + categories.join(', ') + ', not ' + value);
}

/** Length of the header, the header as JSON, then the values. */
function readSafetensors(file) {
  const bytes = readFileSync(file);
  const start = 8 + Number(bytes.readBigUInt64LE(0));
  const { __metadata__, ...header } = JSON.parse(bytes.toString('utf8', 8, start));
  const values = ([from, to]) =>
    Float32Array.from({ length: (to - from) / 4 }, (_, i) => bytes.readFloatLE(start + from + 4 * i));
  return Object.fromEntries(
    Object.entries(header).map(([name, { data_offsets }]) => [name, values(data_offsets)]),
  );
}

/** Applies f to each run of so many values. */
function rows(x, width, f) {
  const result = new Float32Array(x.length);
  for (let at = 0; at < x.length; at += width) result.set(f(x.subarray(at, at + width)), at);
  return result;
}`;

const dense = `
/** kernel is [inputs, units], row-major. */
function dense(x, kernel, bias, inputs, units) {
  return Float32Array.from({ length: (x.length / inputs) * units }, (_, at) => {
    const row = Math.floor(at / units) * inputs;
    const unit = at % units;
    let sum = bias === null ? 0 : bias[unit];
    for (let i = 0; i < inputs; i++) sum += x[row + i] * kernel[i * units + unit];
    return sum;
  });
}
`;

const normalize = `
/** Batch normalisation with the averages of training. */
function normalize(x, [mean, variance, gamma, beta], epsilon) {
  return x.map((v, at) => {
    const i = at % mean.length;
    return ((v - mean[i]) / Math.sqrt(variance[i] + epsilon)) * (gamma?.[i] ?? 1) + (beta?.[i] ?? 0);
  });
}
`;

const standardise = `
/** By the mean and variance of the training rows. */
function standardise(x, mean, variance) {
  return x.map((v, at) => {
    const deviation = Math.sqrt(variance[at % variance.length]);
    return (v - mean[at % mean.length]) / Math.max(deviation, 1e-7);
  });
}
`;
