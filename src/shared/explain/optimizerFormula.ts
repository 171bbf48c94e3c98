/**
 * The optimizers' formulas for one weight, line by line. w: weight, g: gradient, r: learning rate, t: number of the
 * update; m, v, a, u: what the optimizer remembers; b: gradient of this batch, h: what is gathered of those before;
 * p: moving average of the weight; a prime marks the new value. They are those of core/optim.
 */
import { changesGradients, usualMomentum, type OptimizerConfig } from '../model/optimizers.ts';
import type { ExplainedUpdate, ExplainedWeight } from '../protocol/explainStep.ts';
import { Formulas, type FormatNumber, type FormulaLine } from './formula.ts';

type Config<Type extends OptimizerConfig['type']> = Extract<OptimizerConfig, { type: Type }>;

/** The last line that is named `w′`, or `w″` where the average overwrites it, is the new weight. */
export function optimizerFormula(
  update: ExplainedUpdate,
  weight: ExplainedWeight,
  format: FormatNumber,
): readonly FormulaLine[] {
  const { learningRate, number } = update;
  const { before: w, slope: b, gradient: g } = weight;
  const known: Record<string, number> = { w, b, g, r: learningRate, t: number };
  for (const [slot, { before }] of Object.entries(weight.memory)) known[letterOf(slot)] = before;
  const f = new Formulas(known, format);
  if (gather(f, update)) f.add('w′', 'w', w);
  else move(f, update);
  average(f, update);
  return f.lines;
}

/** Whether the gradient only waits for those of the next steps. */
function gather(f: Formulas, { gathering, optimizer, conventions }: ExplainedUpdate): boolean {
  if (gathering === null) return false;
  const sum = f.of('h') + f.of('b');
  if (gathering.taken < gathering.steps) {
    f.add('h′', 'h + b', sum);
    return true;
  }
  const mean = changesGradients(optimizer, conventions) ? 'k' : 'g';
  f.add(mean, `(h + b) / ${f.number(gathering.steps)}`, sum / gathering.steps);
  return false;
}

/** The first update's weights are the first average. */
function average(f: Formulas, { optimizer, number }: ExplainedUpdate): void {
  const { use_ema, ema_momentum = usualMomentum, ema_overwrite_frequency: often } = optimizer;
  if (!use_ema) return;
  const value = ema_momentum * f.of('p') + (1 - ema_momentum) * f.of('w′');
  const format = (share: number) => f.number(share);
  if (number === 1) f.add('p′', 'w′', f.of('w′'));
  else f.add('p′', weighted('p', 'w′', ema_momentum, format), value);
  if (often !== undefined && number % often === 0) f.add('w″', 'p′', f.of('p′'));
}

function move(f: Formulas, { optimizer, conventions }: ExplainedUpdate): void {
  const torch = conventions === 'pytorch';
  const from = decayed(f, optimizer, torch);
  switch (optimizer.type) {
    case 'SGD':
      sgd(f, optimizer, torch, from);
      break;
    case 'Adam':
    case 'AdamW':
      adam(f, optimizer, torch, from);
      break;
    case 'RMSprop':
      rmsprop(f, optimizer, torch, from);
      break;
    default:
      optimizer satisfies never;
  }
}

/** As slots are named in core/optim: `velocity`, `m`, `v`, `a`, `accumulator`, `average`. */
export function letterOf(slot: string): string {
  const letters: Readonly<Record<string, string>> = {
    velocity: 'u',
    accumulator: 'h',
    average: 'p',
  };
  return letters[slot] ?? slot;
}

/** The letter of the weight as it is before the optimizer's own step. */
function decayed(f: Formulas, config: OptimizerConfig, torch: boolean): string {
  const { weight_decay } = config;
  // PyTorch's is in the gradient, but for AdamW's.
  const apart = config.type === 'AdamW' || (!torch && !!weight_decay);
  if (!apart || weight_decay === undefined) return 'w';
  const kept = f.of('w') * (1 - f.of('r') * weight_decay);
  f.add('d', `w × (1 − r × ${f.number(weight_decay)})`, kept);
  return 'd';
}

