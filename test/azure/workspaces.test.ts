/** Workspaces and instances as their commands see them: from the tree and the palette to the request, answered by a test. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { publicCloud } from '../../src/azure/clouds.ts';
import { readCompute } from '../../src/azure/computes.ts';
import { AzureConnection } from '../../src/azure/connection.ts';
import { fakeCredential } from '../../src/azure/credentials.ts';
import { settleWorkspaces } from '../../src/azureRig/workspaceRoutes.ts';
import type { AzureNode, ComputesNode } from '../../src/extension/azure/azureNodes.ts';
import type { AzurePicker } from '../../src/extension/azure/azurePicker.ts';
import type { AzureTree } from '../../src/extension/azure/azureTree.ts';
import type { DefaultWorkspace } from '../../src/extension/azure/defaultWorkspace.ts';
import type { InstanceReminder } from '../../src/extension/azure/instanceReminder.ts';
import type { WorkspaceActions } from '../../src/extension/azure/workspaceActions.ts';
import { FakeMemory, FakeUser, loadFakeVscode } from '../kit/fakeUser.ts';
import type * as FakeVscode from '../kit/fakeVscode.ts';
import { penguins, useRig } from './rigKit.ts';

const penguinsPath =
  '/subscriptions/00000000-0000-0000-0000-0000000000a1/resourceGroups/demo-training/providers/' +
  'Microsoft.MachineLearningServices/workspaces/penguins';

describe('workspaces and what is done with them', () => {
  const test = useRig({ pace: 0 });
  let vscode: typeof FakeVscode;
  let user: FakeUser;
  let tree: AzureTree;
  let picker: AzurePicker;
  let defaults: DefaultWorkspace;
  let actions: WorkspaceActions;
  let folder: string;
  let hidden: readonly string[] = [];

  before(async () => {
    vscode = await loadFakeVscode();
    user = new FakeUser(vscode);
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'trainbench-workspaces-'));
    vscode.workspace.workspaceFolders = [{ uri: vscode.Uri.file(folder) }];
    const load = {
      accounts: await import('../../src/extension/azure/accounts.ts'),
      actions: await import('../../src/extension/azure/workspaceActions.ts'),
      defaults: await import('../../src/extension/azure/defaultWorkspace.ts'),
      operations: await import('../../src/extension/azure/runningOperations.ts'),
      picker: await import('../../src/extension/azure/azurePicker.ts'),
      tree: await import('../../src/extension/azure/azureTree.ts'),
    };
    const parts = { log: () => undefined };
    const options = { parts, testProvider: null, demo: test.rig.endpoint };
    const runner = { note: () => undefined, run: (_: string, work: () => unknown) => work() };
    const treeOptions = {
      actions: runner as never,
      accounts: () => Promise.resolve([]),
      demo: () => load.accounts.demoAccounts(options),
      hidden: () => hidden,
      onSubscription: () => undefined,
      onComputes: () => undefined,
    };
    tree = new load.tree.AzureTree(treeOptions);
    defaults = new load.defaults.DefaultWorkspace(new FakeMemory() as never);
    picker = new load.picker.AzurePicker({
      children: (node) => tree.children(node),
      more: (node) => tree.more(node),
      describe: () => '',
      isDefault: ({ workspace }) => defaults.is(workspace),
    });
    actions = new load.actions.WorkspaceActions({
      operations: new load.operations.RunningOperations(new FakeMemory() as never, runner as never),
      defaults,
      picker,
      refresh: (node) => tree.forget(node),
    });
  });
  afterEach(() => {
    vscode.answers.toInput = () => undefined;
    vscode.answers.toPick = () => undefined;
    vscode.answers.toMessage = () => undefined;
  });
  after(() => {
    vscode.workspace.workspaceFolders = undefined;
    fs.rmSync(folder, { recursive: true, force: true });
  });

  const workspaceNode = async (name: string) => {
    const all = await picker.allWorkspaces();
    const found = all.find(({ workspace }) => workspace.name === name);
    assert.ok(found, name);
    return found;
  };
  const labels = () => vscode.picks.at(-1)?.items.map(({ label }) => label) ?? [];
  const config = () => path.join(folder, '.azureml', 'config.json');

  it('are listed across all subscriptions, the default first', async () => {
    await picker.workspace();
    assert.deepEqual(labels(), ['penguins', 'empty', 'vision']);
    assert.equal(vscode.picks.at(-1)?.items[2]?.detail, 'Demo Cloud (made up) / Demo Research');
    vscode.answers.toPick = () => 'vision';
    await actions.setDefault(undefined);
    await picker.workspace();
    assert.deepEqual(labels(), ['vision', 'penguins', 'empty']);
  });

  it('leave out subscriptions that the user does not want to see', async () => {
    hidden = ['00000000-0000-0000-0000-0000000000a2'];
    tree.forget();
    await picker.workspace();
    assert.deepEqual(labels(), ['penguins', 'empty']);
    hidden = [];
    tree.forget();
  });

  it('offer every compute to the palette, also those of later pages', async () => {
    vscode.answers.toPick = (title) => (title === 'Which compute?' ? 'user-0250x' : undefined);
    const compute = await picker.compute('start');
    assert.equal(compute?.compute.name, 'user-0250x');
    assert.equal(labels().filter((label) => label.startsWith('user-')).length, 250);
    assert.ok(!labels().includes('cpu-cluster'), 'only instances start');
  });

  it('are made in a new resource group with what they need', async () => {
    const [subscription] = await tree.children((await tree.children())[0]);
    const done = actions.create(subscription);
    assert.match(await user.say('x'), /3 to 33 letters/);
    await user.say('birds');
    const regions = (await user.asked()).items.map(({ detail }) => detail ?? '');
    assert.ok(regions.some((text) => /^Quota left: up to \d+ vCPUs/.test(text)));
    await user.all('East US', 'A new one');
    await user.say('birds-group');
    await user.all('Make a new one', 'Make a new one', 'Make a new one', 'Create the workspace');
    await done;
    settleWorkspaces({ now: test.clock.now(), world: test.rig.world });
    const made = test.rig.world.workspaces.find(({ name }) => name === 'birds');
    assert.ok(made);
    assert.equal(made.resourceGroup, 'birds-group');
    const parts = test.rig.world.resources.filter(({ id }) => id.includes('/birds-group/'));
    const types = parts.map(({ id }) => /providers\/([^/]+\/[^/]+)/.exec(id)?.[1]).sort();
    assert.deepEqual(types, [
      'Microsoft.Insights/components',
      'Microsoft.KeyVault/vaults',
      'Microsoft.Storage/storageAccounts',
    ]);
    assert.deepEqual(
      ['storageAccount', 'keyVault', 'applicationInsights']
        .map((part) => String(made.properties?.[part]))
        .sort(),
      parts.map(({ id }) => id).sort(),
    );
  });

  it('are deleted only by who types the name', async () => {
    const node = await workspaceNode('birds');
    const asked: string[] = [];
    vscode.answers.toInput = (title) => {
      asked.push(title);
      return 'bird';
    };
    await actions.remove(node);
    assert.match(asked[0] ?? '', /Delete the workspace birds with its computes, jobs and models/);
    const deletes = () => test.rig.requests.filter((one) => one.startsWith('DELETE')).length;
    assert.equal(deletes(), 0);
    vscode.answers.toInput = () => 'birds';
    await actions.remove(node);
    assert.equal(deletes(), 1);
    const all = await picker.allWorkspaces();
    assert.ok(!all.some(({ workspace }) => workspace.name === 'birds'));
  });

  it('are written to the file of Azure’s own tools, and read from it', async () => {
    await actions.writeConfig(await workspaceNode('penguins'));
    assert.deepEqual(JSON.parse(fs.readFileSync(config(), 'utf8')), {
      subscription_id: penguins.subscriptionId,
      resource_group: penguins.resourceGroup,
      workspace_name: penguins.name,
    });
    assert.equal(vscode.documents.at(-1), fs.readFileSync(config(), 'utf8'));
    await actions.readConfig();
    assert.match(vscode.messages.at(-1) ?? '', /penguins is the default workspace now/);
    assert.ok(defaults.is(penguins));
    const [first] = await picker.allWorkspaces();
    assert.equal(first?.workspace.name, 'penguins');
  });

  it('keep a file that names another one, until the user says otherwise', async () => {
    const before = fs.readFileSync(config(), 'utf8');
    await actions.writeConfig(await workspaceNode('vision'));
    assert.match(vscode.messages.at(-1) ?? '', /names another workspace\. Replace it\?/);
    assert.equal(fs.readFileSync(config(), 'utf8'), before);
    vscode.answers.toMessage = () => 'Replace';
    await actions.writeConfig(await workspaceNode('vision'));
    assert.match(fs.readFileSync(config(), 'utf8'), /"workspace_name": "vision"/);
  });

  it('are refused where the file is none, says too little, or names what nobody sees', async () => {
    const write = (text: string) => fs.writeFileSync(config(), text);
    const named = { subscription_id: 's', resource_group: 'r', workspace_name: 'gone' };
    write(JSON.stringify(named));
    await assert.rejects(actions.readConfig(), {
      code: 'azure.notFound',
      message: /workspace gone in the resource group r, which none of your accounts sees/,
    });
    for (const text of ['{', '[]', '{"subscription_id": "s", "resource_group": 7}']) {
      write(text);
      await assert.rejects(actions.readConfig(), {
        code: 'input.invalid',
        message: /^\.azureml\/config\.json has no text (subscription_id|resource_group)/,
      });
    }
    fs.rmSync(config());
    await assert.rejects(actions.readConfig(), { code: 'file.notFound' });
    fs.writeFileSync(path.join(folder, 'config.json'), JSON.stringify(named));
    await assert.rejects(actions.readConfig(), { code: 'azure.notFound' });
  });

  it('open in the studio of their cloud; a made-up cloud has none', async () => {
    const node = await workspaceNode('penguins');
    await assert.rejects(actions.openStudio(node), { code: 'input.invalid' });
    await actions.openStudio({ ...node, connection: inAzure() });
    assert.equal(vscode.opened.at(-1), `https://ml.azure.com/?wsid=${penguinsPath}`);
  });

  /** Nothing is sent there. */
  function inAzure(): AzureConnection {
    return new AzureConnection({
      cloud: publicCloud,
      credential: fakeCredential,
      log: () => undefined,
    });
  }

  const computesOf = async (name: string): Promise<ComputesNode> => {
    const computes = await picker.computesFor(await workspaceNode(name));
    assert.ok(computes);
    return computes;
  };

  describe('an instance', () => {
    const read = () => readCompute(test.connect(), penguins, 'ada-notebook');

    it('is entered by Jupyter, VS Code, the studio or a terminal', async () => {
      const { connectInstance } = await import('../../src/extension/azure/connectInstance.ts');
      const place = { ...(await computesOf('penguins')), connection: inAzure() };
      const ways = {
        Jupyter: 'https://ada-notebook.eastus.instances.example/tree',
        'Jupyter Lab': 'https://ada-notebook.eastus.instances.example/lab',
        'VS Code over SSH (Remote - SSH)':
          'vscode://vscode-remote/ssh-remote+azureuser@203.0.113.4:50000/home/azureuser',
        'The studio': `https://ml.azure.com/compute/ada-notebook/details?wsid=${penguinsPath}`,
      };
      for (const [way, address] of Object.entries(ways)) {
        vscode.answers.toPick = () => way;
        await connectInstance(await read(), place);
        assert.equal(vscode.opened.at(-1), address);
      }
      vscode.answers.toPick = () => 'SSH in a terminal';
      await connectInstance(await read(), place);
      assert.equal(vscode.terminals.at(-1), 'ssh azureuser@203.0.113.4 -p 50000');
      assert.equal(labels().length, 5);
    });

    it('that stands still, or whose address is no address, is not entered', async () => {
      const { connectInstance } = await import('../../src/extension/azure/connectInstance.ts');
      const place = await computesOf('penguins');
      const stopped = await readCompute(test.connect(), penguins, 'grace-gpu');
      await assert.rejects(connectInstance(stopped, place), { message: /Start it first/ });
      const hostile = await read();
      assert.equal(hostile.properties?.computeType, 'ComputeInstance');
      const { properties } = hostile.properties;
      Object.assign(properties?.connectivityEndpoints ?? {}, { publicIpAddress: '1;rm -rf ~' });
      Object.assign(properties ?? {}, {
        applications: [{ displayName: 'x', endpointUri: 'file:///etc/passwd' }],
      });
      await assert.rejects(connectInstance(hostile, place), { message: /tells of no way in/ });
    });

    it('that was left running is told of once a day, and stopped with a click', async () => {
      const { InstanceReminder: Reminder } =
        await import('../../src/extension/azure/instanceReminder.ts');
      const stopped: string[] = [];
      const memory = new FakeMemory() as never;
      const stop = (_: AzureNode, { name }: { name: string }) =>
        Promise.resolve(void stopped.push(name));
      const reminder: InstanceReminder = new Reminder({ memory, stop });
      const node = await computesOf('penguins');
      await node.list.first();
      const hour = 3_600_000;
      const begun = test.clock.now() - 72 * hour; // when the demo's instances were started
      vscode.answers.toMessage = (buttons) => buttons.find((button) => button === 'Stop It');
      vscode.messages.length = 0;
      await reminder.look(node, begun + 11 * hour);
      assert.deepEqual(vscode.messages, [], 'a working day is not long');
      await reminder.look(node, begun + 13 * hour);
      await reminder.look(node, begun + 14 * hour);
      assert.equal(vscode.messages.length, 1);
      assert.match(
        vscode.messages[0] ?? '',
        /^ada-notebook has been running for 13 hours and bills/,
      );
      assert.deepEqual(stopped, ['ada-notebook']);
      await reminder.look(node, begun + 38 * hour);
      assert.equal(stopped.length, 2, 'the next day it is told again');
    });
  });
});
