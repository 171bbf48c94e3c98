/** Parts of configs that do not go together, and what people are told. */
import type { BadConfig } from './badConfigs.ts';

export const conflictingConfigs: readonly BadConfig[] = [
  {
    behaviour: 'one mark for decimals and thousands',
    old: 'split: {}',
    text: 'thousands: "."',
    expected: [
      '7:14 error config.conflict "." cannot stand before decimals and between thousands (1.234,5 has `decimal: ","` and `thousands: "."`; 1,234.5 has the opposite)',
    ],
  },
  {
    behaviour: 'shares over 1',
    old: 'split: {}',
    text: 'split: {train: 0.7, validation: 0.4}',
    expected: [
      '7:10 error config.splitOverOne train + validation + test is over 1: 0.7 + 0.4 + 0 = 1.1 (shares are of 1, so 0.7 for 70 %)',
    ],
  },
  {
    behaviour: 'shares over 1 beside a misspelt key',
    old: 'split: {}',
    text: 'split: {train: 0.7, validation: 0.4, sed: 0}',
    expected: [
      '7:10 error config.splitOverOne train + validation + test is over 1: 0.7 + 0.4 + 0 = 1.1 (shares are of 1, so 0.7 for 70 %)',
      '7:40 error config.unknownKey unknown key `sed` in `data.split` (did you mean `seed`?)',
    ],
  },
  {
    behaviour: 'a split by column and by shares',
    old: 'split: {}',
    text: 'split: {by: part, train: 0.5}',
    expected: [
      '7:10 error config.conflict `train` cannot be combined with `by: part` (the column alone says where a row belongs)',
    ],
  },
  {
    behaviour: 'no rows for training',
    old: 'split: {}',
    text: 'split: {validation: 1}',
    expected: [
      '7:10 error config.conflict the split leaves no rows for training (give `train` a share over 0)',
    ],
  },
  {
    behaviour: 'features given twice, the target among them, and idle keys',
    old: 'features: [a, b]',
    text: 'features:\n    - a\n    - c\n    - {name: a, categories: [x, x]}\n    - {name: d, encode: one_hot, scale: 2}',
    expected: [
      '6:7 error config.conflict `c` is the target and a feature: the model would be told the answer (remove it from the features)',
      '7:7 error config.conflict feature `a` is given twice (remove one of them)',
      '7:29 error config.conflict `categories` needs `encode` (add `encode: ordinal` or `one_hot`)',
      '7:33 error config.conflict category `x` is given twice (remove one)',
      '8:7 error config.conflict `scale`, `offset` and `normalize` do not apply to columns of 0 and 1 (remove them, or use `encode: ordinal`)',
    ],
  },
  {
    behaviour: 'a unit of what is encoded, which has no numbers',
    old: 'features: [a, b]',
    text: 'features:\n    - {name: a, encode: ordinal, unit: kg}\n    - {name: b, unit: kg}',
    expected: [
      '5:40 error config.conflict `unit` is for numbers, and the values of an encoded feature are categories (remove it; categories are written as in the file)',
    ],
  },
  {
    behaviour: 'more class names than classes',
    old: 'target: c',
    text: 'target: {name: c, categories: [0, 1], class_names: [x, y, z]}',
    expected: [
      '5:54 error config.conflict 3 class names for 2 categories (give one name for each category)',
    ],
  },
  {
    behaviour: 'a metric of another task, and one given twice',
    old: 'metrics: [accuracy]',
    text: 'metrics: [accuracy, mae, accuracy]',
    expected: [
      '16:23 error config.conflict metric `mae` does not suit `task: classification` (one of `accuracy`, `correct`, `total`, `top_k_accuracy`, `precision`, `recall`, `f1`)',
      '16:28 error config.conflict metric `accuracy` is given twice (remove one of them)',
    ],
  },
  {
    behaviour: 'nesterov without momentum',
    old: '{type: Adam, learning_rate: 0.01}',
    text: '{type: SGD, nesterov: true}',
    expected: ['14:36 error config.conflict `nesterov` needs momentum (add `momentum: 0.9`, say)'],
  },
  {
    behaviour: 'two ways of clipping',
    old: '{type: Adam, learning_rate: 0.01}',
    text: '{type: Adam, clipnorm: 1, clipvalue: 2}',
    expected: [
      '14:51 error config.conflict `clipnorm` and `clipvalue` exclude each other (remove one of them)',
    ],
  },
  {
    behaviour: 'rates and boundaries that do not fit',
    old: 'learning_rate: 0.01',
    text: 'learning_rate: {type: PiecewiseConstantDecay, boundaries: [5, 5], values: [1, 2]}',
    expected: [
      '14:85 error config.conflict the boundaries do not rise (put them in order)',
      '14:101 error config.conflict 2 values for 2 boundaries (give one value more than there are boundaries)',
    ],
  },
  {
    behaviour: 'a warm-up without its steps',
    old: 'learning_rate: 0.01',
    text: 'learning_rate: {type: CosineDecay, initial_learning_rate: 1, decay_steps: 9, warmup_target: 2}',
    expected: [
      '14:119 error config.conflict `warmup_target` needs `warmup_steps` (give both, or none of them)',
    ],
  },
  {
    behaviour: 'a schedule without its steps',
    old: 'learning_rate: 0.01',
    text: 'learning_rate: {type: CosineDecay, initial_learning_rate: 1}',
    expected: [
      '14:42 error config.missingKey `training.optimizer.learning_rate` (CosineDecay) needs `decay_steps`: a number (Steps over which it decays once.)',
    ],
  },
  {
    behaviour: 'a learning rate below zero',
    old: 'learning_rate: 0.01',
    text: 'learning_rate: -1',
    expected: [
      '14:42 error config.outOfRange `training.optimizer.learning_rate` expects at least 0, found -1',
    ],
  },
  {
    behaviour: 'an initializer with its bounds swapped',
    old: 'units: 3',
    text: 'units: 3, kernel_initializer: {type: random_uniform, minval: 1}',
    expected: ['10:49 error config.conflict `minval` is over `maxval`'],
  },
  {
    behaviour: 'monitoring what is not measured',
    old: 'task:',
    text: 'callbacks: [{type: EarlyStopping, monitor: val_acuracy}]\ntask:',
    expected: [
      '1:44 error config.unknownMonitor nothing called `val_acuracy` is measured (did you mean `val_accuracy`?)',
    ],
  },
  {
    behaviour: 'monitoring validation rows that do not exist',
    old: 'split: {}',
    text: 'split: {train: 1}\ncallbacks: [EarlyStopping]',
    expected: [
      '8:13 error config.conflict `val_loss` is measured on validation rows, and the split has none (monitor `loss`, or keep rows for validation)',
    ],
  },
  {
    behaviour: 'rows to predict that lack a feature, have another, or a list for a value',
    old: 'task:',
    text: 'predict:\n  - {a: 1}\n  - {A: 1, b: 2}\n  - {a: 1, b: [2]}\ntask:',
    expected: [
      '2:5 error config.missingFeature the row to predict lacks `b` (give a value for each feature)',
      '3:6 error config.unknownFeature `A` is not one of the features (did you mean `a`?)',
      '4:15 error config.wrongType `predict[2].b` expects text or a number or nothing, found a list',
    ],
  },
  {
    behaviour: 'oversampling before the split that repeats nothing',
    old: 'split: {}',
    text: 'oversample_before_split: true',
    expected: [
      '7:28 error config.conflict `oversample_before_split` repeats nothing (add `oversample: 4`, say)',
    ],
  },
];

