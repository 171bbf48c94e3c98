/** A GPU device with what can go wrong with it: losing it, running out of memory, invalid use. */
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../../shared/errors.ts';
import { say } from '../../../shared/language.ts';
import type { PlanFeatures } from '../../codegen/wgsl/plan.ts';
import { planFeatures, wantedFeatures } from './deviceFeatures.ts';

/** The most that the adapter has, of what generated code profits from. */
const wantedLimits = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupStorageSize',
] as const;

const longestNewsMilliseconds = 1000;

/** Size of the buffers by which memory is tried. */
const triedBytes = 2 ** 28;

export class WebgpuDevice {
  readonly device: GPUDevice;
  readonly features: PlanFeatures;
  /** What ended it; null while it works. */
  private failure: AppError | null = null;
  private isClosed = false;
  /** To see what a loss does: a device is lost while there is a file of this name (codegen/wgsl/README.md). */
  private readonly lossFile = process.env['TRAINBENCH_LOSE_GPU'];

  private constructor(device: GPUDevice, features: PlanFeatures) {
    this.device = device;
    this.features = features;
    void device.lost.then(({ message }) => {
      if (!this.isClosed) this.fail(lost(message));
    });
    device.addEventListener('uncapturederror', ({ error }) => this.fail(invalid(error)));
  }

  static async open(adapter: GPUAdapter): Promise<WebgpuDevice> {
    // More than the floor of WebGPU where the adapter has it.
    const requiredLimits = Object.fromEntries(
      wantedLimits.map((name) => [name, adapter.limits[name]]),
    );
    const has: ReadonlySet<string> = adapter.features;
    const requiredFeatures = wantedFeatures.filter((name) => has.has(name)) as GPUFeatureName[];
    const device = await adapter.requestDevice({ requiredLimits, requiredFeatures });
    return new WebgpuDevice(device, planFeatures(device.features, adapter.info));
  }

  /** @throws AppError `device.lost` or `internal` once the device has failed. */
  check(): void {
    if (this.lossFile !== undefined && existsSync(this.lossFile)) this.device.destroy();
    if (this.failure !== null) throw this.failure;
  }

  /** What `work` gives. @throws AppError with why the device ended where `work` fails because of it. */
  async attended<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      // The news of a loss may come after the failures that it causes.
      await Promise.race([this.device.lost, sleep(longestNewsMilliseconds)]);
      throw this.failure ?? error;
    } finally {
      this.check();
    }
  }

  /** A copy of the first `size` bytes of a buffer for reading, which a loss of the device takes away at any time. */
  contents(staging: GPUBuffer, size: number): Promise<ArrayBuffer> {
    const take = async (): Promise<ArrayBuffer> => {
      await staging.mapAsync(GPUMapMode.READ, 0, size);
      const bytes = staging.getMappedRange(0, size).slice(0);
      staging.unmap();
      return bytes;
    };
    return this.attended(take());
  }

  /** `made` with what the device says of it. @throws AppError `device.outOfMemory` or `internal` */
  async checked<T>(make: () => T | Promise<T>): Promise<T> {
    this.device.pushErrorScope('validation');
    this.device.pushErrorScope('out-of-memory');
    const made = make();
    const [memory, validation] = [this.device.popErrorScope(), this.device.popErrorScope()];
    const error = (await memory) ?? (await validation);
    if (error !== null) throw invalid(error);
    return made;
  }

  /** Whether buffers of so many bytes in all can be made now; they are gone again when it resolves. */
  async holds(bytes: number): Promise<boolean> {
    const { device } = this;
    const each = Math.min(device.limits.maxBufferSize, triedBytes);
    device.pushErrorScope('out-of-memory');
    const buffers: GPUBuffer[] = [];
    for (let left = bytes; left > 0; left -= each) {
      const size = 4 * Math.ceil(Math.min(left, each) / 4);
      buffers.push(device.createBuffer({ size, usage: GPUBufferUsage.STORAGE }));
    }
    const error = await device.popErrorScope();
    for (const buffer of buffers) buffer.destroy();
    // Memory goes back when the queue has gone on.
    device.queue.submit([]);
    await device.queue.onSubmittedWorkDone();
    return error === null;
  }

  destroy(): void {
    this.isClosed = true;
    this.device.destroy();
  }

  private fail(error: AppError): void {
    this.failure ??= error;
  }
}

function lost(message: string): AppError {
  return new AppError(
    'device.lost',
    say`The GPU was lost (${message.trim()}). The run is kept at its last checkpoint: resume it, on the CPU with device "cpu" if it happens again.`,
  );
}

function invalid(error: GPUError): AppError {
  if (error instanceof GPUOutOfMemoryError) {
    return new AppError(
      'device.outOfMemory',
      say`The GPU has not enough memory left (${error.message}); use a smaller batch, or device "cpu".`,
    );
  }
  return new AppError('internal', `internal: WebGPU: ${error.message}`);
}
