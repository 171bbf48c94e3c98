/** Sizes with what is left of their quota, and what to take where there is none. */
import assert from 'node:assert/strict';
import { nextOffer, purposeOf, sizeOffers } from '../../../src/azure/sizeOffers.ts';

type Row = readonly [name: string, family: string, vCPUs: number, price: number, gpus: number];

const size = ([name, family, vCPUs, price, gpus]: Row) => ({
  name,
  family,
  vCPUs,
  gpus,
  memoryGB: vCPUs * 4,
  supportedComputeTypes: ['AmlCompute'],
  estimatedVMPrices: {
    billingCurrency: 'USD',
    unitOfMeasure: 'OneHour',
    values: [{ retailPrice: price, osType: 'Linux', vmTier: 'Standard' }],
  },
});

const sizes = [
  size(['Big', 'standardDFamily', 16, 1.6, 0]),
  size(['Small', 'standardDFamily', 2, 0.2, 0]),
  size(['Middle', 'standardEFamily', 8, 0.9, 0]),
  size(['Gpu', 'Standard NC Family', 6, 3, 1]),
  size(['BigGpu', 'Standard ND Family', 40, 22, 8]),
];

const usage = (name: string, currentValue: number, limit: number, type = 'usages') => ({
  type: `Microsoft.MachineLearningServices/${type}`,
  currentValue,
  limit,
  name: { value: name },
});

const usages = [
  usage('Standard D Family Cluster Dedicated vCPUs', 20, 24, 'vmFamily/usages'),
  usage('Standard D Family Cluster Dedicated vCPUs', 0, 1, 'workspaces/usages'),
  usage('standardEFamily', 0, -1),
  usage('Standard NC Family', 0, 12),
  usage('Standard ND Family', 0, 0),
];

describe('offers of sizes', () => {
  const offers = sizeOffers(sizes, usages, { computeType: 'AmlCompute', tier: 'Standard' });

  it('come cheapest first with the quota that is left', () => {
    assert.deepEqual(
      offers.map(({ coresLeft, left, name }) => [name, coresLeft, left]),
      [
        ['Small', 4, 2],
        ['Middle', Infinity, Infinity],
        ['Big', 4, 0],
        ['Gpu', 12, 2],
        ['BigGpu', 0, 0],
      ],
    );
  });

  it('leave out what the kind of compute cannot have', () => {
    const wish = { computeType: 'ComputeInstance', tier: 'Standard' } as const;
    assert.deepEqual(sizeOffers(sizes, usages, wish), []);
  });

  it('say what a size is for', () => {
    assert.equal(purposeOf({ gpus: 1, memoryGB: 28, vCPUs: 4 }), 'gpu');
    assert.equal(purposeOf({ gpus: 0, memoryGB: 64, vCPUs: 8 }), 'memory');
    assert.equal(purposeOf({ gpus: 0, memoryGB: 14, vCPUs: 4 }), 'general');
    assert.equal(purposeOf({ gpus: 0, memoryGB: 32, vCPUs: 16 }), 'compute');
  });

  it('name the next size that the quota allows: as large if there is one, of its own sort', () => {
    const next = (name: string, machines = 1) => nextOffer(offers, { size: name, machines })?.name;
    assert.equal(next('Small'), 'Middle');
    assert.equal(next('Big'), 'Middle', 'none is as large');
    assert.equal(next('BigGpu'), 'Gpu', 'no processor in place of a GPU');
    assert.equal(next('BigGpu', 3), undefined, 'not for three machines');
    assert.equal(next('Middle', 3), undefined);
  });
});
