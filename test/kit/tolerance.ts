/** How far a float32 backend may be from the float64 reference, by family of op. */
export type ToleranceFamily = keyof typeof tolerances;

export interface Tolerance {
  readonly relative: number;
  readonly absolute: number;
}

export const tolerances = {
  /** One correctly rounded operation, moves, integers: every bit, the sign of zero included. */
  exact: { relative: 0, absolute: 0 },
  /** A few correctly rounded operations. */
  rounded: { relative: 4e-7, absolute: 1e-37 },
  /** Polynomial approximations, a few units in the last place. */
  transcendental: { relative: 2e-6, absolute: 2e-7 },
  /** Short sums of numbers around 1. */
  sum: { relative: 3e-6, absolute: 3e-6 },
  /** Whole layers and their gradients. */
  composite: { relative: 2e-5, absolute: 1e-5 },
  /** A dozen training steps, which let float32 drift, the smallest values most. */
  training: { relative: 1e-4, absolute: 2e-5 },
} satisfies Record<string, Tolerance>;

/** Central differences in float64 with step `finiteDifferenceStep`, values around 1. */
export const finiteDifference: Tolerance = { relative: 1e-6, absolute: 1e-8 };
export const finiteDifferenceStep = 1e-5;
