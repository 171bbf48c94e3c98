/** The contract of the page that explains a step; the extension host is its server. */
import type { ActivationConfig } from '../../model/activations.ts';
import type { NoArgs } from '../contract.ts';
import type { ExplainedStep, ExplainWish } from '../explainStep.ts';
import type { ViewEvents, ViewRequests } from './viewLink.ts';

/** Words that the page explains where somebody asks. */
export const explainedWords = [
  'activation',
  'batch',
  'bias',
  'epoch',
  'feature',
  'gradient',
  'layer',
  'learningRate',
  'loss',
  'optimizer',
  'probability',
  'unit',
  'weight',
] as const;
export type ExplainedWord = (typeof explainedWords)[number];

/** Kinds of layers that are told in the same words share a text. */
type LayerTextName =
  | 'Activation'
  | 'Add'
  | 'AveragePooling'
  | 'BatchNormalization'
  | 'Concatenate'
  | 'Convolution'
  | 'Convolution1D'
  | 'Dense'
  | 'DepthwiseConv2D'
  | 'Dropout'
  | 'Flatten'
  | 'GlobalAveragePooling'
  | 'GlobalMaxPooling'
  | 'GroupNormalization'
  | 'Input'
  | 'LayerNormalization'
  | 'MaxPooling'
  | 'Multiply'
  | 'Normalization'
  | 'Rescaling'
  | 'Reshape'
  | 'SeparableConv2D'
  | 'SpatialDropout2D'
  | 'TransposedConvolution'
  | 'UpSampling2D'
  | 'ZeroPadding2D';

/** The texts of the page, in the user's language; `{0}` and so on stand for values. */
export type ExplainText =
  | `about.${ExplainedWord}`
  | `activation.${ActivationConfig['type']}`
  | `after.${'better' | 'same' | 'waits' | 'worse'}`
  | `layer.${LayerTextName}`
  | `loss.${'absolute' | 'entropy' | 'huber' | 'squared'}`
  | `optimizer.${'Adam' | 'AdamW' | 'RMSprop' | 'SGD' | 'momentum'}`
  | `title.${'after' | 'answer' | 'backward' | 'batch' | 'forward' | 'loss'}`
  | `word.${ExplainedWord}`
  | `gathering.${'due' | 'waits'}`
  | 'afterText'
  | 'answer'
  | 'answerClasses'
  | 'answerNumbers'
  | 'averaging'
  | 'backwardText'
  | 'batch'
  | 'batchPictures'
  | 'batchText'
  | 'biasOf'
  | 'change'
  | 'clipped'
  | 'error'
  | 'forgetful'
  | 'forwardText'
  | 'from'
  | 'gathering'
  | 'gradient'
  | 'in'
  | 'inFrom'
  | 'inOut'
  | 'input'
  | 'intro'
  | 'layer'
  | 'letters'
  | 'live'
  | 'lossMean'
  | 'lossWeighted'
  | 'mapSizes'
  | 'mapValue'
  | 'mapValues'
  | 'marked'
  | 'more'
  | 'moreFeatures'
  | 'moreInputs'
  | 'moreRows'
  | 'next'
  | 'nextMoment'
  | 'nextStep'
  | 'normal'
  | 'notNext'
  | 'of'
  | 'out'
  | 'parts'
  | 'place'
  | 'prepared'
  | 'previous'
  | 'previousMoment'
  | 'product'
  | 'right'
  | 'row'
  | 'rowLoss'
  | 'rowWeight'
  | 'signal'
  | 'size'
  | 'sum'
  | 'sums'
  | 'target'
  | 'tensor'
  | 'title'
  | 'to'
  | 'unit'
  | 'unitSignal'
  | 'unitWorked'
  | 'update'
  | 'value'
  | 'weightOf'
  | 'weightTitle'
  | 'where'
  | 'words';

/** What the page looks at; the run is the panel's. */
export type Looking = Omit<ExplainWish, 'directory'>;

export interface ExplainState {
  /** Of the run. */
  readonly name: string;
  readonly directory: string;
  /** Whether it trains, so that it can take a step. */
  readonly live: boolean;
  /** Steps whose weights are kept on disk, rising. */
  readonly moments: readonly number[];
  readonly texts: Readonly<Record<ExplainText, string>>;
}

export interface ExplainContract {
  readonly requests: ViewRequests<ExplainState> & {
    /** `message` says why there is no step: the data have changed, say. */
    'step/explain': {
      args: Looking;
      result: { step: ExplainedStep | null; message: string };
    };
    /** Trains one step, and then pauses. */
    'step/take': { args: NoArgs; result: NoArgs };
  };
  readonly events: ViewEvents<ExplainState, 'live' | 'moments'>;
}
