/** A Node.js module without dependencies that predicts with a run's weights (safetensors). */
import { say } from '../../shared/language.ts';
import { isImages } from '../data/preprocessing.ts';
import { forwardLines } from './forwardCode.ts';
import { javascriptImages } from './javascriptImages.ts';
import { javascriptOperations, javascriptTable, readSafetensors } from './javascriptRuntime.ts';
import { javascriptSyntax } from './javascriptSyntax.ts';
import {
  calledHelpers,
  classNames,
  featureTable,
  literalLines,
  shellWord,
  type ModelCode,
} from './modelCode.ts';

export function javascriptCode(model: ModelCode): string {
  const { example, inputShape, output, preprocessing } = model;
  const images = isImages(preprocessing);
  const lines = forwardLines(model.graph, javascriptSyntax);
  const row = JSON.stringify(example);
  const shape = `[${[1, ...inputShape].join(', ')}]`;
  const code = `${lines.map((line) => `  ${line}`).join('\n')}\n  tensor(`;
  return `// ${say`Predicts with the model "${model.name}". Needs Node.js 20 or newer and nothing else.`}
//   node ${shellWord(model.scriptFile)} '${row.replaceAll("'", '\\u0027')}'
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
${images ? "import { inflateSync } from 'node:zlib';\n" : ''}
const W = readSafetensors(new URL(${JSON.stringify(encodeURIComponent(model.weightsFile))}, import.meta.url));
${
  images
    ? `const inputShape = [${inputShape.join(', ')}];`
    : `const features = [\n${literalLines(featureTable(preprocessing), (item) => JSON.stringify(item))}\n];`
}
const classes = ${JSON.stringify(classNames(model))};

/** ${images ? say('@param row {image}: the path of a PNG file.') : say('@param row values by feature name; categories by name.')} */
export function predict(row) {
  const y = forward(tensor(${shape}, encode(row))).data;
${resultLines[output]}
}

/** ${say('What the network makes of one row.')} */
function forward(x) {
${lines.map((line) => `  ${line}`).join('\n')}
  return y;
}

${output === 'numbers' ? '' : `${answer}\n`}${images ? javascriptImages() : javascriptTable()}

${calledHelpers(code, javascriptOperations()).join('\n')}
${readSafetensors}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const row = JSON.parse(process.argv[2] ?? ${JSON.stringify(row)});
  console.log(JSON.stringify(predict(row)));
}
`;
}

const resultLines: Readonly<Record<ModelCode['output'], string>> = {
  numbers: '  return { value: y.length === 1 ? y[0] : [...y] };',
  probabilities: '  return answer([...y]);',
  scores: `  const powers = Array.from(y, (v) => Math.exp(v - Math.max(...y)));
  const sum = powers.reduce((a, b) => a + b, 0);
  return answer(powers.map((v) => v / sum));`,
  probability: '  return answer([1 - y[0], y[0]]);',
  logit: `  const chance = 1 / (1 + Math.exp(-y[0]));
  return answer([1 - chance, chance]);`,
};

const answer = `function answer(chances) {
  const best = chances.indexOf(Math.max(...chances));
  const probabilities = Object.fromEntries(classes.map((name, i) => [name, chances[i]]));
  return { class: classes[best], probabilities };
}
`;
