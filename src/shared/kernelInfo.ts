/** What a backend tells of the kernels that it made of a loop, and whose nodes they compute. */

/** What a step does, in its order; `metrics` are sums that training shows. */
export type Pass =
  'data' | 'forward' | 'loss' | 'metrics' | 'inputGradient' | 'weightGradient' | 'update';

/** Where a node comes from, for people who look at what was generated. It never changes what is computed. */
export interface Origin {
  /** A layer of the model; null for what belongs to none, or to all. */
  readonly layer: string | null;
  readonly pass: Pass;
}

export interface KernelInfo {
  /** What it computes, in order: `conv2d`, `add`, `max`. */
  readonly ops: readonly string[];
  /** Over which elements. */
  readonly shape: readonly number[];
  /** How, where a backend has several ways: `winograd`, `tiled`. */
  readonly form: string | null;
  /** Whose nodes it computes, those with the most operations first. */
  readonly origins: readonly Origin[];
  /**
   * On single numbers, counted from the shapes: 2 for each term of a product, computed in whichever way; 1 for each
   * element of anything else; 0 for moves.
   */
  readonly operations: number;
  /** That have to be moved at least: each tensor it needs read once, each result written once. */
  readonly bytes: number;
}

/** Bytes of a compiled program. Values that live at different times share `working`. */
export interface MemoryUse {
  readonly data: number;
  /** Parameters, moving averages, the optimizer's state, counters. */
  readonly state: number;
  /** Results of steps until they are read. */
  readonly columns: number;
  /** Values of one iteration, and what kernels need beside. */
  readonly working: number;
  /** All of these, with constants and what is lost to alignment. */
  readonly total: number;
}
