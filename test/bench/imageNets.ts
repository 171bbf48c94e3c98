/**
 * The convolutional nets of the labs as programs, one training step an iteration, on made-up pixels: W2 is the CIFAR-10
 * tutorial of PyTorch (SGD with momentum, batch 4), W3 is Keras's cifar10_cnn (dropout, RMSprop, batch 32).
 */
import { writeFile } from 'node:fs/promises';
import { gradients } from '../../src/core/autodiff/gradients.ts';
import { Builder } from '../../src/core/ir/builder.ts';
import type { BufferDecl, Node, Program } from '../../src/core/ir/program.ts';
import { createLoss } from '../../src/core/optim/losses.ts';
import { lossScale, scaledOptimizer } from '../../src/core/optim/lossScaling.ts';
import { createOptimizer } from '../../src/core/optim/optimizers.ts';
import { randomSource } from '../../src/core/random/threefry.ts';
import { optimizerSchema } from '../../src/shared/model/optimizers.ts';
import { elementCount, type Shape } from '../../src/shared/tensor/tensorType.ts';

export type ImageNetName = 'w2' | 'w3';

export interface ImageNet {
  readonly program: Program;
  /** In the order of the layers: kernel (HWIO or [in, out]), bias. */
  readonly parameters: readonly BufferDecl[];
  /** Rows of `data/x` and `data/y`: a batch for each step. */
  readonly rows: number;
  readonly steps: number;
}

export interface ImageNetSize {
  readonly batch: number;
  /** How many times the channels and units of the lab every layer has. */
  readonly width: number;
  /** Batches there are; by default those of the data set. */
  readonly steps?: number;
}

/** `rows`: of the data set, as batches of whatever size. */
const settings = {
  w2: { batch: 4, rows: 2000, optimizer: { type: 'SGD', learning_rate: 0.001, momentum: 0.9 } },
  w3: { batch: 32, rows: 256, optimizer: { type: 'RMSprop', learning_rate: 1e-4, rho: 0.9 } },
};

/** As in the lab. */
export function imageSize(name: ImageNetName): ImageNetSize {
  return { batch: settings[name].batch, width: 1 };
}

/** At least four, so that no peer sees one only. */
function stepsOf(name: ImageNetName, { batch, steps }: ImageNetSize): number {
  return Math.max(4, steps ?? Math.floor(settings[name].rows / batch));
}

export type ImageNetPrecision = 'float32' | 'mixed';

export function imageNet(
  name: ImageNetName,
  size = imageSize(name),
  precision: ImageNetPrecision = 'float32',
): ImageNet {
  const { optimizer } = settings[name];
  const steps = stepsOf(name, size);
  const options = { dropout: true, precision };
  const { net, loss, slopes, rows } = lossAndSlopes(name, size, options);
  const { b } = net;
  const plain = createOptimizer(optimizerSchema('keras').parse(optimizer), 'keras');
  const rule = precision === 'mixed' ? scaledOptimizer(plain) : plain;
  const updates = net.parameters.map((buffer, i) => ({ buffer, gradient: slopes[i]! }));
  const learningRate = b.load(b.buffer('learning_rate', 'state', 'f32', []));
  const stores = [
    b.emit(b.buffer('loss', 'column', 'f32', [steps]), loss),
    ...rule.build(b, updates, { learningRate, step: b.add(b.iteration(), 1) }).stores,
  ];
  const program = b.program(name, [{ name: 'train', count: steps, stores }]);
  return { program, parameters: net.parameters, rows, steps };
}

/** The loss of a batch and its gradients instead of steps, in state buffers `loss` and `gradient/<i>`; without dropout. */
export function imageNetGradients(name: ImageNetName, size = imageSize(name)): ImageNet {
  const { net, loss, slopes, rows } = lossAndSlopes(name, size, {
    dropout: false,
    precision: 'float32',
  });
  const { b, parameters } = net;
  const stores = [loss, ...slopes].map((value, i) => {
    const buffer = i === 0 ? 'loss' : `gradient/${i - 1}`;
    return b.assign(b.buffer(buffer, 'state', 'f32', value.type.shape), value);
  });
  const steps = stepsOf(name, size);
  const program = b.program(name, [{ name: 'gradients', count: steps, stores }]);
  return { program, parameters, rows, steps };
}

interface SlopeOptions {
  readonly dropout: boolean;
  readonly precision: ImageNetPrecision;
}

/** In mixed precision the slopes are those of the loss times its scale. */
function lossAndSlopes(
  name: ImageNetName,
  size: ImageNetSize,
  { dropout, precision }: SlopeOptions,
) {
  const { batch } = size;
  const rows = batch * stepsOf(name, size);
  const net = new Net(size, dropout);
  const { b } = net;
  const inPrecision = <T>(make: () => T): T =>
    precision === 'mixed' ? b.withHalfFactors(make) : make();
  const x = net.batchOf(b.buffer('data/x', 'data', 'f32', [rows, 32, 32, 3]));
  const target = net.batchOf(b.buffer('data/y', 'data', 'i32', [rows]));
  const logits = inPrecision(() => (name === 'w2' ? tutorialNet(net, x) : kerasNet(net, x)));
  const crossEntropy = createLoss({ type: 'sparse_categorical_crossentropy', from_logits: true });
  const output = { value: logits, logits, activation: 'other' } as const;
  const loss = crossEntropy.build(b, { output, target, rows: batch });
  const loads = net.parameters.map((buffer) => b.load(buffer));
  const scaled = precision === 'mixed' ? b.mul(loss, lossScale(b)) : loss;
  return { net, loss, slopes: inPrecision(() => gradients(b, scaled, loads)), rows };
}

