import assert from 'node:assert/strict';
import { assertClose } from '../../kit/close.ts';
import { pythonHas, runPython } from '../../kit/python.ts';
import { torchModel, torchModelScript } from '../../kit/torchModel.ts';

describe('the stored PyTorch values', () => {
  it('are what PyTorch here gives (needs torch in /usr/bin/python3)', function () {
    this.timeout(120_000);
    if (!pythonHas('torch')) this.skip();
    const now: unknown = JSON.parse(runPython(torchModelScript));
    const [stored, live] = [numbers(torchModel), numbers(now)];
    // Another PyTorch may sum in another order; the float32 initial weights are compared elsewhere.
    assertClose(live, stored, { relative: 1e-9 });
    assert.deepEqual((now as typeof torchModel).initialWeights, torchModel.initialWeights);
  });
});

function numbers(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbers) : [];
}
