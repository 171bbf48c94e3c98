/** A trained model as the generators of code see it: plain data, with every number that a prediction needs. */
import type { InputRow } from '../../shared/protocol/core.ts';
import type { Shape } from '../../shared/tensor/tensorType.ts';
import type { Preprocessing, TablePreprocessing } from '../data/preprocessing.ts';
import type { ForwardGraph } from '../graph/forwardGraph.ts';

/**
 * What the outputs mean: numbers; probabilities of the classes or scores that softmax makes such; of two classes
 * with one output the probability of the second, or its logit.
 */
export type OutputKind = 'numbers' | 'probabilities' | 'scores' | 'probability' | 'logit';

export interface ModelCode {
  /** Of the run. */
  readonly name: string;
  readonly graph: ForwardGraph;
  readonly inputShape: Shape;
  readonly preprocessing: Preprocessing;
  readonly output: OutputKind;
  readonly example: InputRow;
  /** Name of the file with the weights (safetensors), which lies beside the script. */
  readonly weightsFile: string;
  /** Name of the script itself. */
  readonly scriptFile: string;
}

/** As a word of a command line. */
export function shellWord(file: string): string {
  return /^[\w.-]+$/.test(file) ? file : JSON.stringify(file);
}

/** What both languages hold as a table: how each feature becomes numbers. */
export function featureTable({ features }: TablePreprocessing): readonly object[] {
  return features.map((feature) => {
    const { name, fill } = feature;
    const categories = feature.kind === 'number' ? {} : { categories: feature.categories };
    const affine = feature.kind === 'one_hot' ? {} : feature.affine;
    return { name, kind: feature.kind, ...categories, ...affine, fill };
  });
}

/** Null for numbers. */
export function classNames({ preprocessing }: ModelCode): readonly string[] | null {
  const { target } = preprocessing;
  return target.kind === 'classes' ? target.names : null;
}

/** Lines of a list, one item a line. */
export function literalLines(items: readonly unknown[], print: (item: unknown) => string): string {
  return items.map((item) => `  ${print(item)},`).join('\n');
}

/** A helper of a script, by the name under which its lines call it. */
export type Runtime = Readonly<Record<string, string>>;

/** Those that `code` calls, and those that they call in turn, in the order of the runtime. */
export function calledHelpers(code: string, runtime: Runtime): string[] {
  const wanted = new Set<string>();
  const find = (text: string): void => {
    for (const [name, source] of Object.entries(runtime)) {
      if (wanted.has(name) || !new RegExp(`(?<![.\\w])${name}[(,]`).test(text)) continue;
      wanted.add(name);
      find(source);
    }
  };
  find(code);
  return Object.entries(runtime).flatMap(([name, source]) => (wanted.has(name) ? [source] : []));
}
