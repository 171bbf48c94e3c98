/** Where a node comes from, for people who look at what was generated. It never changes what is computed. */
export interface Origin {
  /** A layer of the model; null for what belongs to none, or to all. */
  readonly layer: string | null;
  readonly pass: Pass;
}

/** What a step does, in its order. */
export const passes = [
  'data',
  'forward',
  'loss',
  'metrics',
  'inputGradient',
  'weightGradient',
  'update',
] as const;
export type Pass = (typeof passes)[number];
