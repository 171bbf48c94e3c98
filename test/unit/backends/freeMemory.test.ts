/** How much memory a device has for a program, found out by trying. */
import assert from 'node:assert/strict';
import { FreeMemory } from '../../../src/core/backends/webgpu/freeMemory.ts';

/** A device with so many bytes, and what it was asked for. */
function device(bytes: number) {
  const asked: number[] = [];
  const memory = new FreeMemory((wanted) => {
    asked.push(wanted);
    return Promise.resolve(wanted <= bytes);
  });
  return { memory, asked };
}

const gigabyte = 1e9;

describe('the memory of a GPU', () => {
  it('is not tried for a program that every GPU has room for', async () => {
    const { memory, asked } = device(0);
    assert.ok((await memory.upTo(0.1 * gigabyte)) >= 0.1 * gigabyte);
    assert.deepEqual(asked, []);
  });

  it('is tried once for a program that fits, and for smaller ones then no more', async () => {
    const { memory, asked } = device(8 * gigabyte);
    assert.equal(await memory.upTo(7 * gigabyte), 7 * gigabyte);
    await memory.upTo(5 * gigabyte);
    assert.deepEqual(asked, [7 * gigabyte]);
  });

  it('is told to within a thirtieth of what is missing, and never as more than there is', async () => {
    const { memory, asked } = device(8 * gigabyte);
    const most = await memory.upTo(9.1 * gigabyte);
    assert.ok(most <= 8 * gigabyte && most > 7.6 * gigabyte, `${most}`);
    const tries = asked.length;
    assert.equal(await memory.upTo(20 * gigabyte), most);
    assert.equal(asked.length, tries);
  });
});
