/**
 * Optimizers as IR. `conventions` chooses between the formulas of Keras 3 and of torch.optim where they
 * differ; each says so. p: parameter, g: gradient, lr: learning rate, t: number of the update from 1.
 */
import type { OptimizerConfig } from '../../shared/model/optimizers.ts';
import type { Conventions } from '../../shared/model/schemaKit.ts';
import type { Builder } from '../ir/builder.ts';
import type { Node, Store } from '../ir/program.ts';
import { gatherGradients } from './accumulation.ts';
import { gradientTransform } from './gradientTransforms.ts';
import { averageWeights } from './movingAverage.ts';
import { createSchedule } from './schedules.ts';
import type { Optimizer, ParameterUpdate, StepScalars } from './types.ts';
import { updateNumber } from './updateNumber.ts';

type Config<Type extends OptimizerConfig['type']> = Extract<OptimizerConfig, { type: Type }>;

/** Gives the stores of one parameter's step. */
type UpdateRule = (slots: Slots, p: Node, g: Node) => Node;

/** Reads and replaces the state of one parameter: slot `m` of `fc1/kernel` is `optimizer/fc1/kernel/m`. */
interface Slots {
  old(slot: string): Node;
  replace(slot: string, value: Node): Node;
}

/** `every`: steps whose gradients make one update (gradient accumulation); 1 for an update at each. */
export function createOptimizer(
  config: OptimizerConfig,
  conventions: Conventions,
  every = 1,
): Optimizer {
  const schedule = createSchedule(config.learning_rate);
  const transform = gradientTransform(config, conventions);
  return {
    name: config.type,
    learningRate: schedule?.(0) ?? Number(config.learning_rate),
    schedule,
    averages: config.use_ema ?? false,
    build(b, slopes, { learningRate, step }) {
      const gathered = gatherGradients(b, slopes, { every, step });
      const updates = transform(b, gathered.means);
      const update = updateNumber(b, step, every);
      const rule = decayed(b, config, conventions, { learningRate, update });
      const stores = gathered.whenDue(updates.flatMap((each) => storesOf(b, each, rule)));
      return { updates, stores: averageWeights(b, stores, { config, updates, update }) };
    },
  };
}

/** `update`: i32[], the number of this update counted from 1. */
interface Scalars extends Pick<StepScalars, 'learningRate'> {
  readonly update: Node;
}

/** Keras: every optimizer may take a share off the weights, apart from the gradients. */
function decayed(
  b: Builder,
  config: OptimizerConfig,
  conventions: Conventions,
  scalars: Scalars,
): UpdateRule {
  const rule = updateRule(b, config, conventions, scalars);
  const { weight_decay: decay } = config;
  if (!decay || (conventions === 'pytorch' && config.type !== 'AdamW')) return rule;
  const kept = b.sub(1, b.mul(scalars.learningRate, decay));
  return (slots, p, g) => rule(slots, b.mul(p, kept), g);
}

function updateRule(
  b: Builder,
  config: OptimizerConfig,
  conventions: Conventions,
  scalars: Scalars,
): UpdateRule {
  const torch = conventions === 'pytorch';
  switch (config.type) {
    case 'SGD':
      return sgd(b, config, torch, scalars);
    case 'Adam':
    // Loshchilov and Hutter 2019: Adam but for the decay.
    case 'AdamW':
      return adam(b, config, torch, scalars);
    case 'RMSprop':
      return rmsprop(b, config, torch, scalars);
  }
}

function storesOf(b: Builder, { buffer, gradient }: ParameterUpdate, rule: UpdateRule): Store[] {
  const layer = buffer.name.slice(0, Math.max(0, buffer.name.lastIndexOf('/')));
  const stores: Store[] = [];
  const state = (slot: string) =>
    b.buffer(`optimizer/${buffer.name}/${slot}`, 'state', 'f32', buffer.type.shape);
  const slots: Slots = {
    old: (slot) => b.load(state(slot)),
    replace: (slot, value) => {
      stores.push(b.assign(state(slot), value));
      return value;
    },
  };
  const updated = b.from({ layer, pass: 'update' }, () => rule(slots, b.load(buffer), gradient));
  return [b.assign(buffer, updated), ...stores];
}

/**
 * Keras: v = momentum v - lr g; p += v, or with nesterov p += momentum v - lr g.
 * PyTorch: v = momentum v + g; p -= lr v, or with nesterov p -= lr (g + momentum v).
 * They part when the learning rate changes: Keras's velocity remembers the old one.
 */
