/** What is said of the GPUs of a machine, and what `device: auto` measures besides the CPU. */
import assert from 'node:assert/strict';
import {
  type CandidateSources,
  describeAdapter,
  gpuCandidates,
} from '../../../src/core/gpuDevices.ts';
import type { AdapterFacts } from '../../../src/core/backends/webgpu/adapters.ts';
import type { DeviceInfo } from '../../../src/shared/protocol/core.ts';
import { adapter } from '../../kit/adapters.ts';

function cuda(usable: boolean): DeviceInfo {
  return { device: 'cuda', backend: 'tfjs', name: 'TensorFlow.js', usable, reason: 'because' };
}

function sources(
  adapters: readonly AdapterFacts[],
  found: DeviceInfo | null = null,
): CandidateSources {
  return { adapters: () => Promise.resolve(adapters), cuda: () => Promise.resolve(found) };
}

const webgpu = { device: 'webgpu', name: 'Fast' };
const tensorFlow = { device: 'cuda', name: 'TensorFlow.js' };

describe('candidates for device auto', () => {
  before(() => delete process.env['TRAINBENCH_ADAPTER']);

  it('are the GPU, and CUDA where it is installed and usable', async () => {
    const one = await gpuCandidates(sources([adapter('Fast')]));
    assert.deepEqual(one.candidates, [webgpu]);
    const both = await gpuCandidates(sources([adapter('Fast')], cuda(true)));
    assert.deepEqual(both.candidates, [webgpu, tensorFlow]);
    const unusable = await gpuCandidates(sources([adapter('Fast')], cuda(false)));
    assert.deepEqual(unusable.candidates, [webgpu]);
  });

  it('are CUDA alone where WebGPU has only a GPU in software, or fails', async () => {
    const software = await gpuCandidates(sources([adapter('Soft', true)], cuda(true)));
    assert.deepEqual(software.candidates, [tensorFlow]);
    const adapters = () => Promise.reject(new Error('no driver'));
    const failing = await gpuCandidates({ ...sources([], cuda(true)), adapters });
    assert.deepEqual(failing.candidates, [tensorFlow]);
  });

  it('are none, with the reason, where there is none of either', async () => {
    const none = await gpuCandidates(sources([adapter('Soft', true)]));
    assert.deepEqual(none.candidates, []);
    assert.match(none.reason, /one in software/);
    const broken = () => Promise.reject(new Error('no'));
    const failing = await gpuCandidates({ ...sources([]), cuda: broken });
    assert.deepEqual(failing.candidates, []);
    assert.match(failing.reason, /finds no GPU/);
  });
});

describe('an adapter in the list of devices', () => {
  before(() => delete process.env['TRAINBENCH_ADAPTER']);

  it('is told with its limits, and with the features that training uses', () => {
    const features = [
      'chromium-experimental-subgroup-matrix',
      'shader-f16',
      'subgroups',
      'texture-compression-bc',
    ];
    const facts = { ...adapter('Fast'), features };
    assert.equal(
      describeAdapter(facts, [facts]),
      'driver 1.0; buffers of 1024 MiB, 8 x 128 MiB for a shader, workgroups of 256 with 16 KiB; ' +
        'chromium-experimental-subgroup-matrix, shader-f16, subgroups',
    );
  });

  it('says that it is in software, and which one the setting has chosen', () => {
    const all = [adapter('Fast'), adapter('Soft', true)];
    assert.match(describeAdapter(all[1]!, all), /^a GPU in software, slower than cpu; /);
    process.env['TRAINBENCH_ADAPTER'] = 'soft';
    try {
      const [fast = '', soft = ''] = all.map((facts) => describeAdapter(facts, all));
      assert.match(soft, /^chosen by the setting; a GPU in software/);
      assert.doesNotMatch(fast, /chosen/);
    } finally {
      delete process.env['TRAINBENCH_ADAPTER'];
    }
  });
});
