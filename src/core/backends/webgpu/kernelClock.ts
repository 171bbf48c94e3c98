/** Times the kernels of timed loops by the device's own clock: one pass for each dispatch of an iteration. */
import { AppError } from '../../../shared/errors.ts';
import { say } from '../../../shared/language.ts';
import type { LoopPlan } from '../../codegen/wgsl/plan.ts';
import type { LoopTimes } from '../backend.ts';
import type { WebgpuDevice } from './device.ts';
import { type Pipeline, dispatch } from './pipelines.ts';

/** WebGPU allows so many in a set: two for a dispatch. */
const mostQueries = 4096;
const bytesPerQuery = 8;

interface Taken {
  iterations: number;
  milliseconds: number[];
}

export class KernelClock {
  readonly #owner: WebgpuDevice;
  readonly #queries: GPUQuerySet;
  readonly #resolved: GPUBuffer;
  readonly #staging: GPUBuffer;
  /** By loop, since they were last asked for. */
  readonly #taken = new Map<string, Taken>();
  readonly #plans = new Map<string, LoopPlan>();

  /** @throws AppError `backend.unsupported` */
  constructor(owner: WebgpuDevice) {
    const { device } = owner;
    if (!device.features.has('timestamp-query')) {
      throw new AppError(
        'backend.unsupported',
        say(
          'This GPU has no clock for its kernels (timestamp queries); profile with device "cpu".',
        ),
      );
    }
    this.#owner = owner;
    this.#queries = device.createQuerySet({ type: 'timestamp', count: mostQueries });
    const size = bytesPerQuery * mostQueries;
    const usage = GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC;
    this.#resolved = device.createBuffer({ size, usage });
    this.#staging = device.createBuffer({
      size,
      usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
    });
  }

  /** One iteration, whose number has been written. */
  async time(
    plan: LoopPlan,
    pipelines: readonly Pipeline[],
    bindings: GPUBindGroup,
  ): Promise<void> {
    this.#plans.set(plan.name, plan);
    const each = mostQueries / 2;
    const times: number[] = [];
    for (let first = 0; first < pipelines.length; first += each) {
      times.push(...(await this.#timeSome(pipelines.slice(first, first + each), bindings)));
    }
    const taken = this.#taken.get(plan.name) ?? { iterations: 0, milliseconds: times.map(() => 0) };
    taken.iterations++;
    taken.milliseconds = taken.milliseconds.map((sum, i) => sum + times[i]!);
    this.#taken.set(plan.name, taken);
  }

  /** One kernel for each dispatch. */
  take(name: string): LoopTimes {
    const { iterations = 0, milliseconds = [] } = this.#taken.get(name) ?? {};
    this.#taken.delete(name);
    const kernels = (this.#plans.get(name)?.dispatches ?? []).flatMap(
      ({ kernels: [info] = [] }, i) =>
        info === undefined ? [] : { ...info, milliseconds: milliseconds[i] ?? 0 },
    );
    return { iterations, threads: 1, kernels };
  }

  destroy(): void {
    this.#queries.destroy();
    this.#resolved.destroy();
    this.#staging.destroy();
  }

  async #timeSome(pipelines: readonly Pipeline[], bindings: GPUBindGroup): Promise<number[]> {
    const { device } = this.#owner;
    const encoder = device.createCommandEncoder();
    pipelines.forEach(({ pipeline, workgroups }, i) => {
      const pass = encoder.beginComputePass({
        timestampWrites: {
          querySet: this.#queries,
          beginningOfPassWriteIndex: 2 * i,
          endOfPassWriteIndex: 2 * i + 1,
        },
      });
      pass.setBindGroup(0, bindings, [0]);
      pass.setPipeline(pipeline);
      dispatch(pass, workgroups);
      pass.end();
    });
    const size = bytesPerQuery * 2 * pipelines.length;
    encoder.resolveQuerySet(this.#queries, 0, 2 * pipelines.length, this.#resolved, 0);
    encoder.copyBufferToBuffer(this.#resolved, 0, this.#staging, 0, size);
    device.queue.submit([encoder.finish()]);
    const nanoseconds = new BigUint64Array(await this.#owner.contents(this.#staging, size));
    // A clock may be set back between two looks at it.
    return pipelines.map((_, i) => {
      return Math.max(0, Number(nanoseconds[2 * i + 1]! - nanoseconds[2 * i]!) / 1e6);
    });
  }
}
