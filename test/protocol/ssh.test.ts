/** Training over SSH against OpenSSH's own server on the loopback. */
import assert from 'node:assert/strict';
import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { connectToMachine } from '../../src/coreProcess/connectToMachine.ts';
import type { Core } from '../../src/coreProcess/coreClient.ts';
import { isError } from '../../src/shared/errors.ts';
import type { RunEnd, RunId } from '../../src/shared/protocol/core.ts';
import type { MachineQuestion, SshMachine } from '../../src/shared/protocol/machine.ts';
import { disposeCores, forkRealCore } from '../kit/realCore.ts';
import { makeKey, requireSshd, startSshd, type Sshd } from '../kit/sshd.ts';
import { createTinyProject, type TinyProject } from '../kit/tinyProject.ts';

describe('training over SSH', function () {
  this.timeout(180_000);
  let sshd: Sshd;
  let core: Core;
  let project: TinyProject | null = null;
  const none = { hostKeys: [], secrets: {} };
  const never = new AbortController().signal;

  before(async function () {
    requireSshd(this);
    sshd = await startSshd();
    core = forkRealCore();
  });
  after(async () => {
    await disposeCores();
    sshd?.stop();
    project?.remove();
  });

  const ask = (machine: SshMachine, answers: Parameters<typeof connect>[1] = none) =>
    connect(machine, answers);
  function connect(
    machine: SshMachine,
    answers: { hostKeys: string[]; secrets: Record<string, string> },
  ) {
    return core.client.request('machine/connect', { machine, answers });
  }

  /** Says yes to new hosts, and nothing else. */
  const trusting = {
    trusts: () => Promise.resolve(true),
    secret: () => Promise.resolve(undefined),
  };
  const connected = (signal: AbortSignal = never) =>
    connectToMachine(core.client, sshd.machine, { asker: trusting, signal });
  const parcels = () =>
    readdirSync(path.join(sshd.cache, 'trainbench', 'ssh')).filter(
      (name) => !name.endsWith('.part'),
    );

  it('asks about a host that it does not know, and copies nothing before', async () => {
    const { question } = await ask(sshd.machine);
    assert.equal(question?.kind, 'hostKey');
    const { host, fingerprint, keyType } = question;
    assert.equal(host, `127.0.0.1:${sshd.machine.port}`);
    assert.equal(keyType, 'ssh-ed25519');
    assert.match(fingerprint, /^SHA256:[\w+/]{43}$/);
    assert.ok(!existsSync(sshd.machine.knownHosts));
    assert.deepEqual(readdirSync(sshd.cache), []);
  });

  it('says that nothing listens', async () => {
    const nobody = { ...sshd.machine, name: 'nobody', port: 1 };
    await assert.rejects(ask(nobody), (error: Error) => {
      assert.ok(isError(error, 'ssh.failed'));
      assert.match(error.message, /cannot connect to nobody: .*refused/);
      return true;
    });
  });

  it('can be cancelled while it copies, and then leaves nothing that looks whole', async () => {
    const controller = new AbortController();
    let copying = '';
    const end = core.client.on('run/progress', ({ message, fraction }) => {
      if (fraction === null) return;
      copying = message;
      controller.abort();
    });
    await assert.rejects(connected(controller.signal), (error) =>
      isError(error, 'protocol.cancelled'),
    );
    end();
    assert.match(copying, /copying/);
    assert.deepEqual(parcels(), []);
  });

  it('copies the core and its Node once, and remembers the host', async () => {
    const about = await connected();
    assert.match(about.system, /^Linux /);
    assert.match(about.node, /comes with Trainbench|^\d+\.\d+\.\d+ \(\//);
    const { machine } = sshd;
    const { devices } = await core.client.request('machine/devices', { machine });
    assert.ok(devices.some(({ device, usable }) => device === 'cpu' && usable));
    assert.match(
      readFileSync(sshd.machine.knownHosts, 'utf8'),
      /^\[127\.0\.0\.1\]:\d+ ssh-ed25519 /,
    );
    const before = parcels();
    await core.client.request('machine/disconnect', { machine: sshd.machine });
    let copied = 0;
    const end = core.client.on(
      'run/progress',
      ({ fraction }) => (copied += fraction === null ? 0 : 1),
    );
    // The host is known by now: nobody has to be asked.
    assert.equal((await ask(sshd.machine)).question, null);
    end();
    assert.equal(copied, 0);
    assert.deepEqual(parcels(), before);
  });

  it('copies again what is damaged there', async () => {
    await core.client.request('machine/disconnect', { machine: sshd.machine });
    const root = path.join(sshd.cache, 'trainbench', 'ssh');
    const folder = parcels().find((name) => name.startsWith('core-'))!;
    const bundle = path.join(root, folder, 'core.cjs');
    const whole = readFileSync(bundle);
    appendFileSync(bundle, '\nthrow new Error("damaged");');
    assert.equal((await ask(sshd.machine)).question, null);
    assert.deepEqual(readFileSync(bundle), whole);
  });

  it('trains there, and keeps what has come when the connection is cut', async () => {
    project = createTinyProject({ epochs: 1_000_000 });
    const { client } = core;
    await connected();
    const seen = new Promise<void>((resolve) => {
      client.on('run/epochs', ({ records }) => records.at(-1)!.epoch > 5 && resolve());
    });
    const over = new Promise<RunEnd>((resolve) => client.on('run/end', ({ end }) => resolve(end)));
    const overrides = { device: 'cpu' } as const;
    const args = { file: project.config, overrides, startPaused: false, machine: sshd.machine };
    const { directory } = await client.request('run/start', args);
    await seen;
    await client.request('run/pause', { runId: directory as RunId });
    sshd.dropConnections();
    const end = await over;
    assert.deepEqual([end.status, end.error?.code], ['interrupted', 'ssh.lost'], sshd.log());
    const saved = await client.request('run/read', { directory });
    assert.equal(saved.state, 'interrupted');
    assert.ok(saved.epochRecords.length > 5);
  });

  it('asks for a password where no key helps, again when it was wrong, and tells it nobody', async () => {
    const stranger = {
      ...sshd.machine,
      name: 'stranger',
      identityFile: path.join(sshd.cache, 'other'),
    };
    makeKey(stranger.identityFile);
    const asked: MachineQuestion[] = [];
    const asker = {
      trusts: () => Promise.resolve(true),
      secret: (question: MachineQuestion) => {
        asked.push(question);
        return Promise.resolve(asked.length < 3 ? 'wrong-secret' : undefined);
      },
    };
    const lines: string[] = [];
    const end = core.client.on('log/line', ({ message }) => lines.push(message));
    await assert.rejects(
      connectToMachine(core.client, stranger, { asker, signal: never }),
      (error) => isError(error, 'protocol.cancelled'),
    );
    end();
    assert.deepEqual(
      asked.map((question) => 'wasWrong' in question && [question.kind, question.wasWrong]),
      [
        ['password', false],
        ['password', true],
        ['password', true],
      ],
    );
    assert.ok(!lines.join('\n').includes('wrong-secret'));
  });

  it('asks for the passphrase of a key', async () => {
    const locked = {
      ...sshd.machine,
      name: 'locked',
      identityFile: path.join(sshd.cache, 'locked'),
    };
    makeKey(locked.identityFile, 'open sesame');
    appendFileSync(
      path.join(path.dirname(sshd.machine.identityFile), 'authorized_keys'),
      readFileSync(`${locked.identityFile}.pub`),
    );
    const first = await ask(locked);
    assert.deepEqual(first.question, {
      kind: 'passphrase',
      id: `passphrase ${locked.identityFile}`,
      of: locked.identityFile,
      wasWrong: false,
    });
    const with_ = (passphrase: string) => ({
      hostKeys: [],
      secrets: { [`passphrase ${locked.identityFile}`]: passphrase },
    });
    const wrong = await ask(locked, with_('wrong'));
    assert.ok(wrong.question !== null && 'wasWrong' in wrong.question && wrong.question.wasWrong);
    assert.equal((await ask(locked, with_('open sesame'))).question, null);
  });

  it('goes by way of another machine', async () => {
    const { user, host, port } = sshd.machine;
    const beyond = { ...sshd.machine, name: 'beyond', jump: `${user}@${host}:${port}` };
    assert.equal((await ask(beyond)).question, null);
    await core.client.request('machine/disconnect', { machine: beyond });
  });

  it('refuses a host whose key has changed, whatever the user has accepted', async () => {
    await core.client.request('machine/disconnect', { machine: sshd.machine });
    const lines = readFileSync(sshd.machine.knownHosts, 'utf8');
    const other = path.join(sshd.cache, 'impostor');
    makeKey(other);
    const [type = '', key = ''] = readFileSync(`${other}.pub`, 'utf8').split(' ');
    const name = lines.split(' ')[0]!;
    writeFileSync(sshd.machine.knownHosts, `# a comment\n${name} ${type} ${key}\n`);
    await assert.rejects(ask(sshd.machine), (error: Error) => {
      assert.ok(isError(error, 'ssh.hostChanged'), String(error));
      assert.ok(error.message.includes(`${sshd.machine.knownHosts}:2`), error.message);
      return true;
    });
    writeFileSync(sshd.machine.knownHosts, lines);
  });
});
