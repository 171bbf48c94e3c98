/** `training.class_weight`: how much the rows of each class count. */
import { say } from '../../shared/language.ts';
import type { TrainConfig } from '../../shared/model/trainConfig.ts';
import { suggestion } from '../../shared/model/suggest.ts';
import type { TargetSpec } from './model.ts';
import type { ModelProblem } from './modelProblem.ts';

/** By class; 1 for those that the config does not name, null where it says nothing. */
export function classWeights(
  { class_weight: given }: TrainConfig['training'],
  target: TargetSpec,
): readonly number[] | null {
  if (given === undefined || target.kind !== 'classes') return null;
  return Array.from({ length: target.classes }, (_, index) => {
    const name = target.names[index];
    const named = name !== undefined && Object.hasOwn(given, name) ? given[name] : undefined;
    return named ?? given[String(index)] ?? 1;
  });
}

export function checkClassWeights(
  { class_weight: given = {} }: TrainConfig['training'],
  target: TargetSpec,
): ModelProblem[] {
  const path = ['training', 'class_weight'];
  const names = Object.keys(given);
  if (target.kind !== 'classes') {
    if (names.length === 0) return [];
    const message = say('`class_weight` is for classes, the target has numbers');
    return [{ code: 'config.conflict', message, path, hint: say('remove it') }];
  }
  const known = [...target.names, ...Array.from({ length: target.classes }, (_, i) => String(i))];
  return names
    .filter((name) => !known.includes(name))
    .map((name) => ({
      code: 'config.unknownValue',
      message: say`no class is called \`${name}\``,
      path: [...path, name],
      hint: suggestion(name, target.names),
    }));
}
