/** The client against the rig: paging, waiting, signing in again, and addresses that lead elsewhere. */
import assert from 'node:assert/strict';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { GetTokenOptions } from '@azure/core-auth';
import { publicCloud } from '../../src/azure/clouds.ts';
import { AzureConnection } from '../../src/azure/connection.ts';
import { fakeCredential, fakeToken, keepTokens } from '../../src/azure/credentials.ts';
import { computesOf, listNodes, readCompute } from '../../src/azure/computes.ts';
import { explained } from '../../src/azure/explain.ts';
import { listSubscriptions, listTenants } from '../../src/azure/subscriptions.ts';
import { findSize, hourPrice, listUsages, VmSizes } from '../../src/azure/vmSizes.ts';
import type { Wait } from '../../src/azure/retry.ts';
import { workspacesOf } from '../../src/azure/workspaces.ts';
import { claimsChallenge, forbidden, throttled } from '../../src/azureRig/faults.ts';
import { addMany, demoWorld } from '../../src/azureRig/demoWorld.ts';
import { penguins, useRig } from './rigKit.ts';

const attempt = { what: 'penguins', role: 'Reader' } as const;

describe('the connection to Azure', () => {
  const test = useRig();

  it('lists tenants, subscriptions, workspaces and computes', async () => {
    const connection = test.connect();
    const tenants = await listTenants(connection);
    assert.deepEqual(
      tenants.map(({ displayName }) => displayName),
      ['Demo Directory', 'Guest Directory'],
    );
    const subscriptions = await listSubscriptions(connection);
    assert.deepEqual(
      subscriptions.map(({ displayName }) => displayName),
      ['Demo Production', 'Demo Research'],
    );
    const workspaces = await workspacesOf(connection, penguins.subscriptionId).first();
    assert.deepEqual(
      workspaces.map(({ name, location }) => [name, location]),
      [
        ['penguins', 'eastus'],
        ['empty', 'eastus'],
      ],
    );
    const computes = await computesOf(connection, penguins).first();
    assert.equal(computes.length, 12);
    const cluster = await readCompute(connection, penguins, 'cpu-cluster');
    assert.equal(cluster.properties?.computeType, 'AmlCompute');
    const nodes = await listNodes(connection, penguins, 'cpu-cluster');
    assert.deepEqual(
      nodes.map(({ nodeState }) => nodeState),
      ['idle', 'running', 'running'],
    );
  });

  it('knows prices and quotas of a region, and reads prices once', async () => {
    const connection = test.connect();
    const sizes = new VmSizes(connection);
    const region = { subscriptionId: penguins.subscriptionId, location: 'eastus' };
    const asked = () => test.rig.requests.filter((request) => request.endsWith('/vmSizes')).length;
    const before = asked();
    const [list] = await Promise.all([sizes.list(region), sizes.list(region)]);
    await sizes.list(region);
    assert.equal(asked() - before, 1);
    const size = findSize(list, 'STANDARD_ds3_v2');
    assert.ok(size);
    assert.deepEqual(hourPrice(size, 'Standard'), { amount: 0.29, currency: 'USD' });
    assert.deepEqual(hourPrice(size, 'LowPriority'), { amount: 0.06, currency: 'USD' });
    const usages = await listUsages(connection, region);
    const family = usages.find(({ name }) => name?.value === 'standardDSv2Family');
    assert.deepEqual([family?.currentValue, family?.limit], [12, 24]);
  });

  it('speaks the version with a full specification, also where the library knows an older one', async () => {
    test.log.length = 0;
    await computesOf(test.connect(), penguins).first();
    assert.match(test.log.join('\n'), /computes\?api-version=2024-04-01 200/);
  });

  it('waits as long as the service says, tells of it, and goes on', async () => {
    test.rig.faults.add({ at: /GET .*\/computes$/, times: 2, answer: throttled(0) });
    test.waits.length = 0;
    const computes = await computesOf(test.connect(), penguins).first();
    assert.equal(computes.length, 12);
    assert.deepEqual(
      test.waits.map(({ milliseconds, status }) => [milliseconds, status]),
      [
        [0, 429],
        [0, 429],
      ],
    );
  });

  it('stops waiting when the user does', async () => {
    test.rig.faults.add({ at: /GET .*\/subscriptions$/, answer: throttled(3600) });
    const stop = new AbortController();
    for (const cancel of [() => stop.abort(), (wait: Wait) => wait.cancel()]) {
      const connection = new AzureConnection({
        cloud: test.connect().cloud,
        credential: fakeCredential,
        log: () => undefined,
        onWait: cancel,
      });
      const signal = cancel.length === 0 ? { signal: stop.signal } : {};
      const request = explained(attempt, () =>
        connection.send({ method: 'GET', path: '/subscriptions', ...signal }),
      );
      await assert.rejects(request, { code: 'protocol.cancelled' });
    }
  });

  it('answers a claims challenge once', async () => {
    const claims = { access_token: { nbf: { essential: true, value: '1704067200' } } };
    const asked: (string | undefined)[] = [];
    const credential = {
      realm: 'fake',
      getToken: (_scopes: string | string[], options: GetTokenOptions = {}) => {
        asked.push(options.claims);
        return Promise.resolve({ token: fakeToken, expiresOnTimestamp: 0 });
      },
    } as const;
    test.rig.faults.add({ at: /GET \/subscriptions$/, times: 1, answer: claimsChallenge(claims) });
    await listSubscriptions(test.connect(credential));
    assert.deepEqual(asked, [undefined, JSON.stringify(claims)]);

    asked.length = 0;
    test.rig.faults.add({ at: /GET \/subscriptions$/, answer: claimsChallenge(claims) });
    const refused = explained(attempt, () => listSubscriptions(test.connect(credential)));
    await assert.rejects(refused, { code: 'azure.signIn' });
    assert.deepEqual(asked, [undefined, JSON.stringify(claims)]);
  });

  it('wants a sign-in where there is no token', async () => {
    const none = { realm: 'fake', getToken: () => Promise.resolve(null) } as const;
    await assert.rejects(listSubscriptions(test.connect(none)), { code: 'azure.signIn' });
  });

  it('says who can help where something is forbidden', async () => {
    test.rig.faults.add({ at: /GET .*\/computes$/, answer: forbidden('/subscriptions/s') });
    const list = () => computesOf(test.connect(), penguins).first();
    await assert.rejects(explained(attempt, list), {
      code: 'azure.forbidden',
      message:
        'You may not do this with penguins (AuthorizationFailed). Ask its owner for the role Reader, then refresh.',
    });
  });

  it('says that the network is at fault', async () => {
    test.rig.faults.add({ at: /GET \/subscriptions$/, answer: 'drop' });
    await assert.rejects(
      explained(attempt, () => listSubscriptions(test.connect())),
      (error: Error) => {
        assert.match(error.message, /^Azure cannot be reached: .*http\.proxy/);
        assert.equal((error as Error & { code?: string }).code, 'azure.network');
        return true;
      },
    );
  });

  it('never lets a true identity near a custom endpoint', () => {
    const credential = keepTokens({ getToken: () => Promise.reject(new Error('never asked')) });
    assert.throws(() => test.connect(credential), { code: 'azure.foreignHost' });
  });

  describe('with an answer that leads elsewhere', () => {
    const seen: string[] = [];
    const thief = http.createServer((request, response) => {
      seen.push(request.headers.authorization ?? '');
      response.end('{"value": []}');
    });
    before((done) => void thief.listen(0, '127.0.0.1', done));
    after(() => void thief.close());
    const address = () => `http://127.0.0.1:${(thief.address() as AddressInfo).port}`;

    it('goes to no other host for the next page', async () => {
      const body = { value: [], nextLink: `${address()}/subscriptions?api-version=2022-12-01` };
      test.rig.faults.add({
        at: /GET \/subscriptions$/,
        answer: { status: 200, headers: {}, body },
      });
      await assert.rejects(listSubscriptions(test.connect()), { code: 'azure.foreignHost' });
      const page = { value: [], nextLink: `${address()}/computes` };
      test.rig.faults.add({
        at: /GET .*\/computes$/,
        answer: { status: 200, headers: {}, body: page },
      });
      const computes = computesOf(test.connect(), penguins);
      await assert.rejects(computes.first(), { code: 'azure.foreignHost' });
      assert.deepEqual(seen, []);
    });

    it('goes to no other host for the state of an operation', async () => {
      const { runComputeAction } = await import('../../src/azure/computes.ts');
      for (const header of ['Azure-AsyncOperation', 'Location']) {
        const headers = { [header]: `${address()}/status` };
        test.rig.faults.add({ at: /POST .*\/stop$/, times: 1, answer: { status: 202, headers } });
        const action = { workspace: penguins, compute: 'ada-notebook', verb: 'stop' } as const;
        await assert.rejects(runComputeAction(test.connect(), action, { intervalMs: 1 }), {
          code: 'azure.foreignHost',
        });
      }
      assert.deepEqual(seen, []);
    });

    it('follows no redirect', async () => {
      const headers = { Location: `${address()}/subscriptions` };
      test.rig.faults.add({ at: /GET \/subscriptions$/, answer: { status: 302, headers } });
      await listSubscriptions(test.connect()).catch(() => undefined);
      assert.deepEqual(seen, []);
    });

    it('goes to no address that only looks like the own one', async () => {
      const own = new URL(test.rig.endpoint);
      for (const hostile of [
        `http://${own.host}@127.0.0.1:1/x`,
        `http://${own.host}.example/x`,
        `//${new URL(address()).host}/x`,
        `https://${own.host}/x`,
      ]) {
        const request = test.connect().send({ method: 'GET', path: hostile });
        await assert.rejects(request, { code: 'azure.foreignHost' }, hostile);
      }
      assert.deepEqual(seen, []);
    });
  });
});

