/** What preparing data needs and gives, whatever the format. */
import type { Diagnostic } from '../../shared/diagnostics.ts';
import type { ConfigDocument } from '../../shared/model/configDocument.ts';
import type { TrainConfig } from '../../shared/model/trainConfig.ts';
import type { Whitening } from '../graph/model.ts';
import type { DownloadOptions } from './download.ts';
import type { PreparedData } from './preparedData.ts';

export interface DataProgress {
  readonly message: string;
  /** null while unknown. */
  readonly fraction: number | null;
}

export interface PrepareOptions<Config extends TrainConfig = TrainConfig> {
  readonly config: Config;
  readonly document: ConfigDocument;
  /** A relative `path` is relative to the folder of this file. */
  readonly configFile: string;
  readonly onProgress?: ((progress: DataProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly download?: DownloadOptions;
  /**
   * What to do where `normalize` asks for ZCA whitening: measure it, which takes minutes for large images, or take what
   * was measured before. Without this it is left out: for those who only check or count.
   */
  readonly whitening?: 'measure' | Whitening | undefined;
}

export interface PrepareResult {
  /** Null when there are errors. */
  readonly data: PreparedData | null;
  /** Of the target, where that much is known without `data`. */
  readonly classes: number | null;
  readonly diagnostics: readonly Diagnostic[];
}
