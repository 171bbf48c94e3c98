/**
 * Words of the config language that are decided but not implemented. They are rejected by name, so that nobody has to
 * guess whether a word was misspelt. To implement one: add it to the schema and remove it here.
 */
import { pathPattern, type ConfigPath } from './configPath.ts';

/** By place, as in pathPattern: keys of an object there, or values (or types of values) there. */
const planned: Readonly<Record<string, readonly string[]>> = {
  '': ['cross_validation', 'resume', 'sweep'],
  task: ['forecasting', 'object_detection', 'text_classification', 'text_extraction'],
  data: ['boxes', 'class_weight', 'horizon', 'max_length', 'tokenizer', 'window'],
  'data.format': ['parquet', 'text'],
  'data.features[].encode': ['embedding', 'hash'],
  'data.features[].normalize': ['log1p', 'robust'],
  'data.missing.type': ['backfill', 'forward_fill', 'interpolate'],
  model: ['edges', 'from'],
  'model[]': [
    'activity_regularizer',
    'bias_constraint',
    'bias_regularizer',
    'kernel_constraint',
    'kernel_regularizer',
    'seed',
    'trainable',
  ],
  'model[].type': [
    'Bidirectional',
    'Embedding',
    'GRU',
    'LSTM',
    'MultiHeadAttention',
    'Permute',
    'SimpleRNN',
    'TextVectorization',
  ],
  training: ['sample_weight', 'validation_frequency'],
  'training.optimizer': ['amsgrad'],
  'training.optimizer.type': ['Adadelta', 'Adagrad', 'Adamax', 'Ftrl', 'Lion', 'Nadam'],
  'training.optimizer.learning_rate.type': ['OneCycle'],
  'training.loss': ['gamma', 'alpha'],
  'training.loss.type': [
    'binary_focal_crossentropy',
    'categorical_focal_crossentropy',
    'ctc',
    'kl_divergence',
    'log_cosh',
    'poisson',
  ],
  'training.metrics[].type': ['auc', 'confusion_matrix', 'mape', 'mean_iou'],
  'callbacks[]': ['save_freq', 'save_weights_only'],
  'callbacks[].type': ['BackupAndRestore', 'CSVLogger', 'TensorBoard'],
  'output.export[]': ['h5', 'keras', 'onnx', 'tfjs'],
};

export function isPlanned(place: ConfigPath, word: string): boolean {
  return planned[pathPattern(place)]?.includes(word) ?? false;
}

/** What is planned, by place; for the reference page. */
export function plannedWords(): readonly (readonly [place: string, words: readonly string[]])[] {
  return Object.entries(planned);
}
