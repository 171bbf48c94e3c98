/**
 * What a config says of its data without a look at them: enough to check most of a model when the file
 * is missing or a column is misspelt, so that those problems do not hide the others.
 */
import { isTable, type DataConfig, type TableData } from '../../shared/model/data.ts';
import { undamaged, type IsDamaged } from '../../shared/model/draft.ts';
import type { TrainConfig } from '../../shared/model/trainConfig.ts';
import type { Shape } from '../../shared/tensor/tensorType.ts';
import { createAugmentation, shapeAfter } from '../augment/augmentation.ts';
import type { ModelContext } from './model.ts';

/** A ModelContext of which parts may be unknown (null). */
export interface ExpectedContext {
  readonly inputShape: Shape | null;
  readonly target: ExpectedTarget | null;
}

export type ExpectedTarget =
  | { readonly kind: 'classes'; readonly classes: number | null }
  | { readonly kind: 'numbers'; readonly width: number };

export interface KnownOfData {
  /** Null when the data could not be read: then only what needs no data is checked. */
  readonly context: ModelContext | null;
  /** Known without a context. */
  readonly inputShape?: Shape;
  /** Counted in the data, though these gave no context. */
  readonly classes?: number | null;
  /** Of a draft: nothing is expected of what is damaged. */
  readonly isDamaged?: IsDamaged;
}

export function expectedContext(config: TrainConfig, known: KnownOfData): ExpectedContext {
  const { context, classes = null, isDamaged = undamaged } = known;
  if (context !== null) return context;
  const unknown = isDamaged(['data', 'features']) || isDamaged(['data', 'augmentation']);
  const inputShape = known.inputShape ?? (unknown ? null : inputShapeOf(config.data));
  if (isDamaged(['task'])) return { inputShape, target: null };
  const counted = isDamaged(['data', 'target']) ? null : statedClasses(config.data);
  return { inputShape, target: targetOf(config, classes ?? counted) };
}

function inputShapeOf(data: DataConfig): Shape | null {
  if (isTable(data)) return rowShape(data);
  const stored = storedShape(data);
  return stored === null ? null : shapeAfter(createAugmentation(data.augmentation, stored), stored);
}

/** Of images before their augmentation. */
function storedShape(data: Exclude<DataConfig, TableData>): Shape | null {
  if (data.format === 'cifar10' || data.format === 'cifar100') return [32, 32, 3];
  if (data.format !== 'images' || data.image_size === null) return null;
  return [...data.image_size, data.color_mode === 'rgb' ? 3 : 1];
}

/** A row is a vector; how long it is stays open while a one-hot feature does not list its categories. */
function rowShape({ features }: TableData): Shape | null {
  let columns = 0;
  for (const { encode, categories } of features) {
    const width = encode === 'one_hot' ? categories?.length : 1;
    if (width === undefined) return null;
    columns += width;
  }
  return [columns];
}

function statedClasses(data: DataConfig): number | null {
  if (isTable(data)) {
    const { class_names, categories } = data.target;
    return (class_names ?? categories)?.length ?? null;
  }
  if (data.format === 'cifar10') return 10;
  if (data.format === 'cifar100') return data.labels === 'fine' ? 100 : 20;
  return data.class_names?.length ?? null;
}

function targetOf({ task }: TrainConfig, classes: number | null): ExpectedTarget {
  return task === 'regression' ? { kind: 'numbers', width: 1 } : { kind: 'classes', classes };
}
