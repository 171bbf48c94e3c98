/**
 * A step of W2 or W3 in TensorFlow.js: imageNetTfjs.mjs w2|w3 cpu|wasm BATCH DATA. Prints one JSON line: milliseconds of some
 * steps after a first, and the loss of the first batch without dropout; or `missing`, what the backend cannot do.
 * DATA is the file that test/bench/imageNets.ts describes.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const require = createRequire(import.meta.url);
const tf = require('@tensorflow/tfjs');
const [net, backend, batchText, file] = process.argv.slice(2);
const batch = Number(batchText);
const steps = 3;

if (backend === 'wasm') {
  const wasm = require('@tensorflow/tfjs-backend-wasm');
  wasm.setWasmPaths(path.join(path.dirname(require.resolve('@tensorflow/tfjs-backend-wasm')), '/'));
}
await tf.setBackend(backend);
await tf.ready();

const shapes = {
  w2: [
    [5, 5, 3, 6],
    [5, 5, 6, 16],
    [400, 120],
    [120, 84],
    [84, 10],
  ],
  w3: [
    [3, 3, 3, 32],
    [3, 3, 32, 32],
    [3, 3, 32, 64],
    [3, 3, 64, 64],
    [2304, 512],
    [512, 10],
  ],
}[net];
const raw = readFileSync(file);
const floats = new Float32Array(raw.buffer, raw.byteOffset, raw.byteLength / 4);
let at = 0;
const take = (shape) => {
  const size = shape.reduce((a, b) => a * b);
  at += size;
  return tf.tensor(floats.slice(at - size, at), shape);
};
const layers = shapes.map((shape) => [
  tf.variable(take(shape)),
  tf.variable(take(shape.slice(-1))),
]);
const rows = (floats.length - at) / 3073;
const x = take([batch, 32, 32, 3]);
const labels = new Int32Array(raw.buffer, raw.byteOffset + (at + (rows - batch) * 3072) * 4, batch);
const y = tf.oneHot(tf.tensor1d(labels, 'int32'), 10).toFloat();

const conv = (i, padding) => (input) =>
  tf.relu(tf.add(tf.conv2d(input, layers[i][0], 1, padding), layers[i][1]));
const pool = (input) => tf.maxPool(input, 2, 2, 'valid');
const dense = (i) => (input) => tf.add(tf.matMul(input, layers[i][0]), layers[i][1]);
const flat = (input) => input.reshape([batch, -1]);
const drop = (rate) => (input) => tf.dropout(input, rate);
const through = (input, ...parts) => parts.reduce((value, part) => part(value), input);

function logits(isTraining) {
  if (net === 'w2') {
    const features = through(x, conv(0, 'valid'), pool, conv(1, 'valid'), pool, flat);
    return through(features, dense(2), tf.relu, dense(3), tf.relu, dense(4));
  }
  const dropout = (rate) => (isTraining ? drop(rate) : (input) => input);
  const block = (first) => [conv(first, 'same'), conv(first + 1, 'valid'), pool, dropout(0.25)];
  const features = through(x, ...block(0), ...block(2), flat);
  return through(features, dense(4), tf.relu, dropout(0.5), dense(5));
}

const lossOf = (isTraining) => tf.losses.softmaxCrossEntropy(y, logits(isTraining));
const optimizer =
  net === 'w2' ? tf.train.momentum(0.001, 0.9) : tf.train.rmsprop(1e-4, 0.9, 0, 1e-7);

async function step() {
  const started = performance.now();
  const value = optimizer.minimize(() => lossOf(true), true);
  await value.data();
  value.dispose();
  return performance.now() - started;
}

try {
  const loss = tf.tidy(() => lossOf(false).dataSync()[0]);
  if (net === 'w2') await step();
  const milliseconds = [];
  for (let i = 0; i < (net === 'w2' ? steps : 1); i++) milliseconds.push(await step());
  process.stdout.write(`${JSON.stringify({ milliseconds, loss })}\n`);
} catch (error) {
  const missing = String(error.message).split('\n')[0].slice(0, 120);
  process.stdout.write(`${JSON.stringify({ milliseconds: [], missing })}\n`);
}