/** What is allowed but hardly meant. */
export const oddConfigs: readonly BadConfig[] = [
  {
    behaviour: 'numbers that YAML 1.1 reads as text',
    old: 'learning_rate: 0.01',
    text: 'learning_rate: 1e-3, epsilon: 1.5e7',
    expected: [
      '14:42 warning config.yamlVersion `1e-3` is a number here, but text for readers of YAML 1.1 such as PyYAML (write `1.0e-3`)',
      '14:57 warning config.yamlVersion `1.5e7` is a number here, but text for readers of YAML 1.1 such as PyYAML (write `1.5e+7`)',
    ],
  },
  {
    behaviour: 'numbers that YAML 1.1 reads as octal',
    old: 'epochs: 5',
    text: 'epochs: 010',
    expected: [
      '13:11 warning config.yamlVersion `010` is decimal here, but octal for readers of YAML 1.1 such as PyYAML (write `10`)',
    ],
  },
  {
    behaviour: 'words that YAML 1.1 reads as true or false',
    old: 'target: c',
    text: 'target: {name: c, categories: ["yes", no]}',
    expected: [
      '5:41 warning config.yamlVersion `no` is text here, but true or false for readers of YAML 1.1 such as PyYAML (write `"no"` for the text, or `true` or `false`)',
    ],
  },
  {
    behaviour: 'rows that are used nowhere',
    old: 'split: {}',
    text: 'split: {train: 0.7, validation: 0.2}',
    expected: [
      '7:10 warning config.unusedRows some rows are not used at all: train + validation + test is 0.7 + 0.2 + 0 = 0.9 (leave out one of the shares: it takes what the others leave)',
    ],
  },
  {
    behaviour: "PyTorch's seed with an initializer of Keras",
    old: 'units: 3}',
    text: 'units: 3, kernel_initializer: he_normal}\nseed: {value: 0, compat: pytorch}',
    expected: [
      '10:49 warning config.conflict with `kernel_initializer: he_normal` the weights differ from those of PyTorch, which `compat: pytorch` asks for (remove `kernel_initializer`)',
    ],
  },
];
