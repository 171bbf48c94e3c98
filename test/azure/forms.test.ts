/** Forms from their first question to the request that the specification takes, answered by a test in place of a user. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { PagedList } from '../../src/azure/pagedList.ts';
import { VmSizes } from '../../src/azure/vmSizes.ts';
import { readComputeYaml } from '../../src/azure/yaml/computeDocument.ts';
import { valueIn } from '../../src/azure/yaml/fields.ts';
import type { ComputesNode } from '../../src/extension/azure/azureNodes.ts';
import type { ComputeCreation } from '../../src/extension/azure/computeCreation.ts';
import { FakeMemory, FakeUser, loadFakeVscode } from '../kit/fakeUser.ts';
import type * as FakeVscode from '../kit/fakeVscode.ts';
import { nodeIn, penguins, storedIn, useRig } from './rigKit.ts';

describe('forms of computes', () => {
  const test = useRig({ pace: 0 });
  const shown: string[] = [];
  let vscode: typeof FakeVscode;
  let user: FakeUser;
  let creation: ComputeCreation;
  let target: ComputesNode;

  before(async () => {
    vscode = await loadFakeVscode();
    user = new FakeUser(vscode);
    const own = await import('../../src/extension/azure/computeCreation.ts');
    const { RunningOperations } = await import('../../src/extension/azure/runningOperations.ts');
    const connection = test.connect();
    const workspace = {
      ...penguins,
      location: 'eastus',
      friendlyName: '',
      provisioningState: 'Succeeded',
    };
    const list = new PagedList(() => Promise.resolve({ items: [], next: undefined }));
    target = { kind: 'azure.computes', id: 'x', connection, workspace, list };
    const actions = { run: (_: string, work: () => unknown) => Promise.resolve(work()) };
    const sizes = new VmSizes(connection);
    creation = new own.ComputeCreation({
      operations: new RunningOperations(new FakeMemory() as never, actions as never),
      sizes: () => sizes,
      refresh: () => undefined,
      details: (_, compute) => Promise.resolve(void shown.push(compute)),
    });
  });

  const stored = (name: string) => storedIn(test.rig, name);
  const nodeOf = (name: string) => nodeIn(target, name);

  it('make a cluster with all that can be set, and go back on the way', async () => {
    const done = creation.cluster(target);
    assert.match(await user.say('cpu-1'), /hyphen and digits/);
    await user.say('form-cluster');
    await user.choose('Low priority');
    await user.back();
    await user.all('Dedicated', 'general purpose', 'Standard_DS3_v2');
    assert.match(await user.say('2'), /bill without pause.*\$0\.58/);
    assert.match(await user.say('1'), /No fewer than the least number, 2/);
    assert.match(await user.say('101'), /cannot talk to each other/);
    await user.say('120');
    await user.all('More settings', 'SSH with');
    await user.say('azureuser');
    await user.choose('Paste');
    await user.say('ssh-ed25519 AAAAC3Nza me');
    await user.all(
      'shared-network / compute',
      'User assigned',
      'key-reader',
      'Create form-cluster',
    );
    await done;
    const { envelope, properties } = stored('form-cluster');
    assert.deepEqual(properties.properties?.['scaleSettings'], {
      minNodeCount: 2,
      maxNodeCount: 101,
      nodeIdleTimeBeforeScaleDown: 'PT120S',
    });
    assert.match(String(valueIn(properties, 'properties.subnet.id')), /demo-network.*compute$/);
    assert.equal(valueIn(properties, 'properties.vmPriority'), 'Dedicated');
    assert.match(JSON.stringify(envelope), /UserAssigned.*key-reader/);
  });

  it('offer a name that exists for use, and create nothing then', async () => {
    const done = creation.cluster(target);
    assert.match(await user.say('cpu-cluster'), /exists already/);
    await done;
    assert.deepEqual(shown, ['cpu-cluster']);
  });

  it('make an instance that stops by itself', async () => {
    const done = creation.instance(target);
    await user.say('adas-box');
    await user.all('All sizes', 'Standard_DS2_v2', 'After 30', 'More settings');
    await user.say('18:30');
    await user.choose('Europe/Paris');
    await user.all('No SSH', 'No virtual network', 'None', 'For me', 'Create adas-box');
    await done;
    const { properties } = stored('adas-box').properties;
    assert.equal(properties?.['idleTimeBeforeShutdown'], 'PT30M');
    assert.equal(properties?.['applicationSharingPolicy'], 'Personal');
    const schedules = JSON.stringify(properties?.['schedules']);
    assert.match(schedules, /"expression":"30 18 \* \* \*","timeZone":"Romance Standard Time"/);
  });

  it('lead to another region, or another size, where the quota is short', async () => {
    for (const [name, way] of [
      ['large-one', 'Take East US 2 ($22.03 an hour)'],
      ['large-two', 'Take Standard_NC24s_v3 ($12.24 an hour)'],
    ] as const) {
      const text = `type: amlcompute\nname: ${name}\nsize: Standard_ND40rs_v2\n`;
      const { compute } = readComputeYaml(text, 'large.yml');
      assert.ok(compute);
      vscode.answers.toMessage = (labels) => labels.find((one) => one === way || one === 'Create');
      await creation.fromDocument(target, compute);
    }
    assert.equal(stored('large-one').location, 'eastus2');
    assert.equal(stored('large-two').properties.properties?.['vmSize'], 'Standard_NC24s_v3');
  });

  it('change scale and identity of what is there, and show it as YAML', async () => {
    let done = creation.scale(await nodeOf('form-cluster'));
    await user.say('0');
    await user.say('3');
    await user.say('60');
    await user.choose('Change form-cluster');
    await done;
    done = creation.identity(await nodeOf('form-cluster'));
    await user.all('System assigned', 'Change the identity');
    await done;
    vscode.answers.toMessage = () => 'Resize to Zero';
    await creation.toZero(await nodeOf('form-cluster'));
    await creation.showYaml(await nodeOf('form-cluster'));
    const text = vscode.documents.at(-1) ?? '';
    assert.match(text, /type: amlcompute\n/);
    assert.match(text, /max_instances: 0\n/);
    assert.match(text, /type: system_assigned\n/);
  });

  it('save the YAML in place of sending it, which makes the same request', async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'trainbench-forms-'));
    const file = path.join(folder, 'kept.compute.yml');
    vscode.answers.toSave = () => file;
    const kept = () => readComputeYaml(fs.readFileSync(file, 'utf8'), file).compute?.values ?? {};
    const sent = () => test.rig.requests.filter((request) => /^(PUT|PATCH) /.test(request)).length;
    const before = sent();

    let done = creation.instance(target);
    await user.say('for-grace');
    await user.all('All sizes', 'Standard_DS2_v2', 'Never', 'More settings');
    await user.say('');
    await user.all('SSH with', 'Paste');
    await user.say('ssh-ed25519 AAAAC3Nza me');
    await user.all('lab-network / training', 'System assigned', 'On behalf');
    assert.match(await user.say('grace'), /An id such as/);
    await user.say('00000000-0000-0000-0000-000000000001');
    await user.say('00000000-0000-0000-0000-000000000002');
    await user.choose('Save as YAML');
    await done;
    assert.deepEqual(kept()['create_on_behalf_of'], {
      user_object_id: '00000000-0000-0000-0000-000000000001',
      user_tenant_id: '00000000-0000-0000-0000-000000000002',
    });
    assert.deepEqual(kept()['network_settings'], { vnet_name: 'lab-network', subnet: 'training' });
    assert.equal(kept()['schedules'], undefined);

    done = creation.scale(await nodeOf('form-cluster'));
    for (const count of ['1', '7', '90']) await user.say(count);
    await user.choose('Save as YAML');
    await done;
    assert.deepEqual([kept()['min_instances'], kept()['max_instances']], [1, 7]);

    done = creation.identity(await nodeOf('form-cluster'));
    await user.all('None', 'Save as YAML');
    await done;
    assert.deepEqual(kept()['identity'], { type: 'none' });
    assert.equal(sent(), before, 'nothing is sent');
    fs.rmSync(folder, { recursive: true });
  });
});
