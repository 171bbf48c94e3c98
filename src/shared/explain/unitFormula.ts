/** How one output of a layer comes about, with its numbers put in: the lines after any table of products. */
import type { ActivationConfig } from '../model/activations.ts';
import type { Activated, NormalizedUnit, WorkedUnit } from '../protocol/explainStep.ts';
import { Formulas, type FormatNumber, type FormulaLine } from './formula.ts';

/** x: input, z: the sum before the activation, a: the output, S: the sum of e^z over all units of a softmax. */
export function unitFormula(unit: WorkedUnit, format: FormatNumber): readonly FormulaLine[] {
  switch (unit.kind) {
    case 'weighted':
    case 'activated':
      return activationFormula(unit, unit.output, format);
    case 'dropped': {
      const f = new Formulas({ x: unit.input }, format);
      const kept = unit.output !== 0;
      f.add('a', kept ? `x / (1 − ${format(unit.rate)})` : '0', unit.output);
      return f.lines;
    }
    case 'normalized':
      return normalFormula(unit, format);
    default:
      return unit satisfies never;
  }
}

function activationFormula(
  { activation, sum, total }: Activated,
  output: number,
  format: FormatNumber,
): readonly FormulaLine[] {
  if (activation.type === 'linear') return [];
  const f = new Formulas({ z: sum, ...(total === null ? {} : { S: total }) }, format);
  f.add('a', activationLetters(activation, sum, format), output);
  return f.lines;
}

/** Of functions with two branches the one that `z` takes. */
function activationLetters(config: ActivationConfig, z: number, n: FormatNumber): string {
  switch (config.type) {
    case 'linear':
      return 'z';
    case 'relu':
      return 'max(z, 0)';
    case 'leaky_relu':
      return z > 0 ? 'z' : `${n(config.negative_slope)} × z`;
    case 'elu':
      return z > 0 ? 'z' : `${n(config.alpha)} × (e^z − 1)`;
    case 'selu':
      return z > 0 ? '1.0507 × z' : '1.7581 × (e^z − 1)';
    case 'gelu':
      return config.approximate
        ? 'z / 2 × (1 + tanh(0.7979 × (z + 0.0447 × z³)))'
        : 'z / 2 × (1 + erf(z / √2))';
    case 'sigmoid':
      return '1 / (1 + e^(−z))';
    case 'tanh':
      return 'tanh(z)';
    case 'softmax':
      return 'e^z / S';
    case 'log_softmax':
      return 'z − ln(S)';
    case 'softplus':
      return 'ln(1 + e^z)';
    case 'swish':
      return 'z / (1 + e^(−z))';
  }
}

/** M, V: mean and variance over the batch. */
function normalFormula(unit: NormalizedUnit & { output: number }, format: FormatNumber) {
  const { input, mean, variance, epsilon, gamma, beta } = unit;
  const f = new Formulas({ x: input, M: mean, V: variance, γ: gamma ?? 1, β: beta ?? 0 }, format);
  const normal = (input - mean) / Math.sqrt(variance + epsilon);
  f.add('n', `(x − M) / √(V + ${format(epsilon)})`, normal);
  const scaled = gamma === null ? 'n' : 'γ × n';
  f.add('a', beta === null ? scaled : `${scaled} + β`, unit.output);
  return f.lines;
}
