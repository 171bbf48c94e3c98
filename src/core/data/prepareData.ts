/** From a config to tensors, by the kind of its data. What is wrong comes back as diagnostics. */
import type { ConfigDraft } from '../../shared/model/draft.ts';
import { isTableConfig, type ImageConfig } from '../../shared/model/trainConfig.ts';
import { checkTable } from './checkTable.ts';
import { prepareImages } from './images/prepareImages.ts';
import type { PrepareOptions, PrepareResult } from './preparation.ts';
import { prepareTable } from './prepareTable.ts';

/** Throws only the abort reason of `signal`, and for a bug of ours. */
export function prepareData(options: PrepareOptions): Promise<PrepareResult> {
  const { config } = options;
  if (isTableConfig(config)) return prepareTable({ ...options, config });
  return prepareImages({ ...options, config: config as ImageConfig });
}

const nothing: PrepareResult = { data: null, classes: null, diagnostics: [] };

/** What can be told about the data of a config that has errors. Throws as prepareData does. */
export async function checkData(
  { config, isDamaged }: ConfigDraft,
  options: Omit<PrepareOptions, 'config'>,
): Promise<PrepareResult> {
  if (isTableConfig(config)) return checkTable({ config, isDamaged }, options);
  if (isDamaged(['data'])) return nothing;
  const predict = isDamaged(['predict']) ? [] : config.predict;
  return prepareData({ ...options, config: { ...config, predict } });
}
