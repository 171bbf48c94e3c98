/** A compiled program on a device: records the dispatches of many iterations into one command buffer. */
import type { MemoryUse } from '../../../shared/kernelInfo.ts';
import { AppError } from '../../../shared/errors.ts';
import { elementCount } from '../../../shared/tensor/tensorType.ts';
import type { LoopPlan, Placement, WgslPlan } from '../../codegen/wgsl/plan.ts';
import type { Executable, LoopTimes } from '../backend.ts';
import type { Measurements } from '../measurements.ts';
import { DeviceMemory } from './deviceMemory.ts';
import type { WebgpuDevice } from './device.ts';
import { pickVariants } from './pickVariants.ts';
import { type Pipeline, Pipelines, dispatch } from './pipelines.ts';
import { KernelClock } from './kernelClock.ts';
import { RunLength } from './runLength.ts';
import { VariantBench } from './variantBench.ts';

/** Iterations of one command buffer. */
const slots = 128;
/** Every device aligns the offsets of uniforms to this or less. */
const slotBytes = 256;
/** Command buffers on their way before the host waits. */
const submitsAhead = 16;

interface CompiledLoop {
  readonly plan: LoopPlan;
  readonly pipelines: readonly Pipeline[];
  /** Of a loop whose dispatch runs many iterations. */
  readonly length: RunLength | null;
}

/** From iteration `first` to below `end`. */
interface Run {
  readonly first: number;
  readonly end: number;
}

export interface Tuning {
  readonly measurements: Measurements;
  /** Adapter and driver: what measurements hold for. */
  readonly device: string;
}

/**
 * `tuning` null takes what the shapes alone suggest; `timed` times every kernel.
 * @throws AppError `device.outOfMemory`, `device.lost`; `backend.unsupported` where the device has no clock.
 */
export async function createExecutable(
  owner: WebgpuDevice,
  generated: WgslPlan,
  tuning: Tuning | null,
  timed = false,
): Promise<Executable> {
  const { device } = owner;
  const clock = timed ? new KernelClock(owner) : null;
  const memory = await DeviceMemory.create(owner, generated);
  const iterations = device.createBuffer({
    size: slots * slotBytes,
    usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
  });
  const pipelines = new Pipelines(device, generated.segments.length);
  const bindings = device.createBindGroup({
    layout: pipelines.bindings,
    entries: [
      { binding: 0, resource: { buffer: iterations, size: 8 } },
      ...memory.segments.map((buffer, i) => ({ binding: i + 1, resource: { buffer } })),
    ],
  });
  const bench = new VariantBench(owner, { segments: memory.segments, bindings });
  const plan =
    tuning === null ? generated : await pickVariants(generated, { pipelines, bench, ...tuning });
  bench.clear();
  memory.writeConstants(plan);
  const loops = await Promise.all(
    plan.loops.map(async (loop): Promise<[string, CompiledLoop]> => {
      const compiled = await Promise.all(loop.dispatches.map((d) => pipelines.compile(d)));
      const length = loop.fused ? new RunLength() : null;
      return [loop.name, { plan: loop, pipelines: compiled, length }];
    }),
  );
  const resources = { memory, iterations, bindings, loops: new Map(loops), clock };
  return new WebgpuExecutable(owner, plan, resources);
}

interface Resources {
  readonly memory: DeviceMemory;
  /** A slot for each iteration of a command buffer: which it is. */
  readonly iterations: GPUBuffer;
  readonly bindings: GPUBindGroup;
  readonly loops: ReadonlyMap<string, CompiledLoop>;
  /** Of a timed program. */
  readonly clock: KernelClock | null;
}

class WebgpuExecutable implements Executable {
  readonly takeTimes?: (loop: string) => LoopTimes;
  private readonly owner: WebgpuDevice;
  private readonly plan: WgslPlan;
  private readonly resources: Resources;

  constructor(owner: WebgpuDevice, plan: WgslPlan, resources: Resources) {
    this.owner = owner;
    this.plan = plan;
    this.resources = resources;
    const { clock } = resources;
    if (clock !== null) this.takeTimes = (name) => clock.take(name);
  }

  write(buffer: string, values: Parameters<Executable['write']>[1], offset = 0): void {
    this.owner.check();
    const placement = this.placement(buffer, { offset, count: values.length });
    if (values.length > 0) this.resources.memory.write(placement, values, offset);
  }

  async read(buffer: string, offset = 0, count?: number): ReturnType<Executable['read']> {
    this.owner.check();
    const { type } = this.placement(buffer, { offset, count: 0 });
    const wanted = { offset, count: count ?? elementCount(type.shape) - offset };
    return this.resources.memory.read(this.placement(buffer, wanted), wanted);
  }

