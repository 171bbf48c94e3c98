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
import { type RowBlock, rowBlocks, sumOverBlocks } from '../../src/core/train/rowBlocks.ts';
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
  /** Of a block (train/rowBlocks.ts), as a backend chooses it; without it a step is one block. */
  readonly blockBytes?: number | undefined;
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
  const b = new Builder();
  const inPrecision = <T>(make: () => T): T =>
    precision === 'mixed' ? b.withHalfFactors(make) : make();
  const crossEntropy = createLoss({ type: 'sparse_categorical_crossentropy', from_logits: true });
  const passes = blocksOf(name, size).map((block, index) =>
    b.inBlock(index, () => {
      const net = new Net(b, { ...size, block, dropout });
      const x = net.taken(b.buffer('data/x', 'data', 'f32', [rows, 32, 32, 3]));
      const target = net.taken(b.buffer('data/y', 'data', 'i32', [rows]));
      const logits = inPrecision(() => (name === 'w2' ? tutorialNet(net, x) : kerasNet(net, x)));
      const output = { value: logits, logits, activation: 'other' } as const;
      const loss = crossEntropy.build(b, { output, target, rows: block.rows });
      return { net, share: block.rows === batch ? loss : b.mul(loss, block.rows / batch) };
    }),
  );
  const { net } = passes[0]!;
  const loads = net.parameters.map((buffer) => b.load(buffer));
  const slopes = sumOverBlocks(b, passes.length, (index) => {
    const { share } = passes[index]!;
    const scaled = precision === 'mixed' ? b.mul(share, lossScale(b)) : share;
    return inPrecision(() => gradients(b, scaled, loads));
  });
  const loss = passes.map(({ share }) => share).reduce((a, c) => b.add(a, c));
  return { net, loss, slopes, rows };
}

function blocksOf(name: ImageNetName, { batch, width, blockBytes }: ImageNetSize): RowBlock[] {
  const whole = { first: 0, rows: batch };
  if (blockBytes === undefined) return [whole];
  const net = new Net(new Builder(), {
    batch: 1,
    width,
    block: { first: 0, rows: 1 },
    dropout: true,
  });
  const x = net.taken(net.b.buffer('data/x', 'data', 'f32', [1, 32, 32, 3]));
  const layers = name === 'w2' ? tutorialNet : kerasNet;
  layers(net, x);
  const weights = net.parameters.reduce((sum, { type }) => sum + elementCount(type.shape), 0);
  return rowBlocks(batch, { row: 4 * net.values, weights: 4 * weights, block: blockBytes });
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

interface NetOptions extends Pick<ImageNetSize, 'batch' | 'width'> {
  readonly block: RowBlock;
  readonly dropout: boolean;
}

class Net {
  readonly b: Builder;
  readonly parameters: BufferDecl[] = [];
  readonly width: number;
  /** That layers gave so far, of all rows. */
  values = 0;
  private readonly options: NetOptions;
  private streams = 0;

  constructor(b: Builder, options: NetOptions) {
    this.b = b;
    this.width = options.width;
    this.options = options;
  }

  taken(data: BufferDecl): Node {
    const { b, options } = this;
    const { batch, block } = options;
    const start = b.mul(b.iteration(), batch);
    const first = block.first === 0 ? start : b.add(start, block.first);
    return b.dynamicRows(b.load(data), first, block.rows);
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
    return this.layer(this.relu(this.b.add(filtered, this.parameter([channels]))));
  }

  dense(x: Node, units: number): Node {
    const kernel = this.parameter([x.type.shape[1]!, units]);
    return this.layer(this.b.add(this.b.matmul(x, kernel), this.parameter([units])));
  }

  pool(x: Node): Node {
    const geometry = { window: [2, 2], strides: [2, 2], padding: [0, 0, 0, 0] } as const;
    return this.layer(this.b.maxPool2d(x, geometry));
  }

  relu(x: Node): Node {
    return this.b.binary('max', x, 0);
  }

  flat(x: Node): Node {
    const [rows = 0] = x.type.shape;
    return this.b.reshape(x, [rows, elementCount(x.type.shape) / rows]);
  }

  dropout(x: Node, rate: number): Node {
    const { b, options } = this;
    if (!options.dropout) return x;
    const [seed, epoch] = [b.constant(1, [], 'i32'), b.constant(0, [], 'i32')];
    const counter = { seed, epoch, step: b.iteration(), firstRow: options.block.first };
    const bits = b.randomBits(this.streams++, counter, x.type.shape);
    const kept = b.compare('ge', b.unary('uniform24', bits), rate);
    return this.layer(b.select(kept, b.mul(x, 1 / (1 - rate)), 0));
  }

  private layer(made: Node): Node {
    this.values += elementCount(made.type.shape);
    return made;
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
