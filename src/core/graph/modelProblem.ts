import type { ConfigPath } from '../../shared/model/configPath.ts';
import type { Problem } from '../../shared/model/configDocument.ts';

/** What does not fit in a model, and where in the config it is written. */
export interface ModelProblem extends Problem {
  readonly path: ConfigPath;
}