  /** What it has submitted is done before any later read: the queue keeps order. */
  async run(name: string, from: number, to: number): Promise<void> {
    this.owner.check();
    const loop = this.resources.loops.get(name);
    if (loop === undefined) fail(`no loop "${name}"`);
    if (from < 0 || to > loop.plan.count) fail(`iterations ${from} to ${to} of loop "${name}"`);
    const { clock } = this.resources;
    if (clock !== null) return this.runTimed(clock, loop, { from, to });
    if (loop.length !== null) return this.runFused(loop, loop.length, { from, to });
    const runs = Array.from({ length: to - from }, (_, i) => ({
      first: from + i,
      end: from + i + 1,
    }));
    for (let i = 0; i < runs.length; i += slots) {
      this.submit(loop, runs.slice(i, i + slots));
      const isFar = (i / slots) % submitsAhead === submitsAhead - 1;
      if (isFar) await this.owner.attended(this.owner.device.queue.onSubmittedWorkDone());
      this.owner.check();
    }
  }

  get memory(): MemoryUse {
    return this.plan.memory;
  }

  describe(): string {
    const bytes = this.plan.segments.reduce((sum, words) => sum + 4 * words, 0);
    const loops = this.plan.loops.map(({ name, count, dispatches, fused }) => {
      const lines = dispatches.map((d) => `  ${d.workgroups} x ${d.name}`);
      return [`loop ${name} x ${count}${fused ? ', one dispatch for all' : ''}`, ...lines].join(
        '\n',
      );
    });
    const shaders = this.plan.loops.flatMap(({ dispatches }) => dispatches.map(({ code }) => code));
    return [`webgpu, ${bytes} bytes`, ...loops, ...shaders].join('\n');
  }

  destroy(): void {
    this.resources.clock?.destroy();
    this.resources.memory.destroy();
    this.resources.iterations.destroy();
  }

  private placement(buffer: string, range: { offset: number; count: number }): Placement {
    const placement = this.plan.buffers.get(buffer);
    if (placement === undefined) fail(`no buffer "${buffer}"`);
    const { offset, count } = range;
    const size = elementCount(placement.type.shape);
    if (offset < 0 || count < 0 || offset + count > size) {
      fail(`elements ${offset} to ${offset + count} of buffer "${buffer}"`);
    }
    return placement;
  }

  /** Iteration by iteration: every dispatch has a pass of its own, with a look at the clock before and after. */
  private async runTimed(clock: KernelClock, loop: CompiledLoop, range: TimedRange): Promise<void> {
    const { iterations, bindings } = this.resources;
    for (let i = range.from; i < range.to; i++) {
      this.owner.device.queue.writeBuffer(iterations, 0, Int32Array.of(i, i + 1));
      await clock.time(loop.plan, loop.pipelines, bindings);
    }
  }

  /** In dispatches of bounded length, which is learned by waiting for the first ones. */
  private async runFused(loop: CompiledLoop, length: RunLength, { from, to }: TimedRange) {
    const { queue } = this.owner.device;
    for (let first = from; first < to;) {
      const end = Math.min(to, first + length.iterations);
      const isTold = length.isTold(end - first);
      if (isTold) await this.owner.attended(queue.onSubmittedWorkDone());
      const begun = performance.now();
      this.submit(loop, [{ first, end }]);
      if (isTold) {
        await this.owner.attended(queue.onSubmittedWorkDone());
        length.measured(end - first, performance.now() - begun);
      }
      this.owner.check();
      first = end;
    }
  }

  private submit({ pipelines }: CompiledLoop, runs: readonly Run[]): void {
    const { device } = this.owner;
    const { iterations, bindings } = this.resources;
    const numbers = new Int32Array((runs.length * slotBytes) / 4);
    runs.forEach(({ first, end }, slot) => numbers.set([first, end], (slot * slotBytes) / 4));
    device.queue.writeBuffer(iterations, 0, numbers);
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    for (let slot = 0; slot < runs.length; slot++) {
      pass.setBindGroup(0, bindings, [slot * slotBytes]);
      for (const { pipeline, workgroups } of pipelines) {
        pass.setPipeline(pipeline);
        dispatch(pass, workgroups);
      }
    }
    pass.end();
    device.queue.submit([encoder.finish()]);
  }
}

interface TimedRange {
  readonly from: number;
  readonly to: number;
}

function fail(what: string): never {
  throw new AppError('internal', `internal: ${what}`);
}