describe('a workspace with 5,000 computes', () => {
  const world = demoWorld(0);
  const vision = world.workspaces.find(({ name }) => name === 'vision');
  assert.ok(vision);
  vision.computes.clear();
  addMany(vision, 5000, 0);
  // All its pages are alike: one is held to the specification, in the demo's world.
  const test = useRig({ world, onExchange: () => undefined });

  it('gives its first page for one request, and the rest page by page', async () => {
    const list = computesOf(test.connect(), { ...vision });
    const begun = performance.now();
    await list.first();
    const first = performance.now() - begun;
    process.stdout.write(`    first page of 5,000 computes: ${first.toFixed(0)} ms\n`);
    assert.equal(list.items.length, 100);
    assert.equal(test.rig.requests.length, 1);
    assert.ok(list.hasMore);
    await Promise.all([list.more(), list.more()]);
    assert.equal(list.items.length, 200);
    while (list.hasMore) await list.more();
    assert.equal(list.items.length, 5000);
    assert.equal(new Set(list.items.map(({ name }) => name)).size, 5000);
    assert.equal(test.rig.requests.length, 50);
  });

  it('keeps what it has where a later page fails, and goes on from there', async () => {
    const list = computesOf(test.connect(), { ...vision });
    await list.first();
    test.rig.faults.add({ at: /GET .*\/computes$/, times: 1, answer: forbidden('x') });
    await assert.rejects(list.more());
    assert.equal(list.items.length, 100);
    await list.more();
    assert.equal(list.items.length, 200);
  });
});

describe('the public cloud', () => {
  it('takes true identities and only https', async () => {
    const credential = keepTokens({
      getToken: () => Promise.resolve({ token: 'never sent', expiresOnTimestamp: 0 }),
    });
    const connection = new AzureConnection({
      cloud: publicCloud,
      credential,
      log: () => undefined,
    });
    const request = connection.send({ method: 'GET', path: 'http://management.azure.com/x' });
    await assert.rejects(request, { code: 'azure.foreignHost' });
  });
});
