/** Attaching and detaching: forms and YAML against the rig, what is refused and why, and where secrets do not go. */
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { abilitiesOf } from '../../src/azure/abilities.ts';
import { hdInsightHost } from '../../src/azure/attach/hdInsight.ts';
import { readAttachments } from '../../src/azure/attach/attachments.ts';
import { putCompute, readCompute, runComputeAction } from '../../src/azure/computes.ts';
import { PagedList } from '../../src/azure/pagedList.ts';
import { readPrivateKey } from '../../src/azure/privateKeys.ts';
import { VmSizes } from '../../src/azure/vmSizes.ts';
import { readComputeYaml, withoutSecrets } from '../../src/azure/yaml/computeDocument.ts';
import type { ComputeDocument } from '../../src/azure/yaml/computeDocument.ts';
import { valueIn } from '../../src/azure/yaml/fields.ts';
import type { Tree } from '../../src/azure/yaml/fields.ts';
import { computeKinds } from '../../src/azure/yaml/kinds.ts';
import type { ComputesNode } from '../../src/extension/azure/azureNodes.ts';
import type { ComputeAttachment } from '../../src/extension/azure/computeAttachment.ts';
import { FakeMemory, FakeUser, loadFakeVscode } from '../kit/fakeUser.ts';
import type * as FakeVscode from '../kit/fakeVscode.ts';
import { nodeIn, penguins, storedIn, useRig } from './rigKit.ts';

const providers = `/subscriptions/${penguins.subscriptionId}/resourceGroups/demo-training/providers`;
const password = 'hunter2-S3cret!';
const token = 'not-a-real-token';

/** As people make them; the second one wants a passphrase. */
function makeKeys(folder: string, passphrase: string): void {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const form = { type: 'pkcs1', format: 'pem' } as const;
  fs.writeFileSync(path.join(folder, 'open.pem'), privateKey.export(form));
  const locked = privateKey.export({ ...form, cipher: 'aes-256-cbc', passphrase });
  fs.writeFileSync(path.join(folder, 'locked.pem'), locked);
}

