/** Resource groups and storage as their commands see them, and operations over a reload: answered by a test in place of a user. */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { deleteResourceGroup } from '../../src/azure/resourceGroups.ts';
import { rigKey } from '../../src/azureRig/storage/stores.ts';
import type { AzureNode, SubscriptionNode } from '../../src/extension/azure/azureNodes.ts';
import type { ResourceGroupActions } from '../../src/extension/azure/resourceGroupActions.ts';
import type { RunningOperations } from '../../src/extension/azure/runningOperations.ts';
import type { StorageActions } from '../../src/extension/azure/storage/storageActions.ts';
import { FakeMemory, FakeUser, loadFakeVscode } from '../kit/fakeUser.ts';
import type * as FakeVscode from '../kit/fakeVscode.ts';
import { penguins, useRig } from './rigKit.ts';

const { subscriptionId } = penguins;

describe('resource groups and storage, by their commands', () => {
  const test = useRig();
  const memory = new FakeMemory();
  const runs: Promise<unknown>[] = [];
  const runner = {
    note: () => undefined,
    run: (_: string, work: () => unknown) => {
      runs.push(Promise.resolve(work()).catch(() => undefined));
      return Promise.resolve();
    },
  };
  let vscode: typeof FakeVscode;
  let user: FakeUser;
  let newWindow: () => RunningOperations;
  let operations: RunningOperations;
  let groups: ResourceGroupActions;
  let storage: StorageActions;
  let subscription: SubscriptionNode;
  let children: (node: AzureNode) => Promise<readonly AzureNode[]>;

  before(async () => {
    vscode = await loadFakeVscode();
    user = new FakeUser(vscode);
    const load = {
      accounts: await import('../../src/extension/azure/accounts.ts'),
      groups: await import('../../src/extension/azure/resourceGroupActions.ts'),
      operations: await import('../../src/extension/azure/runningOperations.ts'),
      picker: await import('../../src/extension/azure/storage/storagePicker.ts'),
      storage: await import('../../src/extension/azure/storage/storageActions.ts'),
      tree: await import('../../src/extension/azure/azureTree.ts'),
    };
    const parts = { log: (line: string) => void test.log.push(line) };
    const options = { parts, testProvider: null, demo: test.rig.endpoint };
    const tree = new load.tree.AzureTree({
      actions: runner as never,
      accounts: () => Promise.resolve([]),
      demo: () => load.accounts.demoAccounts(options),
      hidden: () => [],
      onSubscription: () => undefined,
      onComputes: () => undefined,
    });
    children = (node) => tree.children(node);
    const [account] = await tree.children();
    const [found] = await tree.children(account);
    assert.ok(found?.kind === 'azure.subscription');
    subscription = found;
    newWindow = () => new load.operations.RunningOperations(memory as never, runner as never);
    operations = newWindow();
    const storagePicker = new load.picker.StoragePicker({
      children,
      describe: (node) => ({ label: node.id.slice(node.id.lastIndexOf('/') + 1), description: '' }),
      subscription: () => Promise.resolve(subscription),
      more: () => Promise.resolve(),
    });
    const refresh = (node?: AzureNode) => tree.forget(node);
    const picker = { subscription: () => Promise.resolve(subscription) } as never;
    groups = new load.groups.ResourceGroupActions({ operations, picker, storagePicker, refresh });
    storage = new load.storage.StorageActions({
      ...{ operations, picker: storagePicker, refresh },
      subscription: () => Promise.resolve(subscription),
    });
  });
  afterEach(() => {
    vscode.answers.toInput = () => undefined;
    vscode.answers.toPick = () => undefined;
    vscode.answers.toMessage = () => undefined;
  });

  async function whileTimeGoesOn<T>(work: Promise<T>): Promise<T> {
    const timer = setInterval(() => test.clock.advance(1), 5);
    try {
      return await work;
    } finally {
      clearInterval(timer);
    }
  }

  async function until(what: string, isSo: () => boolean): Promise<void> {
    for (let tries = 0; tries < 3000 && !isSo(); tries++) await sleep(5);
    assert.ok(isSo(), what);
  }

  const groupNames = () => test.rig.world.groups.map(({ name }) => name);

  it('make a group, and delete it only once its name was typed', async () => {
    const made = groups.create(undefined);
    assert.match(await user.say('ends with.'), /Up to 90/);
    await user.say('lab-group');
    await user.choose('West US');
    await made;
    assert.ok(groupNames().includes('lab-group'));

    vscode.answers.toPick = () => 'lab-group';
    vscode.answers.toMessage = (labels) => labels[0];
    await groups.remove(undefined); // no name is typed
    assert.ok(groupNames().includes('lab-group'));
    vscode.answers.toInput = () => 'lab-group';
    await whileTimeGoesOn(groups.remove(undefined));
    assert.ok(!groupNames().includes('lab-group'));
  });

  it('make a storage account with a name that is free, and delete it', async () => {
    const made = storage.createAccount(subscription);
    assert.match(await user.say('Upper'), /lower case/);
    const box = await user.asked();
    await user.say('penguinsstore');
    await until('the name is taken', () =>
      (box.validationMessage?.message ?? '').includes('already taken'),
    );
    await user.say('labstore1');
    await user.all('demo-network', 'East US 2', 'ZRS', 'Create the storage account labstore1');
    await whileTimeGoesOn(made);
    const account = test.rig.world.resources.find(({ id }) => id.endsWith('/labstore1'));
    assert.equal(account?.location, 'eastus2');
    assert.deepEqual(account.body['sku'], { name: 'Standard_ZRS' });

    vscode.answers.toInput = () => 'labstore1';
    const [, folder] = (await children(subscription)).slice(-2);
    assert.ok(folder);
    const [, first] = await children(folder);
    assert.ok(first?.kind === 'azure.storageAccount');
    await storage.remove(first);
    assert.ok(!test.rig.world.resources.some(({ id }) => id.endsWith('/labstore1')));
  });

  it('find their way from the palette to a container, and to a directory of a share', async () => {
    const asked: string[][] = [];
    vscode.answers.toPick = (_, offered) => {
      asked.push([...offered]);
      return offered.find((label) => /Here|penguinsstore|batchai/.test(label)) ?? offered.at(-1);
    };
    vscode.answers.toInput = () => 'from-palette';
    await storage.createStore(undefined, 'container');
    assert.deepEqual(asked, [['penguinsstore']], 'only accounts are asked for');
    const names = () => test.rig.world.stores.map(({ name }) => name);
    assert.ok(names().includes('from-palette'));
    asked.length = 0;
    vscode.answers.toInput = () => 'a/b';
    await storage.createFolder(undefined);
    const share = test.rig.world.stores.find(({ name }) => name === 'batchai');
    assert.ok(share?.folders.has('a/b'), JSON.stringify(asked));
  });

  it('go on after the window was loaded anew, say so at their node, and send nothing twice', async () => {
    const connection = test.connect();
    const group = { subscriptionId, name: 'demo-network' };
    const path = `/subscriptions/${subscriptionId}/resourcegroups/demo-network`;
    const begun = operations.run(connection, { path, verb: 'delete' }, (following) =>
      deleteResourceGroup(connection, group, { ...following, intervalMs: 1 }),
    );
    const rejected = assert.rejects(begun, { code: 'protocol.cancelled' });
    const kept = () => JSON.stringify(memory.keys().map((key) => memory.get(key)));
    await until('the service has it', () => kept().includes('operationresults'));
    assert.equal(operations.busy(connection, path), 'deleting… (usually about 5 min)');
    assert.match(operations.details(connection, path).join('\n'), /no way to cancel/);
    operations.dispose(); // the window closes
    await rejected;

    assert.match(kept(), /operationresults/);
    assert.ok(!/Bearer|trainbench-demo/.test(kept()) && !kept().includes(rigKey));

    const next = newWindow();
    let ends = 0;
    next.resume(test.connect(), `/subscriptions/${subscriptionId}`, () => ends++);
    next.resume(test.connect(), `/subscriptions/${subscriptionId}`, () => ends++);
    assert.equal(next.busy(connection, path), 'deleting… (usually about 5 min)');
    await whileTimeGoesOn(until('it has ended', () => ends > 0));
    await Promise.all(runs);
    assert.equal(ends, 1);
    assert.equal(next.busy(connection, path), null);
    assert.ok(!groupNames().includes('demo-network'));
    const sent = test.rig.requests.filter((request) => /^DELETE .*\/demo-network$/.test(request));
    assert.equal(sent.length, 1);
    const last = newWindow();
    last.resume(test.connect(), '/subscriptions', () => ends++);
    assert.equal(last.busy(connection, path), null, 'what is over is forgotten');
  });

  it('end while Azure makes them wait, where the user cancels', async () => {
    const throttled = { status: 429, headers: { 'Retry-After': '600' }, body: {} };
    test.rig.faults.add({ at: /^DELETE /, answer: throttled });
    const own = newWindow();
    const cancels: (() => void)[] = [];
    const { withProgress } = vscode.window;
    const token = { onCancellationRequested: (cancel: () => void) => void cancels.push(cancel) };
    Object.assign(vscode.window, {
      withProgress: (_: unknown, work: (progress: object, token: object) => unknown) =>
        Promise.resolve(work({ report: () => undefined }, token)),
    });
    try {
      const connection = test.connect();
      const group = { subscriptionId, name: 'demo-training' };
      const path = `/subscriptions/${subscriptionId}/resourcegroups/demo-training`;
      const begun = own.run(connection, { path, verb: 'delete' }, (following) =>
        deleteResourceGroup(connection, group, following),
      );
      const rejected = assert.rejects(begun, { code: 'protocol.cancelled' });
      await until('it can be cancelled', () => cancels.length > 0);
      for (const cancel of cancels) cancel();
      await rejected;
      assert.equal(own.busy(connection, path), null);
    } finally {
      Object.assign(vscode.window, { withProgress });
    }
  });
});
