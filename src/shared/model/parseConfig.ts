/** From the text of a config file to a checked config, or to all that is wrong with it. Never throws. */
import type { Diagnostic } from '../diagnostics.ts';
import type { ConfigDocument } from './configDocument.ts';
import type { TrainConfig } from './trainConfig.ts';

export interface ParsedConfigFile {
  /** Null when there are errors. */
  readonly config: TrainConfig | null;
  readonly diagnostics: readonly Diagnostic[];
  readonly document: ConfigDocument;
}

export declare function parseConfig(text: string, file: string): ParsedConfigFile;
