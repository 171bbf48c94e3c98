/**
 * Takes for each dispatch the fastest of its variants (codegen/wgsl/variants.ts) on this device, by a short measurement
 * before the program's memory has its values. A variant that leaves other bits than the first one is never taken. What
 * was found is kept by adapter, driver and shape.
 */
import { invariant } from '../../../shared/errors.ts';
import type { Dispatch, LoopPlan, VariantChoice, WgslPlan } from '../../codegen/wgsl/plan.ts';
import type { Measurements } from '../measurements.ts';
import type { Pipelines } from './pipelines.ts';
import type { VariantBench } from './variantBench.ts';

export interface PickContext {
  readonly pipelines: Pipelines;
  readonly bench: VariantBench;
  readonly measurements: Measurements;
  /** Adapter and driver. */
  readonly device: string;
  /** Milliseconds for all measurements of a program; what is left over then keeps its first variant. */
  readonly budget?: number;
}

const defaultBudget = 2000;
/** Gains below this are noise. */
const leastGain = 1.03;

/** The same plan with the code that was picked. */
export async function pickVariants(plan: WgslPlan, context: PickContext): Promise<WgslPlan> {
  const end = performance.now() + (context.budget ?? defaultBudget);
  const found = new Map<string, string>();
  const nameFor = async ({ choice }: Dispatch): Promise<string | undefined> => {
    if (choice === undefined) return undefined;
    const key = `${context.device} | ${choice.shape}`;
    const known = context.measurements.get(key) ?? found.get(key);
    if (choice.variants.some(({ name }) => name === known)) return known;
    if (performance.now() > end) return undefined;
    const name = await fastest(choice, context);
    found.set(key, name);
    return name;
  };
  const loops: LoopPlan[] = [];
  for (const loop of plan.loops) {
    const dispatches: Dispatch[] = [];
    for (const d of loop.dispatches) dispatches.push(withVariant(d, await nameFor(d)));
    loops.push({ ...loop, dispatches });
  }
  context.measurements.add(found);
  return { ...plan, loops };
}

function withVariant(dispatch: Dispatch, name: string | undefined): Dispatch {
  const variant = dispatch.choice?.variants.find((v) => v.name === name);
  if (variant === undefined) return dispatch;
  const { code, workgroups } = variant;
  return { ...dispatch, name: `${dispatch.name} by ${variant.name}`, code, workgroups };
}

async function fastest(
  { variants, writes }: VariantChoice,
  { pipelines, bench }: PickContext,
): Promise<string> {
  const compiled = await Promise.all(
    variants.map(async (variant) => ({
      ...(await pipelines.compile(variant)),
      name: variant.name,
    })),
  );
  const [first, ...others] = compiled;
  invariant(first !== undefined, 'a choice has variants');
  const expected = await bench.results(first, writes);
  let best = { name: first.name, time: await bench.milliseconds(first) };
  for (const other of others) {
    if (!isEqual(await bench.results(other, writes), expected)) continue;
    const time = await bench.milliseconds(other);
    if (time * leastGain < best.time) best = { name: other.name, time };
  }
  return best.name;
}

function isEqual(a: Uint32Array, b: Uint32Array): boolean {
  return a.length === b.length && a.every((word, i) => word === b[i]);
}
