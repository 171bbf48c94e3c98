/**
 * The tfjs backend: programs op by op through TensorFlow.js, on whatever device the given module computes on.
 * Random bits are drawn on the host (README.md beside this file says why), all else stays on the device.
 */
import { simplify } from '../../passes/simplify.ts';
import { unrollScans } from '../../passes/unrollScans.ts';
import type { Backend } from '../backend.ts';
import { TfjsExecutable } from './executable.ts';
import type { TensorFlow } from './tensorFlow.ts';

export interface TfjsOptions {
  /** Loaded, with its backend set. */
  readonly tf: TensorFlow;
  readonly deviceName: string;
}

export function createTfjsBackend({ tf, deviceName }: TfjsOptions): Backend {
  return {
    name: 'tfjs',
    deviceName,
    choices: {},
    threads: 1,
    compile: (program) =>
      new Promise((resolve) => resolve(new TfjsExecutable(tf, unrollScans(simplify(program))))),
    destroy: () => undefined,
  };
}