describe('attaching computes', () => {
  const test = useRig({ pace: 0 });
  let vscode: typeof FakeVscode;
  let user: FakeUser;
  let attachment: ComputeAttachment;
  let target: ComputesNode;
  /** What was written to be there after a reload. */
  const kept: string[] = [];
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'trainbench-keys-'));
  makeKeys(folder, 'open sesame');
  after(() => fs.rmSync(folder, { recursive: true, force: true }));

  before(async () => {
    vscode = await loadFakeVscode();
    user = new FakeUser(vscode);
    const { ComputeAttachment: Attachment } =
      await import('../../src/extension/azure/computeAttachment.ts');
    const { ComputeCreation } = await import('../../src/extension/azure/computeCreation.ts');
    const { RunningOperations } = await import('../../src/extension/azure/runningOperations.ts');
    const connection = test.connect();
    const names = { friendlyName: '', provisioningState: 'Succeeded' };
    const workspace = { ...penguins, location: 'eastus', ...names };
    const list = new PagedList(() => Promise.resolve({ items: [], next: undefined }));
    target = { kind: 'azure.computes', id: 'x', connection, workspace, list };
    const actions = { run: (_: string, work: () => unknown) => Promise.resolve(work()) };
    const memory = new FakeMemory();
    const keep = memory.update.bind(memory);
    memory.update = (key, value) => {
      kept.push(JSON.stringify(value));
      return keep(key, value);
    };
    const operations = new RunningOperations(memory as never, actions as never);
    const sizes = new VmSizes(connection);
    const creation = new ComputeCreation({
      operations,
      sizes: () => sizes,
      refresh: () => undefined,
      details: () => Promise.resolve(),
    });
    attachment = new Attachment({ creation, operations });
  });

  const stored = (name: string) => storedIn(test.rig, name);
  const nodeOf = (name: string) => nodeIn(target, name);
  const read = (text: string): ComputeDocument => {
    const { compute, diagnostics } = readComputeYaml(text, 'c.yml');
    assert.deepEqual(diagnostics, []);
    assert.ok(compute);
    return compute;
  };
  const fromYaml = (text: string) => attachment.fromDocument(target, read(text), folder);
  const detail = (box: Awaited<ReturnType<FakeUser['asked']>>, label: string) =>
    box.items.find((item) => item.label.includes(label))?.detail ?? '';

  it('says of each kind what it can do, and hands on to its form', async () => {
    const done = attachment.any(target);
    const box = await user.asked();
    const about = (label: string) => box.items.find((item) => item.label.includes(label));
    assert.match(about('Kubernetes')?.description ?? '', /pipelines, batch inference, real-time/);
    assert.match(about('Synapse')?.description ?? '', /preview/);
    assert.match(about('HDInsight')?.detail ?? '', /Today: serverless Spark/);
    assert.match(about('Azure Batch')?.detail ?? '', /as the SDK v1 sent it/);
    assert.match(about('Data Lake')?.description ?? '', /retired/);
    await user.choose('Data Lake');
    assert.equal(box.isGone, false, 'what is retired is not attached');
    await user.choose('Virtual machine');
    (await user.asked()).hidden.fire();
    await done;
  });

  it('attaches a virtual machine by password, and only one with Ubuntu and a public address', async () => {
    const done = attachment.attach(target, 'virtualmachine');
    const box = await user.asked();
    assert.match(detail(box, 'hidden-box'), /no public address/);
    assert.match(detail(box, 'office-pc'), /only machines with Ubuntu/);
    assert.match(detail(box, 'lab'), /attached already, as lab-machine/);
    for (const refused of ['hidden-box', 'office-pc', 'lab']) {
      await user.choose(refused);
      assert.equal(box.isGone, false, refused);
    }
    await user.choose('gpu-box');
    assert.equal((await user.asked()).value, 'gpu-box');
    assert.match(await user.say('lab-machine'), /taken/);
    await user.say('my-machine');
    assert.equal((await user.asked()).value, 'azureuser');
    await user.say('ada');
    assert.match(await user.say('70000'), /from 1 to/);
    await user.say('2222');
    await user.choose('Password');
    assert.match(await user.say(''), /not be empty/);
    await user.say(password);
    await user.choose('Attach my-machine');
    await done;
    const { properties } = stored('my-machine');
    assert.equal(properties['isAttachedCompute'], true);
    assert.equal(properties.properties?.['sshPort'], 2222);
    assert.deepEqual(properties.properties['administratorAccount'], { username: 'ada', password });
    const shown = await readCompute(target.connection, penguins, 'my-machine');
    assert.ok(!JSON.stringify(shown).includes(password), 'the service does not tell it');
  });

  it('opens a key file with its passphrase, which stays here', async () => {
    const [own] = test.rig.world.workspaces;
    own?.computes.delete('my-machine');
    const done = attachment.attach(target, 'virtualmachine');
    await user.choose('gpu-box');
    await user.say('keyed-machine');
    await user.say('ada');
    await user.say('22');
    await user.choose('Another key file');
    assert.match(await user.say(path.join(folder, 'none.pem')), /ENOENT|no such file/);
    await user.say(path.join(folder, 'locked.pem'));
    assert.match(await user.say('wrong'), /does not open/);
    await user.say('open sesame');
    await user.choose('Attach keyed-machine');
    await done;
    const account = valueIn(stored('keyed-machine').properties, 'properties.administratorAccount');
    const { privateKeyData } = account as { privateKeyData: string };
    assert.equal(readPrivateKey(privateKeyData).kind, 'key');
    assert.ok(!JSON.stringify(stored('keyed-machine')).includes('open sesame'));
  });

  it('keeps a form as YAML without its secrets, and attaches from that file', async () => {
    test.rig.world.workspaces[0]?.computes.delete('keyed-machine');
    vscode.answers.toSave = () => path.join(folder, 'saved.yml');
    const done = attachment.attach(target, 'virtualmachine');
    await user.choose('gpu-box');
    await user.say('saved-machine');
    await user.say('ada');
    await user.say('22');
    await user.choose('Password');
    await user.say(password);
    await user.choose('Save as YAML');
    await done;
    const text = fs.readFileSync(path.join(folder, 'saved.yml'), 'utf8');
    assert.match(text, /type: virtualmachine\n/);
    assert.match(text, /admin_username: ada/);
    assert.ok(!text.includes(password), text);
    vscode.answers.toMessage = () => 'Attach';
    vscode.answers.toInput = (_, prompt) => (/Password/.test(prompt) ? password : undefined);
    await fromYaml(text);
    const account = valueIn(stored('saved-machine').properties, 'properties.administratorAccount');
    assert.deepEqual(account, { username: 'ada', password });
  });

  it('reads the key file that YAML names, from the folder of the YAML', async () => {
    test.rig.world.workspaces[0]?.computes.delete('saved-machine');
    const text = (file: string) =>
      `type: virtualmachine\nname: yaml-machine\nresource_id: ${providers}/Microsoft.Compute/virtualMachines/gpu-box\n` +
      `ssh_settings: {admin_username: ada, ssh_private_key_file: ${file}}\n`;
    vscode.answers.toMessage = () => 'Attach';
    await assert.rejects(fromYaml(text('none.pem')), /ssh_private_key_file names .*none\.pem/);
    await fromYaml(text('open.pem'));
    const sent = valueIn(
      stored('yaml-machine').properties,
      'properties.administratorAccount.privateKeyData',
    );
    assert.equal(sent, fs.readFileSync(path.join(folder, 'open.pem'), 'utf8'));
  });

  it('refuses what cannot be attached, and a second attachment, with the reason', async () => {
    const machine = (name: string, of: string) =>
      `type: virtualmachine\nname: ${name}\nresource_id: ${providers}/Microsoft.Compute/virtualMachines/${of}\n`;
    await assert.rejects(fromYaml(machine('second', 'LAB')), /attached already, as lab-machine/);
    await assert.rejects(fromYaml(machine('hidden', 'hidden-box')), /no public address/);
    await assert.rejects(fromYaml(machine('office', 'office-pc')), /only machines with Ubuntu/);
    await assert.rejects(
      fromYaml(machine('cpu-cluster', 'gpu-box')),
      /taken by a compute \(AmlCompute\)/,
    );
    const foreign = providers.replace('a1/', 'a2/');
    const bricks = `type: databricks\nname: bricks-too\nresource_id: ${foreign}/Microsoft.Databricks/workspaces/x\n`;
    await assert.rejects(fromYaml(bricks), /in the subscription of the workspace/);
    const lake = readComputeYaml('type: datalakeanalytics\nname: lake\n', 'c.yml');
    assert.match(lake.diagnostics[0]?.message ?? '', /ended on 29 February 2024/);
  });

  it('attaches every other kind by its form', async () => {
    let done = attachment.attach(target, 'databricks');
    await user.choose('more-bricks');
    await user.say('the-bricks');
    await user.say(token);
    await user.choose('Attach the-bricks');
    await done;
    assert.deepEqual(stored('the-bricks').properties.properties, {
      workspaceUrl: 'adb-1234567890123457.8.azuredatabricks.net',
      databricksAccessToken: token,
    });

    done = attachment.attach(target, 'hdinsight');
    assert.match(detail(await user.asked(), 'spark-private'), /private network/);
    await user.choose('spark-lab');
    await user.say('hd-spark');
    assert.equal((await user.asked()).value, 'spark-lab-ssh.azurehdinsight.net');
    await user.say('spark-lab-ssh.azurehdinsight.net');
    assert.equal((await user.asked()).value, 'sshuser');
    await user.say('sshuser');
    await user.say('22');
    await user.choose('Password');
    await user.say(password);
    await user.choose('Attach hd-spark');
    await done;
    assert.equal(stored('hd-spark').properties.computeType, 'HDInsight');

    done = attachment.attach(target, 'synapsespark');
    await user.choose('large');
    await user.say('big-spark');
    await user.all('More settings', 'System assigned', 'Attach big-spark');
    await done;
    assert.deepEqual(stored('big-spark').envelope['identity'], { type: 'SystemAssigned' });

    done = attachment.attach(target, 'kubernetes');
    await user.choose('web-services');
    await user.say('kube');
    assert.match(await user.say('Not Allowed'), /small letters/);
    await user.say('jobs');
    await user.choose('Attach kube');
    await done;
    assert.deepEqual(stored('kube').properties.properties, { namespace: 'jobs' });

    done = attachment.attach(target, 'batch');
    await user.choose('nightly');
    await user.say('batch-account');
    await user.choose('Attach batch-account');
    await done;
    assert.equal(stored('batch-account').properties.computeType, 'Batch');
  });

  it('sends Azure Batch as the SDK v1 did, and counts it as unspecified', async () => {
    const before = test.contract.counts.unspecified;
    const { computeRequest } = await import('../../src/azure/yaml/computeDocument.ts');
    const id = `${providers}/Microsoft.Batch/batchAccounts/nightly`;
    const compute = read(`type: batch\nname: nightly-jobs\nresource_id: ${id}\n`);
    const { body } = computeRequest(compute, { ...penguins, location: 'eastus' });
    assert.deepEqual(body, { properties: { computeType: 'Batch', resourceId: id } });
    const target = { workspace: penguins, compute: 'nightly-jobs' };
    await putCompute(test.connect(), { ...target, body });
    if (test.contract.counts.checked > 0) assert.ok(test.contract.counts.unspecified > before);
  });

  it('makes an AKS cluster, and changes its TLS by detaching and attaching anew', async () => {
    let done = attachment.attach(target, 'aks');
    await user.choose('A new cluster');
    await user.say('web');
    await user.all('Production', 'Standard_DS2_v2');
    assert.match(await user.say('3'), /6 vCPUs; for production 12/);
    await user.say('6');
    await user.choose('No TLS');
    assert.match(detail(await user.asked(), 'Create web'), /\$0\.90 an hour, day and night/);
    await user.choose('Create web');
    await done;
    const made = stored('web').properties;
    assert.equal(made['isAttachedCompute'] ?? false, false);
    done = attachment.anew(await nodeOf('web'));
    await user.choose('Production');
    await user.choose('A certificate of Microsoft');
    await user.say('models');
    vscode.answers.toMessage = (labels) => labels[0];
    await user.choose('Detach web and attach it anew');
    await done;
    assert.match(
      vscode.messages.at(-1) ?? '',
      /Detach web and attach it anew\? .*bill day and night/,
    );
    const again = stored('web').properties;
    assert.equal(again['isAttachedCompute'], true);
    assert.equal(again['resourceId'], made['resourceId']);
    assert.deepEqual(again.properties?.['sslConfiguration'], {
      status: 'Auto',
      leafDomainLabel: 'models',
    });
    assert.ok(
      test.rig.requests.includes(
        `DELETE ${providers}/Microsoft.MachineLearningServices/workspaces/penguins/computes/web`,
      ),
    );
  });

  it('shows what was attached as YAML where attaching it anew fails', async () => {
    test.rig.faults.add({
      at: /PUT .*\/arc-cluster$/,
      failsLater: { code: 'ClusterUnreachable', message: 'No answer.' },
    });
    const done = attachment.anew(await nodeOf('arc-cluster'));
    await user.say('other');
    vscode.answers.toMessage = (labels) => labels[0];
    await user.choose('Detach arc-cluster and attach it anew');
    await assert.rejects(done, /ClusterUnreachable/);
    assert.match(vscode.documents.at(-1) ?? '', /namespace: other/);
  });

  it('detaches what is attached and leaves the rest; what was made here is deleted', async () => {
    const connection = test.connect();
    const detach = (compute: string) =>
      runComputeAction(connection, { workspace: penguins, compute, verb: 'detach' });
    await detach('old-lake');
    await assert.rejects(detach('cpu-cluster'), /BadRequest|Azure answered 400/);
    const attachments = await readAttachments(connection, penguins);
    assert.equal(attachments.of(`${providers}/Microsoft.DataLakeAnalytics/accounts/lake`), null);
    const { detachText } = await import('../../src/extension/azure/detachText.ts');
    const { compute } = await nodeOf('lab-machine');
    assert.match(detachText(compute), /virtual machine lab stays, and bills until it is stopped/);
  });

  it('writes no secret to the log, nor to what is kept of operations', () => {
    assert.ok(kept.length > 0 && test.log.length > 0);
    for (const line of [...kept, ...test.log]) {
      for (const secret of [password, token, 'PRIVATE KEY', 'open sesame']) {
        assert.ok(!line.includes(secret), line);
      }
    }
  });
});

