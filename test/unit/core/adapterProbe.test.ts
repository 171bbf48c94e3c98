/** Adapters are asked for in a process of their own, which may crash. */
import assert from 'node:assert/strict';
import { inOrder, pickAdapter } from '../../../src/core/backends/webgpu/adapters.ts';
import { probeAdapters } from '../../../src/core/backends/webgpu/probe.ts';
import { isError } from '../../../src/shared/errors.ts';
import { adapter } from '../../kit/adapters.ts';

describe('the probe of adapters', function () {
  this.timeout(30_000);

  it('tells what a driver says, apart from what is printed besides', async () => {
    const facts = { ...adapter('Fast'), features: ['subgroups', 'shader-f16'] };
    const said = `console.log('warning: driver');console.log('');process.stdout.write(${JSON.stringify(JSON.stringify([facts]))})`;
    assert.deepEqual(await probeAdapters(said), [facts]);
  });

  it('survives a driver that crashes, and says so', async () => {
    const crash = probeAdapters("process.kill(process.pid, 'SIGSEGV'); setInterval(() => 0, 1000)");
    await assert.rejects(crash, (error) => {
      assert.ok(isError(error, 'device.unavailable'));
      return /crashed .*SIGSEGV/.test(String(error));
    });
  });

  it('gives the reason of a library that does not load', async () => {
    const failing = probeAdapters(
      "process.stderr.write('libvulkan.so.1: not found'); process.exit(1)",
    );
    await assert.rejects(failing, /WebGPU does not load here: libvulkan\.so\.1: not found/);
  });

  it('has each adapter once, the fastest first and those in software last', () => {
    const found = [adapter('soft', true), adapter('fast'), adapter('small'), adapter('fast')];
    assert.deepEqual(
      inOrder(found).map(({ name }) => name),
      ['fast', 'small', 'soft'],
    );
  });

  it('takes the adapter that is named, and lists those there are where none is', () => {
    const found = [adapter('NVIDIA H200'), adapter('Intel Arc')];
    assert.equal(pickAdapter(found, 'arc').name, 'Intel Arc');
    assert.equal(pickAdapter(found, '').name, 'NVIDIA H200');
    assert.throws(() => pickAdapter(found, 'radeon'), /"radeon"; there is: NVIDIA H200, Intel Arc/);
    assert.throws(() => pickAdapter([], ''), /finds no GPU/);
  });
});
