/** The schemas of newer versions find what is wrong: else a count of them would say nothing. */
import assert from 'node:assert/strict';
import { Contract, hasSpecification } from './contract.ts';
import { newerProblems, withoutNewer } from './newerSchemas.ts';

const apiVersion = '2025-12-01';
const instance = (inner: object, outer: object = {}) => ({
  location: 'eastus',
  ...outer,
  properties: { computeType: 'ComputeInstance', properties: { vmSize: 'x', ...inner } },
});

describe('the contract of newer versions', () => {
  before(function () {
    if (!hasSpecification) this.skip(); // ../shared is not on every machine
  });

  const request = (body: object) => newerProblems({ apiVersion, body, side: 'request' });

  it('takes what the version has', () => {
    assert.deepEqual(request(instance({ idleTimeBeforeShutdown: 'PT30M', enableSSO: true })), []);
  });

  it('refuses what it has not: keys, types, words and kinds', () => {
    const wrong = [
      instance({ idleTimeBeforeShutdown: 30 }),
      instance({ idleTime: 'PT30M' }),
      instance({ applicationSharingPolicy: 'Everybody' }),
      instance({ schedules: { computeStartStop: [{ cron: { hour: 1 } }] } }),
      instance({}, { owner: 'me' }),
      { properties: { computeType: 'Batch' } },
      { properties: {} },
    ];
    for (const body of wrong) assert.notDeepEqual(request(body), [], JSON.stringify(body));
    assert.match(
      newerProblems({ apiVersion: '2099-01-01', body: {}, side: 'request' })[0]!,
      /no sch/,
    );
  });

  it('looks at answers too, where more is allowed but not another type', () => {
    const envelope = { id: 'i', name: 'n', type: 't' };
    const answer = (body: object) => newerProblems({ apiVersion, body, side: 'answer' });
    assert.deepEqual(answer(instance({ state: 'Running' }, envelope)), []);
    assert.notDeepEqual(answer(instance({ enableSSO: 'yes' }, envelope)), []);
    assert.notDeepEqual(answer(instance({})), []);
  });

  it('leaves out what has come since, for the rest of the check', () => {
    const body = instance({ enableSSO: true, idleTimeBeforeShutdown: 'PT1H' });
    assert.deepEqual(withoutNewer(apiVersion, body), instance({}));
  });

  it('counts a violation, and Batch as unspecified', async () => {
    const contract = new Contract();
    const at = `/subscriptions/s/resourceGroups/r/providers/Microsoft.MachineLearningServices/workspaces/w/computes/c`;
    const exchange = { method: 'PUT', requestHeaders: {}, isFault: false };
    const body = { properties: { computeType: 'Batch' } };
    const answer = { status: 200, headers: {}, body };
    await contract.check({
      ...exchange,
      url: `${at}?api-version=2024-04-01`,
      requestBody: body,
      answer,
    });
    assert.deepEqual([contract.counts.unspecified, contract.counts.checked], [1, 0]);
  });
});
