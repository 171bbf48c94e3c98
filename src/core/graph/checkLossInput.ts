/** Whether a cross-entropy gets what it expects: enough outputs, and probabilities or logits as it says. */
import { say } from '../../shared/language.ts';
import type { ActivationConfig } from '../../shared/model/activations.ts';
import type { ConfigPath } from '../../shared/model/configPath.ts';
import type { LossConfig } from '../../shared/model/losses.ts';
import type { ExpectedTarget } from './expectedContext.ts';
import type { ModelProblem } from './modelProblem.ts';

/** The end of the model, as messages name it. */
export interface Head {
  /** `dense "fc3"`. */
  readonly title: string;
  readonly path: ConfigPath;
  /** The layer that decides how many units there are: the last Dense, if an Activation follows it. */
  readonly source: {
    readonly title: string;
    readonly path: ConfigPath;
    readonly key: 'units' | 'filters';
  };
  /** Null when it is unknown. */
  readonly activation: ActivationConfig['type'] | null;
  /** Length of the output; null when it is unknown or not a vector. */
  readonly units: number | null;
}

type CrossEntropy = Extract<LossConfig, { readonly from_logits: boolean }>;

export function checkLossInput(
  loss: LossConfig,
  head: Head,
  target: ExpectedTarget,
): ModelProblem[] {
  if (!('from_logits' in loss) || target.kind !== 'classes') return [];
  const binary = loss.type === 'binary_crossentropy';
  const misfit = binary
    ? checkBinary(loss, head, target.classes)
    : checkSingleUnit(loss, head, target.classes);
  if (misfit !== null) return [misfit];
  const found = [
    binary ? null : checkUnitCount(head, target),
    checkActivation(loss, head, binary ? 'sigmoid' : 'softmax'),
  ];
  return found.filter((problem) => problem !== null);
}

/** Whether each class has an output. A single one may stand for two classes, so it is left alone here. */
export function checkUnitCount(
  { source, units }: Head,
  target: ExpectedTarget,
): ModelProblem | null {
  const classes = target.kind === 'classes' ? target.classes : null;
  if (classes === null || units === null || units === 1 || units === classes) return null;
  const problem = {
    path: [...source.path, source.key],
    hint:
      source.key === 'units' ? say`use \`units: ${classes}\`` : say`use \`filters: ${classes}\``,
  };
  const message = unitsText(source, units, classes);
  if (units < classes) return { ...problem, code: 'model.tooFewUnits', message };
  return {
    ...problem,
    code: 'model.tooManyUnits',
    severity: 'warning',
    message: say`${message}; the rest learn only to stay silent`,
  };
}

function unitsText({ title: layer, key }: Head['source'], units: number, classes: number): string {
  if (key === 'filters') return say`${layer}: has ${units} filters for ${classes} classes`;
  return classes === 1
    ? say`${layer}: has ${units} units for 1 class`
    : say`${layer}: has ${units} units for ${classes} classes`;
}

function checkBinary(loss: CrossEntropy, head: Head, classes: number | null): ModelProblem | null {
  if (classes !== null && classes > 2) {
    const message = say`loss ${loss.type} is for two classes, the target has ${classes}`;
    return { ...lossMismatch, message, hint: say('use `sparse_categorical_crossentropy`') };
  }
  if (head.units === null || head.units === 1) return null;
  const message = say`loss ${loss.type} expects one output, ${head.title} gives ${head.units}`;
  return {
    ...lossMismatch,
    message,
    hint: say('use `units: 1` with `sigmoid`, or `sparse_categorical_crossentropy`'),
  };
}

function checkSingleUnit(
  loss: CrossEntropy,
  { title, units }: Head,
  classes: number | null,
): ModelProblem | null {
  if (units !== 1) return null;
  const message = say`loss ${loss.type} expects one output for each class, ${title} gives 1`;
  const hint =
    classes === null || classes === 2
      ? say('use `binary_crossentropy` with `sigmoid`, or `units: 2` with `softmax`')
      : say`use \`units: ${classes}\` with \`softmax\``;
  return { ...lossMismatch, message, hint };
}

const lossMismatch = { code: 'model.lossMismatch', path: ['training', 'loss'] };
const lossInput = { code: 'model.lossInput', path: ['training', 'loss'] };

/** `matching` turns logits into the probabilities that the loss expects without from_logits. */
function checkActivation(
  loss: CrossEntropy,
  { title, activation }: Head,
  matching: 'sigmoid' | 'softmax',
): ModelProblem | null {
  if (activation === null) return null;
  const gives = say`${title} ends in ${activation}`;
  if (activation === 'log_softmax' && matching === 'softmax') {
    if (!loss.from_logits) return null;
    const message = say`${gives}, which from_logits: true applies once more; that changes nothing`;
    return { ...lossInput, severity: 'info', message };
  }
  const probabilities = activation === 'softmax' || activation === 'sigmoid';
  if (loss.from_logits) {
    if (!probabilities) return null;
    const message = say`loss ${loss.type} expects logits (from_logits: true), ${gives}: squashed twice, it learns slowly`;
    const hint = say`remove \`from_logits\`, or use \`activation: linear\``;
    return { ...lossInput, severity: 'warning', message, hint };
  }
  if (activation === matching) return null;
  const message = say`loss ${loss.type} expects probabilities, ${gives}`;
  const hint = say`use \`activation: ${matching}\`, or \`{type: ${loss.type}, from_logits: true}\``;
  if (matching === 'softmax' && activation === 'sigmoid') {
    return {
      ...lossInput,
      severity: 'warning',
      message: say`${message}: they do not sum to 1`,
      hint,
    };
  }
  return { ...lossMismatch, message, hint };
}
