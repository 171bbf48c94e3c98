/**
 * Checks that relate one part of a config to another. Each part is checked as soon as it is right in itself, whatever
 * is wrong elsewhere, so that all mistakes are reported at once. Nothing here needs the data or the shapes.
 */
import type { z } from 'zod';
import { say } from '../language.ts';
import type { FeatureConfig, TargetConfig } from './data.ts';
import { conflict, type PlacedProblem } from './issues.ts';
import type { Problem } from './configDocument.ts';
import { valueAt, type ConfigPath } from './configPath.ts';
import { checkPrecision } from './precisionCheck.ts';
import { checkSchedule } from './scheduleChecks.ts';
import { checkSplit } from './splitChecks.ts';
import type { SplitConfig } from './split.ts';
import { isRecord, type DeepReadonly } from './schemaKit.ts';
import { suggestion, listed } from './suggest.ts';
import type { ConfigSchema, TrainConfig } from './trainConfig.ts';

/** The parts that are right in themselves; the others are undefined. */
interface Parts {
  readonly task: TrainConfig['task'] | undefined;
  readonly seed: TrainConfig['seed'] | undefined;
  readonly model: TrainConfig['model'] | undefined;
  readonly optimizer: TrainConfig['training']['optimizer'] | undefined;
  readonly metrics: TrainConfig['training']['metrics'] | undefined;
  readonly callbacks: readonly (TrainConfig['callbacks'][number] | undefined)[];
  readonly predict: readonly (TrainConfig['predict'][number] | undefined)[];
  readonly features: readonly (FeatureConfig | undefined)[];
  readonly target: TargetConfig | undefined;
  readonly split: SplitConfig | undefined;
  /** As written, for what must not be combined. */
  readonly written: unknown;
}

type Check = (parts: Parts) => readonly PlacedProblem[];

export function checkSections(schema: ConfigSchema, written: unknown): PlacedProblem[] {
  const { task, seed, data, model, training, callbacks, predict } = schema.shape;
  const { features, target, split } = data.out.options[0].shape;
  const { optimizer, metrics } = training.shape;
  const at = (...path: string[]) => valueAt(written, path);
  const parts: Parts = {
    task: part(task, at('task')),
    seed: part(seed, at('seed')),
    model: part(model, at('model')),
    optimizer: part(optimizer, at('training', 'optimizer')),
    metrics: metricsMayBeMeant(training.shape, at('training'))
      ? undefined
      : part(metrics, at('training', 'metrics')),
    callbacks: items(callbacks.unwrap().element, at('callbacks')),
    predict: items(predict.unwrap().element, at('predict')),
    features: items(features.element, at('data', 'features')),
    target: part(target, at('data', 'target')),
    split: part(split, at('data', 'split')),
    written,
  };
  return checks.flatMap((check) => check(parts));
}

/** None are written, but under a key that is not known, or in a section that is missing, there may be some. */
function metricsMayBeMeant(known: object, written: unknown): boolean {
  if (!isRecord(written)) return true;
  return (
    !Object.hasOwn(written, 'metrics') &&
    Object.keys(written).some((key) => !Object.hasOwn(known, key))
  );
}

/** Keys that are not known are reported elsewhere, and hinder nothing here. */
function part<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
): DeepReadonly<z.infer<Schema>> | undefined {
  const result = schema.safeParse(value, { jitless: true });
  if (result.success) return result.data as DeepReadonly<z.infer<Schema>>;
  const known: unknown = JSON.parse(JSON.stringify(value) ?? 'null');
  for (const issue of result.error.issues) {
    const owner = valueAt(known, issue.path as ConfigPath);
    if (issue.code !== 'unrecognized_keys' || !isRecord(owner)) return undefined;
    for (const key of issue.keys) Reflect.deleteProperty(owner, key);
  }
  return schema.safeParse(known, { jitless: true }).data as
    DeepReadonly<z.infer<Schema>> | undefined;
}

function items<Schema extends z.ZodType>(schema: Schema, list: unknown) {
  return Array.isArray(list) ? list.map((item) => part(schema, item)) : [];
}

const checks: readonly Check[] = [
  ({ split, written }) =>
    split === undefined ? [] : checkSplit(split, valueAt(written, ['data', 'split'])),
  checkTask,
  checkOversampling,
  checkMarks,
  checkFeatures,
  checkTarget,
  checkOptimizer,
  checkClipping,
  checkAveraging,
  checkSchedule,
  checkPrecision,
  checkMetrics,
  checkMonitors,
  checkPredictRows,
  checkTorchSeed,
];

function placed(path: ConfigPath, problem: Problem): PlacedProblem {
  return { path, where: 'value', problem };
}

