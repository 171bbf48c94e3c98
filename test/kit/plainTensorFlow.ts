/** Plain TensorFlow.js (JavaScript kernels, no native code), on which the tfjs backend is tested. */
import * as tfModule from '@tensorflow/tfjs';
import type { Backend } from '../../src/core/backends/backend.ts';
import { createTfjsBackend } from '../../src/core/backends/tfjs/tfjsBackend.ts';

// A CommonJS package: its exports are on `default` when Node loads it as a module.
export const tf = 'default' in tfModule ? (tfModule.default as typeof tfModule) : tfModule;

export async function plainTfjsBackend(): Promise<Backend> {
  await tf.setBackend('cpu');
  await tf.ready();
  return createTfjsBackend({ tf, deviceName: `TensorFlow.js ${tf.version_core}, cpu` });
}
