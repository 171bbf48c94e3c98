/** Plans whose dispatches take a variant of a test's choice. */
import type { WgslPlan } from '../../src/core/codegen/wgsl/plan.ts';

/** The variant of this index for every dispatch, from the first on again where there are fewer. */
export function withVariant(plan: WgslPlan, index: number): WgslPlan {
  const loops = plan.loops.map((loop) => ({
    ...loop,
    dispatches: loop.dispatches.map((d) => {
      const variants = d.choice?.variants ?? [];
      return variants.length === 0 ? d : { ...d, ...variants[index % variants.length]! };
    }),
  }));
  return { ...plan, loops };
}
