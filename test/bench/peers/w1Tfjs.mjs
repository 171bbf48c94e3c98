/**
 * W1 in TensorFlow.js: w1Tfjs.mjs DATA cpu|wasm EPOCHS REPEATS. Prints one JSON line.
 * DATA is the file that test/bench/w1Data.ts describes. Loss and accuracy of training and
 * validation are read once an epoch.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const require = createRequire(import.meta.url);
const tf = require('@tensorflow/tfjs');
const [file, backend, epochs, repeats] = process.argv.slice(2);
const batch = 20;

if (backend === 'wasm') {
  const wasm = require('@tensorflow/tfjs-backend-wasm');
  wasm.setWasmPaths(path.join(path.dirname(require.resolve('@tensorflow/tfjs-backend-wasm')), '/'));
}
await tf.setBackend(backend);
await tf.ready();

const raw = readFileSync(file);
const bytes = raw.buffer.slice(raw.byteOffset, raw.byteOffset + raw.byteLength);
const [trainRows, validationRows] = new Int32Array(bytes, 0, 2);
let offset = 8;
const take = (Type, count) => {
  const values = new Type(bytes, offset, count);
  offset += count * 4;
  return values;
};
const split = (rows) => ({ rows, x: take(Float32Array, rows * 5), y: take(Int32Array, rows) });
const train = split(trainRows);
const validation = split(validationRows);
const initial = take(Float32Array, 203);

const toTensors = ({ rows, x, y }, from, to) => ({
  x: tf.tensor2d(x.slice(from * 5, Math.min(to, rows) * 5), [Math.min(to, rows) - from, 5]),
  y: tf.oneHot(tf.tensor1d(y.slice(from, Math.min(to, rows)), 'int32'), 3).toFloat(),
});
const batches = (data) =>
  Array.from({ length: Math.ceil(data.rows / batch) }, (_, i) =>
    toTensors(data, i * batch, (i + 1) * batch),
  );
const trainBatches = batches(train);
const all = toTensors(validation, 0, validation.rows);

function variables() {
  let at = 0;
  const next = (...shape) => {
    const size = shape.reduce((a, b) => a * b);
    const values = tf.tensor(initial.slice(at, at + size), shape);
    at += size;
    return tf.variable(values);
  };
  return [5, 10, 10].map((inputs, i) => [next(inputs, [10, 10, 3][i]), next([10, 10, 3][i])]);
}

const correct = (out, y) => tf.equal(out.argMax(1), y.argMax(1)).sum();

async function run(count) {
  const layers = variables();
  const optimizer = tf.train.adam(1e-3);
  const forward = (x) =>
    layers.reduce(
      (h, [w, b], i) => (i < 2 ? tf.relu(tf.add(tf.matMul(h, w), b)) : tf.add(tf.matMul(h, w), b)),
      x,
    );
  let loss = 0;
  for (let epoch = 0; epoch < count; epoch++) {
    const right = [];
    const losses = trainBatches.map(({ x, y }) =>
      optimizer.minimize(() => {
        const out = forward(x);
        right.push(tf.keep(correct(out, y)));
        return tf.losses.softmaxCrossEntropy(y, out);
      }, true),
    );
    const mean = tf.tidy(() => tf.stack(losses).mean());
    const accuracy = tf.tidy(() => tf.addN(right).div(train.rows));
    const [valLoss, valRight] = tf.tidy(() => {
      const out = forward(all.x);
      return [tf.losses.softmaxCrossEntropy(all.y, out), correct(out, all.y)];
    });
    loss = (await mean.data())[0];
    await Promise.all([accuracy.data(), valLoss.data(), valRight.data()]);
    tf.dispose([losses, right, mean, accuracy, valLoss, valRight]);
  }
  tf.dispose(layers);
  return loss;
}

await run(2);
const milliseconds = [];
let loss = 0;
for (let i = 0; i < Number(repeats); i++) {
  const started = performance.now();
  loss = await run(Number(epochs));
  milliseconds.push(performance.now() - started);
}
process.stdout.write(
  `${JSON.stringify({ peer: `TensorFlow.js ${tf.version.tfjs} ${backend}`, milliseconds, loss })}\n`,
);
