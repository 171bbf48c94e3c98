/** The layers of a config's model without a look at its data, as far as the config says their shape. */
import { inOrder, type Diagnostic } from '../../shared/diagnostics.ts';
import { isTable } from '../../shared/model/data.ts';
import { parseConfig } from '../../shared/model/parseConfig.ts';
import type { ModelSummary } from '../../shared/protocol/core.ts';
import type { Shape } from '../../shared/tensor/tensorType.ts';
import { buildModel } from '../graph/buildModel.ts';

export interface DescribedNetwork {
  /** Null where the shape is not known, or something is wrong. */
  readonly summary: ModelSummary | null;
  readonly diagnostics: readonly Diagnostic[];
  /** Its data would be downloaded. */
  readonly isPublic: boolean;
}

/** @param inputShape of a sample, where it is known from the data. */
export function describeNetwork(text: string, file: string, inputShape?: Shape): DescribedNetwork {
  const { config, document, diagnostics } = parseConfig(text, file);
  if (config === null) return { summary: null, diagnostics, isPublic: false };
  const shape = inputShape === undefined ? {} : { inputShape };
  const built = buildModel({ config, document, context: null, ...shape });
  const { data } = config;
  return {
    summary: built.summary,
    diagnostics: inOrder([...diagnostics, ...built.diagnostics], file),
    isPublic: !isTable(data) && data.path === null,
  };
}
