/** Whose Azure is shown: accounts that VS Code knows, asked for silently, in the cloud of the user's choice. */
import assert from 'node:assert/strict';
import { claimsOf } from '../../src/azure/authorize.ts';
import { listSubscriptions } from '../../src/azure/subscriptions.ts';
import { fakeToken } from '../../src/azure/credentials.ts';
import { claimsChallenge } from '../../src/azureRig/faults.ts';
import type * as Accounts from '../../src/extension/azure/accounts.ts';
import { loadFakeVscode } from '../kit/fakeUser.ts';
import type * as FakeVscode from '../kit/fakeVscode.ts';
import { useRig } from './rigKit.ts';

const home = '00000000-0000-0000-0000-00000000d001';
const guest = '00000000-0000-0000-0000-00000000d002';
const ada = { id: 'ada', label: 'ada@example.org' };
const grace = { id: 'grace', label: 'grace@example.org' };
const provider = 'test-accounts';

/** The scopes of a plain request, or those behind a challenge. */
function scopesOf(request: unknown): readonly string[] {
  return Array.isArray(request)
    ? (request as string[])
    : (request as { fallbackScopes: string[] }).fallbackScopes;
}

describe('accounts of VS Code', () => {
  const test = useRig();
  let vscode: typeof FakeVscode;
  let accounts: typeof Accounts;

  before(async () => {
    vscode = await loadFakeVscode();
    accounts = await import('../../src/extension/azure/accounts.ts');
  });
  beforeEach(() => {
    vscode.accounts.all = [ada, grace];
    vscode.signIns.length = 0;
    vscode.settings['trainbench.azure.endpoint'] = test.rig.endpoint;
    // The guest directory wants a sign-in of its own.
    vscode.accounts.session = (request) =>
      scopesOf(request).includes(`VSCODE_TENANT:${guest}`) ? undefined : { accessToken: fakeToken };
  });
  afterEach(() => {
    vscode.accounts.all = [];
    vscode.accounts.session = () => undefined;
    for (const name of Object.keys(vscode.settings)) vscode.settings[name] = undefined;
  });

  const challenges = () =>
    vscode.signIns.filter(({ request }) => !Array.isArray(request)).map(({ request }) => request);
  const list = () =>
    accounts.listAccounts({ parts: { log: () => undefined }, testProvider: provider, demo: null });

  it('are all listed, each with its directories; one that wants a sign-in has no way in', async () => {
    const all = await list();
    assert.deepEqual(
      all.map(({ label }) => label),
      ['ada@example.org', 'grace@example.org'],
    );
    const access = await all[0]!.access();
    assert.deepEqual(
      access.map(({ connection, tenant }) => [tenant?.tenantId, connection !== null]),
      [
        [home, true],
        [guest, false],
      ],
    );
    const subscriptions = await listSubscriptions(access[0]!.connection!);
    assert.equal(subscriptions.length, 2);
  });

  it('are asked for silently; only the command to sign in asks the user', async () => {
    const [first] = await list();
    await first!.access();
    assert.ok(vscode.signIns.length > 0);
    for (const { options } of vscode.signIns) {
      assert.deepEqual(options, { silent: true, account: ada });
    }
    vscode.signIns.length = 0;
    await first!.signIn?.(guest);
    const [{ request, options } = { request: null, options: {} }] = vscode.signIns;
    assert.deepEqual(options, { createIfNone: true, account: ada });
    assert.ok(scopesOf(request).includes(`VSCODE_TENANT:${guest}`));
    vscode.signIns.length = 0;
    await accounts.signInAnew(provider);
    assert.deepEqual(vscode.signIns[0]?.options, {
      createIfNone: true,
      clearSessionPreference: true,
    });
  });

  it('answer a claims challenge once, and silently', async () => {
    const claims = { access_token: { nbf: { essential: true, value: '1' } } };
    test.rig.faults.add({ at: /GET \/subscriptions$/, times: 1, answer: claimsChallenge(claims) });
    const [first] = await list();
    const [{ connection } = { connection: null }] = await first!.access();
    await listSubscriptions(connection!);
    assert.equal(challenges().length, 1);
    const { wwwAuthenticate } = challenges()[0] as { wwwAuthenticate: string };
    assert.equal(claimsOf(wwwAuthenticate), JSON.stringify(claims));
  });

  it('answer it with the user at the next sign-in, where the silent way could not', async () => {
    const claims = { access_token: { acrs: { essential: true, value: 'c1' } } };
    test.rig.faults.add({ at: /GET \/subscriptions$/, answer: claimsChallenge(claims) });
    const plain = vscode.accounts.session;
    vscode.accounts.session = (request, options) =>
      Array.isArray(request) ? plain(request, options) : undefined;
    const [first] = await list();
    const [{ connection } = { connection: null }] = await first!.access();
    await assert.rejects(listSubscriptions(connection!), { code: 'azure.signIn' });
    test.rig.faults.clear();

    vscode.signIns.length = 0;
    vscode.accounts.session = () => ({ accessToken: fakeToken });
    await accounts.signInAnew(provider); // of a tree that has listed its accounts anew
    assert.deepEqual(vscode.signIns[0]?.options, { createIfNone: true, account: ada });
    const { wwwAuthenticate } = challenges()[0] as { wwwAuthenticate: string };
    assert.equal(claimsOf(wwwAuthenticate), JSON.stringify(claims));
    await accounts.signInAnew(provider);
    assert.equal(challenges().length, 1, 'it was given');
  });

  it('belong to the cloud that the user has set', () => {
    vscode.settings['trainbench.azure.endpoint'] = undefined;
    const names = {
      '': ['microsoft', 'https://management.azure.com'],
      ChinaCloud: ['microsoft-sovereign-cloud', 'https://management.chinacloudapi.cn'],
      USGovernment: ['microsoft-sovereign-cloud', 'https://management.usgovcloudapi.net'],
    };
    for (const [environment, wanted] of Object.entries(names)) {
      vscode.settings['microsoft-sovereign-cloud.environment'] = environment;
      const { cloud, provider: own, realm } = accounts.signInTarget(null);
      assert.deepEqual([own, cloud.endpoint, realm], [...wanted, 'microsoft']);
    }
  });

  it('never meet a custom endpoint: that one has its own fake account', async () => {
    const all = await accounts.listAccounts({
      parts: { log: () => undefined },
      testProvider: null,
      demo: null,
    });
    assert.deepEqual(
      all.map(({ label }) => label),
      [`Test cloud at ${new URL(test.rig.endpoint).host}`],
    );
    await listSubscriptions((await all[0]!.access())[0]!.connection!);
    assert.deepEqual(vscode.signIns, [], 'VS Code was asked for a token');
  });

  it('give way to another source where the setting names one', async () => {
    vscode.settings['trainbench.azure.endpoint'] = undefined;
    vscode.settings['trainbench.azure.credential'] = 'managedIdentity';
    const parts = { log: () => undefined };
    const all = await accounts.listAccounts({ parts, testProvider: null, demo: null });
    assert.deepEqual(
      all.map(({ label }) => label),
      ['Managed identity'],
    );
    assert.deepEqual(vscode.signIns, []);
  });
});
