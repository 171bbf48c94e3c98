/**
 * What a config says of its data without a look at them: enough to check most of a model when the file
 * is missing or a column is misspelt, so that those problems do not hide the others.
 */
import type { DataConfig } from '../../shared/model/data.ts';
import type { TrainConfig } from '../../shared/model/trainConfig.ts';
import type { Shape } from '../../shared/tensor/tensorType.ts';
import type { ModelContext } from './model.ts';

/** A ModelContext of which parts may be unknown (null). */
export interface ExpectedContext {
  readonly inputShape: Shape | null;
  readonly target: ExpectedTarget;
}

export type ExpectedTarget =
  | { readonly kind: 'classes'; readonly classes: number | null }
  | { readonly kind: 'numbers'; readonly width: number };

export function expectedContext(
  config: TrainConfig,
  context: ModelContext | null,
): ExpectedContext {
  if (context !== null) return context;
  return { inputShape: inputShapeOf(config.data), target: targetOf(config) };
}

/** A row is a vector; how long it is stays open while a one-hot feature does not list its categories. */
function inputShapeOf({ features }: DataConfig): Shape | null {
  let columns = 0;
  for (const { encode, categories } of features) {
    const width = encode === 'one_hot' ? categories?.length : 1;
    if (width === undefined) return null;
    columns += width;
  }
  return [columns];
}

function targetOf({ task, data }: TrainConfig): ExpectedTarget {
  if (task === 'regression') return { kind: 'numbers', width: 1 };
  const { class_names, categories } = data.target;
  return { kind: 'classes', classes: (class_names ?? categories)?.length ?? null };
}