function checkTask({ task, features, written }: Parts): PlacedProblem[] {
  if (task !== 'image_classification' || features.length === 0) return [];
  if (!isRecord(written) || !isRecord(written['data'])) return [];
  const message = say('`image_classification` is for images, and these data are a table');
  const hint = say('use `task: classification`, or another `data.format`');
  return [conflict(['task'], message, hint)];
}

function checkMarks({ written }: Parts): PlacedProblem[] {
  const path = ['data', 'thousands'];
  const thousands = valueAt(written, path) ?? null;
  const decimal = valueAt(written, ['data', 'decimal']) ?? '.';
  if (typeof thousands !== 'string' || thousands !== decimal) return [];
  const message = say`"${thousands}" cannot stand before decimals and between thousands`;
  const hint = say('1.234,5 has `decimal: ","` and `thousands: "."`; 1,234.5 has the opposite');
  return [conflict(path, message, hint)];
}

function checkOversampling({ written }: Parts): PlacedProblem[] {
  const path = ['data', 'oversample_before_split'];
  const times = valueAt(written, ['data', 'oversample']) ?? 1;
  if (valueAt(written, path) !== true || times !== 1) return [];
  return [
    conflict(
      path,
      say('`oversample_before_split` repeats nothing'),
      say('add `oversample: 4`, say'),
    ),
  ];
}

function checkFeatures({ features, target }: Parts): PlacedProblem[] {
  const names = features.map((feature) => feature?.name);
  return features.flatMap((feature, index) => {
    if (feature === undefined) return [];
    const path = ['data', 'features', index];
    const found = checkEncoding(feature, path);
    if (names.indexOf(feature.name) < index) {
      found.push(
        conflict(path, say`feature \`${feature.name}\` is given twice`, say('remove one of them')),
      );
    }
    if (feature.name === target?.name) {
      const message = say`\`${feature.name}\` is the target and a feature: the model would be told the answer`;
      found.push(conflict(path, message, say('remove it from the features')));
    }
    return found;
  });
}

function checkEncoding(feature: FeatureConfig, path: ConfigPath): PlacedProblem[] {
  const { encode, categories, scale, offset, normalize } = feature;
  const found = repeatedCategories(categories, [...path, 'categories']);
  if (categories !== null && encode === null) {
    const message = say('`categories` needs `encode`');
    found.push(
      conflict([...path, 'categories'], message, say('add `encode: ordinal` or `one_hot`')),
    );
  }
  if (feature.unit !== null && encode !== null) {
    const message = say(
      '`unit` is for numbers, and the values of an encoded feature are categories',
    );
    found.push(
      conflict([...path, 'unit'], message, say('remove it; categories are written as in the file')),
    );
  }
  if (encode === 'one_hot' && (scale !== 1 || offset !== 0 || normalize !== null)) {
    const message = say('`scale`, `offset` and `normalize` do not apply to columns of 0 and 1');
    found.push(conflict(path, message, say('remove them, or use `encode: ordinal`')));
  }
  return found;
}

function repeatedCategories(
  categories: readonly (string | number)[] | null,
  path: ConfigPath,
): PlacedProblem[] {
  const words = (categories ?? []).map(String);
  const again = words.findIndex((word, index) => words.indexOf(word) < index);
  if (again < 0) return [];
  return [
    conflict(
      [...path, again],
      say`category \`${words[again]!}\` is given twice`,
      say('remove one'),
    ),
  ];
}

function checkTarget({ target, task }: Parts): PlacedProblem[] {
  if (target === undefined) return [];
  const { categories, class_names: names } = target;
  const path = ['data', 'target'];
  const found = repeatedCategories(categories, [...path, 'categories']);
  if (task === 'regression' && (categories !== null || names !== null)) {
    const message = say(
      '`categories` and `class_names` are for classes, but `task` is `regression`',
    );
    found.push(conflict(path, message, say('remove them, or use `task: classification`')));
  }
  if (categories !== null && names !== null && categories.length !== names.length) {
    const message = say`${names.length} class names for ${categories.length} categories`;
    found.push(conflict([...path, 'class_names'], message, say('give one name for each category')));
  }
  return found;
}

const classMetrics = [
  'accuracy',
  'correct',
  'total',
  'top_k_accuracy',
  'precision',
  'recall',
  'f1',
];

const metricsOf: Readonly<Record<TrainConfig['task'], readonly string[]>> = {
  classification: classMetrics,
  image_classification: classMetrics,
  regression: ['mae', 'rmse', 'r2', 'total'],
};