describe('the rig', () => {
  const test = useRig({ pace: 0 });

  it('breaks the first attachment by a second one, as the service does', async () => {
    const connection = test.connect();
    const resourceId = `${providers}/Microsoft.ContainerService/managedClusters/aks`;
    for (const compute of ['first-kube', 'second-kube']) {
      const body = { location: 'eastus', properties: { computeType: 'Kubernetes', resourceId } };
      await putCompute(connection, { workspace: penguins, compute, body });
    }
    const states = ['first-kube', 'second-kube'].map(async (name) => {
      const { properties } = await readCompute(connection, penguins, name);
      return properties?.provisioningState;
    });
    assert.deepEqual(await Promise.all(states), ['Failed', 'Succeeded']);
  });
});

describe('documents of computes', () => {
  it('lose every secret before they are kept, and only those', () => {
    for (const kind of computeKinds) {
      const document: Tree = {
        type: kind.type,
        name: 'abc',
        ssh_settings: { admin_username: 'a' },
      };
      for (const key of kind.secrets ?? []) {
        const [outer = '', inner] = key.split('.');
        if (inner === undefined) document[outer] = password;
        else document[outer] = { ...(document[outer] as object), [inner]: password };
      }
      const kept = withoutSecrets(document);
      assert.ok(!JSON.stringify(kept).includes(password), kind.type);
      assert.deepEqual(kept['ssh_settings'], { admin_username: 'a' });
    }
  });

  it('have their kinds in the table of abilities', () => {
    for (const { computeType } of computeKinds) {
      assert.notDeepEqual(abilitiesOf(computeType).can, [], computeType);
    }
  });

  it('get the host of HDInsight in each cloud', () => {
    assert.equal(hdInsightHost('c', 'AzureCloud'), 'c-ssh.azurehdinsight.net');
    assert.equal(hdInsightHost('c', 'AzureChinaCloud'), 'c-ssh.azurehdinsight.cn');
  });
});