function sgd(
  f: Formulas,
  { momentum, nesterov }: Config<'SGD'>,
  torch: boolean,
  from: string,
): void {
  const [w, g, r] = [f.of(from), f.of('g'), f.of('r')];
  if (momentum === 0) {
    f.add('w′', `${from} − r × g`, w - r * g);
    return;
  }
  const share = f.number(momentum);
  const push = torch ? g : r * g;
  const pushText = torch ? 'g' : 'r × g';
  f.add('u′', `${share} × u + ${pushText}`, momentum * f.of('u') + push);
  const step = nesterov ? push + momentum * f.of('u′') : f.of('u′');
  const stepText = nesterov ? `(${pushText} + ${share} × u′)` : 'u′';
  if (torch) f.add('w′', `${from} − r × ${stepText}`, w - r * step);
  else f.add('w′', `${from} − ${stepText}`, w - step);
}

/** `from`: the weight as it is before Adam's own step. */
function adam(f: Formulas, config: Config<'Adam' | 'AdamW'>, torch: boolean, from: string): void {
  const { beta_1, beta_2, epsilon } = config;
  const [g, r, t] = [f.of('g'), f.of('r'), f.of('t')];
  const n = (value: number) => f.number(value);
  f.add('m′', weighted('m', 'g', beta_1, n), beta_1 * f.of('m') + (1 - beta_1) * g);
  f.add('v′', weighted('v', 'g²', beta_2, n), beta_2 * f.of('v') + (1 - beta_2) * g * g);
  const [first, second] = [1 - beta_1 ** t, Math.sqrt(1 - beta_2 ** t)];
  const secondText = `√(1 − ${n(beta_2)}^t)`;
  const root = Math.sqrt(f.of('v′'));
  if (torch) {
    f.add('s', `r / (1 − ${n(beta_1)}^t)`, r / first);
    f.add('c', secondText, second);
    const value = f.of(from) - (f.of('s') * f.of('m′')) / (root / second + epsilon);
    f.add('w′', `${from} − s × m′ / (√v′ / c + ${n(epsilon)})`, value);
    return;
  }
  f.add('s', `r × ${secondText} / (1 − ${n(beta_1)}^t)`, (r * second) / first);
  const value = f.of(from) - (f.of('s') * f.of('m′')) / (root + epsilon);
  f.add('w′', `${from} − s × m′ / (√v′ + ${n(epsilon)})`, value);
}

function rmsprop(f: Formulas, config: Config<'RMSprop'>, torch: boolean, from: string): void {
  const { rho, momentum, epsilon, centered } = config;
  const [w, g, r] = [f.of(from), f.of('g'), f.of('r')];
  const n = (value: number) => f.number(value);
  f.add('v′', weighted('v', 'g²', rho, n), rho * f.of('v') + (1 - rho) * g * g);
  let spread = 'v′';
  if (centered) {
    f.add('a′', weighted('a', 'g', rho, n), rho * f.of('a') + (1 - rho) * g);
    f.add('s', 'max(v′ − a′², 0)', Math.max(f.of('v′') - f.of('a′') ** 2, 0));
    spread = 's';
  }
  const s = f.of(spread);
  if (torch) f.add('q', `g / (√${spread} + ${n(epsilon)})`, g / (Math.sqrt(s) + epsilon));
  else f.add('q', `r × g / √(${spread} + ${n(epsilon)})`, (r * g) / Math.sqrt(s + epsilon));
  let step = 'q';
  if (momentum !== 0) {
    f.add('u′', `${n(momentum)} × u + q`, momentum * f.of('u') + f.of('q'));
    step = 'u′';
  }
  if (torch) f.add('w′', `${from} − r × ${step}`, w - r * f.of(step));
  else f.add('w′', `${from} − ${step}`, w - f.of(step));
}

/** `0.9 × m + 0.1 × g` */
function weighted(old: string, fresh: string, decay: number, n: FormatNumber): string {
  return `${n(decay)} × ${old} + ${n(1 - decay)} × ${fresh}`;
}
