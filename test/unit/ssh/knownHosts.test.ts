import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fingerprint, KnownHosts, keyType } from '../../../src/ssh/knownHosts.ts';
import { scratchFolder } from '../../kit/scratchFolder.ts';

/** A key in the form of RFC 4253: strings with their lengths before them. */
function key(type: string, content: string): Buffer {
  return Buffer.concat(
    [type, content].map((text) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(text.length);
      return Buffer.concat([length, Buffer.from(text)]);
    }),
  );
}

const [mine, another] = [key('ssh-ed25519', 'mine'), key('ssh-ed25519', 'another')];
const base64 = (of: Buffer) => of.toString('base64');
const host = { host: 'Box.example', port: 22 };

async function verdict(line: string, of = mine, where = host) {
  const file = path.join(scratchFolder(), 'known_hosts');
  writeFileSync(file, `# first line\n${line}\n`);
  return (await KnownHosts.read(file, where)).verdict(of);
}

describe('known hosts', () => {
  it('knows a host by name, by pattern, by hash and by port', async () => {
    const salt = Buffer.from('some salt of 20 byte');
    const digest = createHmac('sha1', salt).update('box.example').digest('base64');
    const lines = [
      `box.example ssh-ed25519 ${base64(mine)}`,
      `other,*.example,!not.example ssh-ed25519 ${base64(mine)} a comment`,
      `|1|${base64(salt)}|${digest} ssh-ed25519 ${base64(mine)}`,
    ];
    for (const line of lines) assert.equal((await verdict(line)).kind, 'known', line);
    const port = { host: 'box.example', port: 2222 };
    const withPort = `[box.example]:2222 ssh-ed25519 ${base64(mine)}`;
    assert.equal((await verdict(withPort, mine, port)).kind, 'known');
    assert.equal((await verdict(lines[0]!, mine, port)).kind, 'unknown');
  });

  it('does not know hosts of other lines, refused patterns and signed keys', async () => {
    const lines = [
      `elsewhere ssh-ed25519 ${base64(mine)}`,
      `*.example,!box.example ssh-ed25519 ${base64(mine)}`,
      `@cert-authority box.example ssh-ed25519 ${base64(mine)}`,
      `box.example`,
    ];
    for (const line of lines) assert.equal((await verdict(line)).kind, 'unknown', line);
  });

  it('sees another key, of the same type or not, and one that is revoked, with its line', async () => {
    const line = `box.example ssh-ed25519 ${base64(mine)}`;
    assert.deepEqual(await verdict(line, another), { kind: 'changed', line: 2 });
    assert.deepEqual(await verdict(line, key('ssh-rsa', 'mine')), { kind: 'changed', line: 2 });
    const revoked = `@revoked * ssh-ed25519 ${base64(mine)}\n${line}`;
    assert.deepEqual(await verdict(revoked), { kind: 'changed', line: 2 });
  });

  it('adds a host that the user trusts, below lines without an end, for nobody else to read', async () => {
    const file = path.join(scratchFolder(), 'new', 'known_hosts');
    await (await KnownHosts.read(file, host)).trust(mine);
    assert.equal(statSync(file).mode & 0o077, 0);
    writeFileSync(file, readFileSync(file, 'utf8').trimEnd());
    const port = { host: 'box.example', port: 2222 };
    await (await KnownHosts.read(file, port)).trust(another);
    assert.deepEqual(readFileSync(file, 'utf8').split('\n'), [
      `box.example ssh-ed25519 ${base64(mine)}`,
      `[box.example]:2222 ssh-ed25519 ${base64(another)}`,
      '',
    ]);
    assert.deepEqual((await KnownHosts.read(file, host)).types, ['ssh-ed25519']);
  });

  it('names keys and their fingerprints as ssh does', () => {
    // ssh-keygen -lf on this key, which is nobody's.
    const published = Buffer.from(
      'AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f',
      'base64',
    );
    assert.equal(keyType(published), 'ssh-ed25519');
    assert.match(fingerprint(published), /^SHA256:[\w+/]{43}$/);
  });
});
