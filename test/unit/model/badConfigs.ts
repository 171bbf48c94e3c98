/** Mistakes people make in configs, and what they are told. */

export interface BadConfig {
  readonly behaviour: string;
  /** Replaces `old` by `text` in the minimal config; without `old` it is the whole text. */
  readonly old?: string;
  readonly text: string;
  readonly expected: readonly string[];
}

export const badConfigs: readonly BadConfig[] = [
  {
    behaviour: 'an empty file',
    text: '',
    expected: [
      '1:1 error config.wrongType the file is empty (a config has at least `task`, `data`, `model` and `training`)',
    ],
  },
  {
    behaviour: 'a file that is a list',
    text: '# comment\n- 1\n',
    expected: ['2:1 error config.wrongType the config expects keys with values, found a list'],
  },
  {
    behaviour: 'all sections missing, on the first line that has anything',
    text: '# comment\nversion: 1\n',
    expected: [
      '2:1 error config.missingKey the config needs `task`: one of `classification`, `image_classification`, `regression` (What is predicted: a class (of an image), or a number.)',
      '2:1 error config.missingKey the config needs `data`: keys with values (The rows.)',
      '2:1 error config.missingKey the config needs `model`: a list (The layers, from input to output.)',
      '2:1 error config.missingKey the config needs `training`: keys with values (How the model is trained.)',
    ],
  },
  {
    behaviour: 'a bracket that is not closed',
    text: 'model: [Dense\ntask: x\n',
    expected: ['2:1 error config.syntax not valid YAML: `[` is not closed with `]` before this'],
  },
  {
    behaviour: 'a tab as indentation',
    text: 'data:\n\tpath: x\n',
    expected: ['2:1 error config.syntax YAML cannot be indented with tabs; use spaces'],
  },
  {
    behaviour: 'a duplicate key',
    old: 'epochs: 5',
    text: 'epochs: 5\n  epochs: 6',
    expected: ['14:3 error config.duplicateKey `epochs` is given twice'],
  },
  {
    behaviour: 'an alias of nothing, and one of itself',
    text: 'task: *x\ndata: &d\n  split: {by: *d}\n',
    expected: [
      '1:7 error config.syntax `*x` refers to nothing: `&x` has to come before it',
      '3:15 error config.syntax `*d` stands for something that it is part of itself',
    ],
  },
  {
    behaviour: 'nesting that has no end',
    text: `task: ${'['.repeat(5000)}`,
    expected: ['1:1 error config.syntax the file cannot be read: it is nested too deeply'],
  },
  {
    behaviour: 'aliases that grow without end',
    text: 'a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b]\nd: [*c,*c,*c]\n',
    expected: [
      '1:1 error config.syntax the file cannot be read: Excessive alias count indicates a resource exhaustion attack',
    ],
  },
  {
    behaviour: 'a misspelt key at the top',
    old: 'task:',
    text: 'versoin: 1\ntask:',
    expected: [
      '1:1 error config.unknownKey unknown key `versoin` in the config (did you mean `version`?)',
    ],
  },
  {
    behaviour: 'a misspelt key inside a type',
    old: 'learning_rate',
    text: 'learing_rate',
    expected: [
      '14:27 error config.unknownKey unknown key `learing_rate` in `training.optimizer` (Adam) (did you mean `learning_rate`?)',
    ],
  },
  {
    behaviour: 'a key that belongs elsewhere',
    old: 'task:',
    text: 'epochs: 3\ntask:',
    expected: [
      '1:1 error config.unknownKey unknown key `epochs` in the config (`epochs` belongs in `training`)',
    ],
  },
  {
    behaviour: 'a key under the name another tool has for it',
    old: 'epochs: 5',
    text: 'epochs: 5\n  lr: 0.1',
    expected: [
      '14:3 error config.unknownKey unknown key `lr` in `training` (`learning_rate` belongs in `training.optimizer`)',
    ],
  },
  {
    behaviour: 'a key that resembles nothing',
    old: '{type: Flatten}',
    text: '{type: Flatten, colour: red}',
    expected: [
      '9:21 error config.unknownKey unknown key `colour` in `model[0]` (Flatten) (known here: `type`, `name`, `inputs`)',
    ],
  },
  {
    behaviour: 'a misspelt layer',
    old: '{type: Flatten}',
    text: 'Flaten',
    expected: [
      '9:5 error config.unknownValue unknown type `Flaten` in `model[0]` (did you mean `Flatten`?)',
    ],
  },
  {
    behaviour: 'a layer under the name PyTorch has for it',
    old: 'type: Dense',
    text: 'type: Linear',
    expected: [
      '10:12 error config.unknownValue unknown type `Linear` in `model[1]` (did you mean `Dense`?)',
    ],
  },
  {
    behaviour: 'a layer without a type',
    old: 'type: Dense, ',
    text: '',
    expected: [
      '10:5 error config.missingKey `model[1]` needs `type` (one of `Input`, `Dense`, `Activation`, `Dropout`, `Flatten`, `Reshape`, `SpatialDropout2D`, `Conv1D`, `Conv2D`, `DepthwiseConv2D`, `SeparableConv2D`, `Conv2DTranspose`, `ZeroPadding2D`, `UpSampling2D`, `MaxPooling1D`, `MaxPooling2D`, `AveragePooling1D`, `AveragePooling2D`, `GlobalMaxPooling1D`, `GlobalMaxPooling2D`, `GlobalAveragePooling1D`, `GlobalAveragePooling2D`, `Rescaling`, `Normalization`, `BatchNormalization`, `LayerNormalization`, `GroupNormalization`, `Add`, `Multiply`, `Concatenate`)',
    ],
  },
  {
    behaviour: 'a layer whose type is written as a key',
    old: '{type: Flatten}',
    text: 'Dense: {units: 3}',
    expected: ['9:5 error config.missingKey `model[0]` needs `type` (write `{type: Dense, ...}`)'],
  },
  {
    behaviour: 'a model that is more than a list, which is planned',
    text: 'model:\n  from: other.yaml\n',
    expected: [
      '1:1 error config.missingKey the config needs `task`: one of `classification`, `image_classification`, `regression` (What is predicted: a class (of an image), or a number.)',
      '1:1 error config.missingKey the config needs `data`: keys with values (The rows.)',
      '1:1 error config.notImplemented `from` is planned but not implemented yet',
      '1:1 error config.missingKey the config needs `training`: keys with values (How the model is trained.)',
    ],
  },
  {
    behaviour: 'a layer that lacks a key, though written as a bare name',
    old: '{type: Flatten}',
    text: 'Dense',
    expected: [
      '9:5 error config.missingKey `model[0]` (Dense) needs `units`: a whole number (Number of outputs.)',
    ],
  },
  {
    behaviour: 'a key missing from a layer over several lines, on its first line',
    old: '{type: Flatten}',
    text: 'type: Dense\n    use_bias: false',
    expected: [
      '9:5 error config.missingKey `model[0]` (Dense) needs `units`: a whole number (Number of outputs.)',
    ],
  },
  {
    behaviour: 'a layer that is a number',
    old: '{type: Flatten}',
    text: '7',
    expected: ['9:5 error config.wrongType `model[0]` expects keys with values, found 7'],
  },
  {
    behaviour: 'a value out of its set',
    old: 'classification',
    text: 'clasification',
    expected: [
      '1:7 error config.unknownValue `task` expects one of `classification`, `image_classification`, `regression`, found text "clasification" (did you mean `classification`?)',
    ],
  },
  {
    behaviour: 'a fraction for a whole number',
    old: 'epochs: 5',
    text: 'epochs: 2.5',
    expected: ['13:11 error config.wrongType `training.epochs` expects a whole number, found 2.5'],
  },
  {
    behaviour: 'text for a whole number',
    old: 'epochs: 5',
    text: 'epochs: many',
    expected: [
      '13:11 error config.wrongType `training.epochs` expects a whole number, found text "many"',
    ],
  },
  {
    behaviour: 'a decimal comma',
    old: '0.01',
    text: '"0,01"',
    expected: [
      '14:42 error config.wrongType `training.optimizer.learning_rate` expects a number, found text "0,01" (write `0.01`)',
    ],
  },
  {
    behaviour: 'no epochs',
    old: 'epochs: 5',
    text: 'epochs: 0',
    expected: ['13:11 error config.outOfRange `training.epochs` expects at least 1, found 0'],
  },
  {
    behaviour: 'an infinite number',
    old: '0.01',
    text: '.inf',
    expected: [
      '14:42 error config.wrongType `training.optimizer.learning_rate` expects a number, found Infinity',
    ],
  },
  {
    behaviour: 'dropping everything',
    old: '{type: Flatten}',
    text: '{type: Dropout, rate: 1}',
    expected: ['9:27 error config.outOfRange `model[0].rate` expects less than 1, found 1'],
  },
  {
    behaviour: 'a negative seed written short',
    old: 'task:',
    text: 'seed: -1\ntask:',
    expected: ['1:7 error config.outOfRange `seed` expects at least 0, found -1'],
  },
  {
    behaviour: 'a boolean of YAML 1.1',
    old: 'epochs: 5',
    text: 'epochs: 5\n  shuffle: yes',
    expected: [
      '14:12 error config.wrongType `training.shuffle` expects `true` or `false`, found text "yes" (write `true`)',
    ],
  },
  {
    behaviour: 'one thing where a list is due',
    old: 'metrics: [accuracy]',
    text: 'metrics: accuracy',
    expected: [
      '16:12 error config.wrongType `training.metrics` expects a list, found text "accuracy" (put it in brackets: `[...]`)',
    ],
  },
  {
    behaviour: 'a key whose items are all commented out',
    old: 'task:',
    text: 'callbacks:\n# - TerminateOnNaN\ntask:',
    expected: [
      '1:11 error config.wrongType `callbacks` has no value; expected a list (give a value, or remove the key)',
    ],
  },
  {
    behaviour: 'a name that no file system takes',
    old: 'task:',
    text: 'name: a/b\ntask:',
    expected: [
      '1:7 error config.outOfRange `name` expects up to 64 letters, digits, spaces, `_`, `-`, `.`, found text "a/b"',
    ],
  },
  {
    behaviour: 'an address that is not https',
    old: 'path: rows.csv',
    text: 'path: http://example.org/rows.csv',
    expected: ['3:9 error config.conflict only files and `https://` addresses can be read'],
  },
  {
    behaviour: 'a version of the language that does not exist',
    old: 'task:',
    text: 'version: 2\ntask:',
    expected: ['1:10 error config.unknownValue `version` expects `1`, found 2'],
  },
  {
    behaviour: 'a planned layer',
    old: '{type: Flatten}',
    text: 'LSTM',
    expected: ['9:5 error config.notImplemented `LSTM` is planned but not implemented yet'],
  },
  {
    behaviour: 'a planned key and a planned schedule',
    old: '{type: Adam, learning_rate: 0.01}',
    text: '{type: Adam, amsgrad: true, learning_rate: {type: OneCycle}}',
    expected: [
      '14:27 error config.notImplemented `amsgrad` is planned but not implemented yet',
      '14:64 error config.notImplemented `OneCycle` is planned but not implemented yet',
    ],
  },
  {
    behaviour: 'a planned export beside one that nobody plans, and a planned section',
    old: 'task:',
    text: 'output: {export: [onnx, gguf]}\nsweep: {}\ntask:',
    expected: [
      '1:19 error config.notImplemented `onnx` is planned but not implemented yet',
      '1:25 error config.unknownValue `output.export[1]` expects one of `pt`, `safetensors`, found text "gguf"',
      '2:1 error config.notImplemented `sweep` is planned but not implemented yet',
    ],
  },
  {
    behaviour: 'a planned format, without asking for what other formats need',
    old: '  features: [a, b]\n  target: c\n',
    text: '  format: parquet\n',
    expected: ['4:11 error config.notImplemented `parquet` is planned but not implemented yet'],
  },
];
