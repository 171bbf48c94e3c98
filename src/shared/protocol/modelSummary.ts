/** A model as a table: its layers with the shapes of their outputs, and its parameters. */

export interface LayerSummary {
  readonly name: string;
  readonly type: string;
  /** `batch` stands for the leading axis, which is left out here. */
  readonly outputShape: readonly number[];
  readonly parameters: number;
}

export interface ModelSummary {
  readonly layers: readonly LayerSummary[];
  readonly parameters: number;
  readonly trainableParameters: number;
  /** The same as a table for people. */
  readonly text: string;
}
