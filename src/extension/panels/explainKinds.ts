/** What each activation, loss and optimizer does, in words. */
import { l10n } from 'vscode';
import { explainLayers } from './explainLayers.ts';

export function explainKinds() {
  return {
    ...explainLayers(),
    ...activations(),
    'loss.absolute': l10n.t(
      'The loss is the distance between the answer a and the target y, whichever way it lies.',
    ),
    'loss.entropy': l10n.t(
      'The loss looks at p, the probability of the right class. −ln(p) is 0 when the network is certain and right, and grows without end the nearer p comes to 0.',
    ),
    'loss.huber': l10n.t(
      'The loss is the square of small distances between answer a and target y, and grows evenly with large ones, so that single outliers do not rule.',
    ),
    'loss.squared': l10n.t(
      'The loss is the square of the distance between the answer a and the target y: twice as far off counts four times.',
    ),
    'optimizer.Adam': l10n.t(
      'm and v are what it remembers of earlier steps: running means of the gradient and of its square. m smooths the way; dividing by the root of v gives each weight steps of a similar size, whatever the size of its gradients.',
    ),
    'optimizer.AdamW': l10n.t(
      'It first shrinks the weight a little, so that only weights that are needed stay large. m and v are what it remembers of earlier steps: running means of the gradient and of its square. Dividing by the root of v gives each weight steps of a similar size.',
    ),
    'optimizer.RMSprop': l10n.t(
      'v is what it remembers of earlier steps: a running mean of the squared gradient. Dividing by its root gives each weight steps of a similar size, whatever the size of its gradients.',
    ),
    'optimizer.SGD': l10n.t(
      'It takes a share of the gradient, the learning rate, off the weight: against the gradient is downhill.',
    ),
    'optimizer.momentum': l10n.t(
      'u is what it remembers of earlier steps: like a rolling ball the weight keeps a part of its speed, and the gradient pushes it downhill.',
    ),
  };
}

function activations() {
  return {
    'activation.elu': l10n.t('elu keeps a positive sum, and bends a negative one softly.'),
    'activation.gelu': l10n.t('gelu keeps large positive sums, and fades out negative ones.'),
    'activation.leaky_relu': l10n.t(
      'leaky_relu keeps a positive sum, and makes a negative one small.',
    ),
    'activation.linear': l10n.t('The sum is the output.'),
    'activation.log_softmax': l10n.t(
      'log_softmax gives the logarithms of the probabilities that softmax gives.',
    ),
    'activation.relu': l10n.t('relu keeps a positive sum, and makes a negative one 0.'),
    'activation.selu': l10n.t(
      'selu bends negative sums softly, scaled so that spreads stay near 1.',
    ),
    'activation.sigmoid': l10n.t('sigmoid turns the sum into a number from 0 to 1.'),
    'activation.softmax': l10n.t(
      'softmax turns the sums of all units into probabilities: e^z of each, divided by S, the total over all units.',
    ),
    'activation.softplus': l10n.t('softplus is a relu without an edge.'),
    'activation.swish': l10n.t('swish keeps large positive sums, and fades out negative ones.'),
    'activation.tanh': l10n.t('tanh turns the sum into a number from −1 to 1.'),
  };
}