function tutorialNet(net: Net, x: Node): Node {
  const { width } = net;
  const first = net.pool(net.conv(x, { size: 5, channels: 6 * width, padding: 0 }));
  const second = net.pool(net.conv(first, { size: 5, channels: 16 * width, padding: 0 }));
  const wide = net.relu(net.dense(net.flat(second), 120 * width));
  const hidden = net.relu(net.dense(wide, 84 * width));
  return net.dense(hidden, 10);
}

function kerasNet(net: Net, x: Node): Node {
  const block = (input: Node, channels: number): Node => {
    const same = net.conv(input, { size: 3, channels, padding: 1 });
    return net.dropout(net.pool(net.conv(same, { size: 3, channels, padding: 0 })), 0.25);
  };
  const { width } = net;
  const features = net.flat(block(block(x, 32 * width), 64 * width));
  return net.dense(net.dropout(net.relu(net.dense(features, 512 * width)), 0.5), 10);
}

class Net {
  readonly b = new Builder();
  readonly parameters: BufferDecl[] = [];
  readonly width: number;
  private readonly batch: number;
  private readonly hasDropout: boolean;
  private streams = 0;

  constructor({ batch, width }: ImageNetSize, hasDropout: boolean) {
    this.batch = batch;
    this.width = width;
    this.hasDropout = hasDropout;
  }

  batchOf(data: BufferDecl): Node {
    const start = this.b.mul(this.b.iteration(), this.batch);
    return this.b.dynamicRows(this.b.load(data), start, this.batch);
  }

  conv(
    x: Node,
    { size, channels, padding }: Record<'size' | 'channels' | 'padding', number>,
  ): Node {
    const kernel = this.parameter([size, size, x.type.shape[3]!, channels]);
    const filtered = this.b.conv2d(x, kernel, {
      strides: [1, 1],
      padding: [padding, padding, padding, padding],
      dilation: [1, 1],
      groups: 1,
    });
    return this.relu(this.b.add(filtered, this.parameter([channels])));
  }

  dense(x: Node, units: number): Node {
    const kernel = this.parameter([x.type.shape[1]!, units]);
    return this.b.add(this.b.matmul(x, kernel), this.parameter([units]));
  }

  pool(x: Node): Node {
    return this.b.maxPool2d(x, { window: [2, 2], strides: [2, 2], padding: [0, 0, 0, 0] });
  }

  relu(x: Node): Node {
    return this.b.binary('max', x, 0);
  }

  flat(x: Node): Node {
    return this.b.reshape(x, [this.batch, elementCount(x.type.shape) / this.batch]);
  }

  dropout(x: Node, rate: number): Node {
    const { b } = this;
    if (!this.hasDropout) return x;
    const [seed, epoch] = [b.constant(1, [], 'i32'), b.constant(0, [], 'i32')];
    const bits = b.randomBits(this.streams++, { seed, epoch, step: b.iteration() }, x.type.shape);
    return b.select(b.compare('ge', b.unary('uniform24', bits), rate), b.mul(x, 1 / (1 - rate)), 0);
  }

  private parameter(shape: Shape): Node {
    const buffer = this.b.buffer(`parameter/${this.parameters.length}`, 'state', 'f32', shape);
    this.parameters.push(buffer);
    return this.b.load(buffer);
  }
}

export interface ImageData {
  readonly parameters: readonly Float32Array<ArrayBuffer>[];
  readonly x: Float32Array<ArrayBuffer>;
  readonly y: Int32Array<ArrayBuffer>;
}

/** Pixels from -1 to 1, weights as Keras draws them, biases 0. */
export function imageData({ parameters, rows }: ImageNet): ImageData {
  const uniform = (shape: Shape, stream: number, limit: number) => {
    const source = randomSource({ seed: 70, stream });
    return Float32Array.from({ length: elementCount(shape) }, () => {
      return (source.uniform() * 2 - 1) * limit;
    });
  };
  return {
    parameters: parameters.map(({ type: { shape } }, i) => {
      const inputs = elementCount(shape.slice(0, -1));
      const limit = Math.sqrt(6 / (inputs + shape.at(-1)!));
      return shape.length === 1 ? new Float32Array(shape[0]!) : uniform(shape, i, limit);
    }),
    x: uniform([rows, 32, 32, 3], 100, 1),
    y: Int32Array.from({ length: rows }, (_, i) => (i * 7) % 10),
  };
}

/** One after the other, little-endian: every parameter, x, y. */
export async function writeImageData(file: string, { parameters, x, y }: ImageData): Promise<void> {
  await writeFile(
    file,
    Buffer.concat([...parameters, x, y].map(({ buffer }) => Buffer.from(buffer))),
  );
}