function sgd(b: Builder, config: Config<'SGD'>, torch: boolean, scalars: Scalars): UpdateRule {
  const { momentum, nesterov } = config;
  const lr = scalars.learningRate;
  if (momentum === 0) return (_, p, g) => b.sub(p, b.mul(g, lr));
  return (slots, p, g) => {
    const push = torch ? g : b.mul(g, lr);
    const v = slots.replace('velocity', b.add(b.mul(slots.old('velocity'), momentum), push));
    const step = nesterov ? b.add(push, b.mul(v, momentum)) : v;
    return b.sub(p, torch ? b.mul(step, lr) : step);
  };
}

/** Kingma and Ba 2015. m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g²; p -= step(m, v). */
function adam(
  b: Builder,
  config: Config<'Adam' | 'AdamW'>,
  torch: boolean,
  scalars: Scalars,
): UpdateRule {
  const { beta_1, beta_2 } = config;
  const adamStep = torch ? torchAdamStep(b, config, scalars) : kerasAdamStep(b, config, scalars);
  return (slots, p, g) => {
    const m = slots.replace('m', average(b, slots.old('m'), g, beta_1));
    const v = slots.replace('v', average(b, slots.old('v'), b.mul(g, g), beta_2));
    return b.sub(p, adamStep(m, v));
  };
}

type AdamStep = (m: Node, v: Node) => Node;

/** alpha m / (sqrt(v) + epsilon) with alpha = lr sqrt(1 - b2^t) / (1 - b1^t). */
function kerasAdamStep(b: Builder, config: Config<'Adam' | 'AdamW'>, scalars: Scalars): AdamStep {
  const { learningRate, update } = scalars;
  const scale = b.unary('sqrt', biasCorrection(b, config.beta_2, update));
  const alpha = b.div(b.mul(learningRate, scale), biasCorrection(b, config.beta_1, update));
  return (m, v) => b.div(b.mul(m, alpha), b.add(b.unary('sqrt', v), config.epsilon));
}

/** lr / (1 - b1^t) m / (sqrt(v) / sqrt(1 - b2^t) + epsilon). */
function torchAdamStep(b: Builder, config: Config<'Adam' | 'AdamW'>, scalars: Scalars): AdamStep {
  const { learningRate, update } = scalars;
  const alpha = b.div(learningRate, biasCorrection(b, config.beta_1, update));
  const scale = b.div(1, b.unary('sqrt', biasCorrection(b, config.beta_2, update)));
  return (m, v) => b.div(b.mul(m, alpha), b.add(b.mul(b.unary('sqrt', v), scale), config.epsilon));
}

/** 1 - beta^t, without the cancellation that the plain form suffers while t is small. */
function biasCorrection(b: Builder, beta: number, update: Node): Node {
  if (beta === 0) return b.constant(1);
  const exponent = b.mul(b.convert(update, 'f32'), Math.log(beta));
  return b.unary('neg', b.unary('expm1', exponent));
}

/**
 * v = rho v + (1 - rho) g²; centered: also the mean a of g, and v - a² in place of v below.
 * Keras: q = lr g / sqrt(v + epsilon); PyTorch: q = g / (sqrt(v) + epsilon).
 * With momentum, u = momentum u + q in place of q. Keras: p -= q; PyTorch: p -= lr q.
 */
function rmsprop(
  b: Builder,
  config: Config<'RMSprop'>,
  torch: boolean,
  scalars: Scalars,
): UpdateRule {
  const { rho, momentum, epsilon, centered } = config;
  const lr = scalars.learningRate;
  return (slots, p, g) => {
    const v = slots.replace('v', average(b, slots.old('v'), b.mul(g, g), rho));
    const spread = centered
      ? variance(b, v, slots.replace('a', average(b, slots.old('a'), g, rho)))
      : v;
    const quotient = torch
      ? b.div(g, b.add(b.unary('sqrt', spread), epsilon))
      : b.div(b.mul(g, lr), b.unary('sqrt', b.add(spread, epsilon)));
    const step =
      momentum === 0
        ? quotient
        : slots.replace('velocity', b.add(b.mul(slots.old('velocity'), momentum), quotient));
    return b.sub(p, torch ? b.mul(step, lr) : step);
  };
}

/** E[g²] - E[g]², which rounding must not make negative. */
function variance(b: Builder, meanSquare: Node, mean: Node): Node {
  return b.binary('max', b.sub(meanSquare, b.mul(mean, mean)), 0);
}

/** decay * old + (1 - decay) * value. */
function average(b: Builder, old: Node, value: Node, decay: number): Node {
  return b.add(b.mul(old, decay), b.mul(value, 1 - decay));
}
