/** What the labels of samples mean: classes with names, or numbers. */
import { say } from '../../../shared/language.ts';
import type { ImageConfig } from '../../../shared/model/trainConfig.ts';
import type { TargetTransform } from '../preprocessing.ts';
import type { Report } from '../report.ts';
import type { Samples, SampleSet } from './samples.ts';

export interface Labels {
  readonly target: TargetTransform;
  /** As the rest of the core wants them. */
  readonly values: (y: Samples['y']) => Int32Array | Float32Array;
}

/** Null when they do not fit the config, which is reported. */
export function labelsOf(config: ImageConfig, set: SampleSet, report: Report): Labels | null {
  const { train, test } = set;
  const all = test === null ? [train.y] : [train.y, test.y];
  const width = train.y.length / train.count;
  if (config.task === 'regression') return numbers(width);
  const problem = (message: string): null => {
    report.at(['data', 'path'], { code: 'data.labels', message });
    return null;
  };
  if (width !== 1) return problem(say`the labels are ${width} numbers each; a class is one`);
  let most = 0;
  for (const y of all) {
    for (const label of y) {
      if (!Number.isInteger(label) || label < 0) {
        return problem(say`the label ${label} is no class: classes are whole numbers from 0`);
      }
      if (label > most) most = label;
    }
  }
  const names = namesOf(config, set, most + 1, report);
  if (names === null) return null;
  if (names.length < 2)
    return problem(say('all images are of one class: there is nothing to learn'));
  const values = names.map((_, i) => String(i));
  return {
    target: { kind: 'classes', name: 'label', values, names },
    values: (y) => (y instanceof Int32Array ? y : Int32Array.from(y)),
  };
}

function numbers(width: number): Labels {
  const names = Array.from({ length: width }, (_, i) => (width === 1 ? 'label' : `label ${i}`));
  const values = (y: Samples['y']) => (y instanceof Float32Array ? y : Float32Array.from(y));
  return { target: { kind: 'numbers', names }, values };
}

function namesOf(
  { data }: ImageConfig,
  { names: own }: SampleSet,
  found: number,
  report: Report,
): readonly string[] | null {
  const count = own?.length ?? found;
  const given = data.class_names;
  if (given === null) return own ?? Array.from({ length: count }, (_, i) => String(i));
  if (given.length < count || (own !== null && given.length > count)) {
    const message = say`\`class_names\` has ${given.length} names for ${count} classes`;
    report.at(['data', 'class_names'], { code: 'data.classNames', message });
    return null;
  }
  const twice = given.find((name, i) => given.indexOf(name) !== i);
  if (twice === undefined) return given;
  const message = say`two classes have the name "${twice}"`;
  report.at(['data', 'class_names'], { code: 'data.classNames', message });
  return null;
}
