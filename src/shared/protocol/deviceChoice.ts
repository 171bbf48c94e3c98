/** What `device: auto` took for a run, and why. */
import type { DeviceName } from './deviceName.ts';

export interface DeviceChoice {
  readonly device: Exclude<DeviceName, 'auto'>;
  /** In the language of who began the run. */
  readonly reason: string;
  /** Empty where there was nothing to compare. */
  readonly measured: readonly MeasuredDevice[];
}

export interface MeasuredDevice {
  readonly device: Exclude<DeviceName, 'auto'>;
  readonly name: string;
  /** Of one training step; null where it could not be measured. */
  readonly stepMilliseconds: number | null;
  /** Why not. */
  readonly problem: string | null;
}