function checkMetrics({ metrics = [], task }: Parts): PlacedProblem[] {
  const written = metrics.map((metric) => JSON.stringify(metric));
  return metrics.flatMap(({ type }, index) => {
    const path = ['training', 'metrics', index];
    if (written.indexOf(written[index]!) < index) {
      return [conflict(path, say`metric \`${type}\` is given twice`, say('remove one of them'))];
    }
    // A mean absolute error of class numbers would mean nothing; accuracy of real numbers is always 0.
    if (task === undefined || metricsOf[task].includes(type)) return [];
    const message = say`metric \`${type}\` does not suit \`task: ${task}\``;
    return [conflict(path, message, say`one of ${listed(metricsOf[task])}`)];
  });
}

function checkOptimizer({ optimizer }: Parts): PlacedProblem[] {
  if (optimizer?.type !== 'SGD' || !optimizer.nesterov || optimizer.momentum > 0) return [];
  const path = ['training', 'optimizer', 'nesterov'];
  return [conflict(path, say('`nesterov` needs momentum'), say('add `momentum: 0.9`, say'))];
}

/** Keras takes one of them too. */
function checkClipping({ optimizer }: Parts): PlacedProblem[] {
  if (optimizer === undefined) return [];
  const given = (['clipnorm', 'clipvalue', 'global_clipnorm'] as const).filter(
    (key) => optimizer[key] !== undefined,
  );
  const [first, second] = given;
  if (first === undefined || second === undefined) return [];
  const message = say`\`${first}\` and \`${second}\` exclude each other`;
  return [conflict(['training', 'optimizer', second], message, say('remove one of them'))];
}

function checkAveraging({ optimizer }: Parts): PlacedProblem[] {
  if (optimizer === undefined || optimizer.use_ema) return [];
  const given = (['ema_momentum', 'ema_overwrite_frequency'] as const).filter(
    (key) => optimizer[key] !== undefined,
  );
  return given.map((key) => {
    const message = say`\`${key}\` needs \`use_ema\``;
    return conflict(['training', 'optimizer', key], message, say('add `use_ema: true`'));
  });
}

function checkMonitors({ callbacks, metrics, split }: Parts): PlacedProblem[] {
  if (metrics === undefined) return [];
  const names = ['loss', ...metrics.map(({ type }) => type)];
  const known = [...names, ...names.map((name) => `val_${name}`)];
  const hasValidation = split === undefined || split.by !== null || split.validation > 0;
  return callbacks.flatMap((callback, index) => {
    if (callback === undefined || !('monitor' in callback)) return [];
    const { monitor } = callback;
    const path = ['callbacks', index, 'monitor'];
    if (!known.includes(monitor)) {
      const message = say`nothing called \`${monitor}\` is measured`;
      const hint = suggestion(monitor, known);
      return [placed(path, { code: 'config.unknownMonitor', message, hint })];
    }
    if (hasValidation || !monitor.startsWith('val_')) return [];
    const message = say`\`${monitor}\` is measured on validation rows, and the split has none`;
    return [
      conflict(path, message, say`monitor \`${monitor.slice(4)}\`, or keep rows for validation`),
    ];
  });
}

function checkPredictRows({ predict, features }: Parts): PlacedProblem[] {
  const names = features.flatMap((feature) => feature?.name ?? []);
  if (names.length < Math.max(features.length, 1)) return [];
  return predict.flatMap((row, index) => {
    if (row === undefined) return [];
    const path = ['predict', index];
    const unknown = Object.keys(row).filter((key) => !names.includes(key));
    const lacking = names.filter((name) => !Object.hasOwn(row, name));
    const found = unknown.map((key): PlacedProblem => {
      const message = say`\`${key}\` is not one of the features`;
      const problem = { code: 'config.unknownFeature', message, hint: suggestion(key, names) };
      return { path: [...path, key], where: 'key', problem };
    });
    if (unknown.length > 0 || lacking.length === 0) return found;
    const message = say`the row to predict lacks ${listed(lacking)}`;
    const hint = say('give a value for each feature');
    return [placed(path, { code: 'config.missingFeature', message, hint })];
  });
}

function checkTorchSeed({ seed, model }: Parts): PlacedProblem[] {
  if (seed?.compat !== 'pytorch' || model === undefined) return [];
  const roles = ['kernel_initializer', 'bias_initializer'] as const;
  return model.flatMap((layer, index) => {
    if (layer.type !== 'Dense') return [];
    const other = roles.filter((role) => layer[role].type !== 'pytorch_default');
    return other.map((role) => {
      const message = say`with \`${role}: ${layer[role].type}\` the weights differ from those of PyTorch, which \`compat: pytorch\` asks for`;
      const problem = { code: 'config.conflict', severity: 'warning', message } as const;
      return placed(['model', index, role], { ...problem, hint: say`remove \`${role}\`` });
    });
  });
}
