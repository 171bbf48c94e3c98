/** The main thread of a core answers within a step, however long that takes: W3 at batch 512, half a second and more. */
import assert from 'node:assert/strict';
import { askWhileTraining } from '../kit/askWhileTraining.ts';
import { disposeCores, forkRealCore } from '../kit/realCore.ts';

describe('a core whose steps take long', () => {
  afterEach(disposeCores);

  for (const threads of [1, 2]) {
    it(`answers in the middle of a step, with ${threads} threads`, async function () {
      const { answers, stepMilliseconds } = await askWhileTraining(forkRealCore(), {
        batchSize: 512,
        threads,
        times: 3,
      });
      const inTime = answers.filter(({ steps }) => steps === 0);
      const told = answers.map(
        ({ request, milliseconds }) => `${request} ${milliseconds.toFixed(0)}`,
      );
      const text = `${told.join(', ')} ms; a step takes ${stepMilliseconds.toFixed(0)} ms`;
      // A request may come just before the end of a step; to wait for the end would be the rule otherwise.
      assert.ok(inTime.length >= answers.length - 2, text);
      const waits = answers.map(({ milliseconds }) => milliseconds).sort((a, b) => a - b);
      assert.ok(waits[waits.length >> 1]! < stepMilliseconds / 4, text);
      this.test!.title += `: ${text}`;
    }).timeout(120_000);
  }
});
