/** Lists that are read page by page, and what becomes of a read while somebody asks for a fresh one. */
import assert from 'node:assert/strict';
import { PagedList } from '../../../src/azure/pagedList.ts';
import type { Page } from '../../../src/azure/pagedList.ts';

describe('a list of pages', () => {
  it('gives what is there after a reset to those who asked before it', async () => {
    const answers: ((page: Page<string>) => void)[] = [];
    const list = new PagedList<string>(() => new Promise((resolve) => answers.push(resolve)));
    const before = list.first();
    list.reset();
    const after = list.first();
    answers[0]?.({ items: ['old'], next: undefined });
    answers[1]?.({ items: ['new'], next: undefined });
    assert.deepEqual(await after, ['new']);
    assert.deepEqual(await before, ['new']);
    assert.equal(answers.length, 2);
  });

  it('passes by empty pages that have a next one', async () => {
    const pages: Readonly<Record<string, Page<number>>> = {
      first: { items: [], next: 'second' },
      second: { items: [1, 2], next: 'third' },
      third: { items: [3], next: undefined },
    };
    const list = new PagedList((address = 'first') => Promise.resolve(pages[address]!));
    assert.deepEqual(await list.first(), [1, 2]);
    assert.equal(list.hasMore, true);
    await list.more();
    assert.deepEqual(list.items, [1, 2, 3]);
    assert.equal(list.hasMore, false);
  });
});
