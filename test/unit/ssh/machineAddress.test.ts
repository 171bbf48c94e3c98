import assert from 'node:assert/strict';
import { readMachine } from '../../../src/extension/ssh/machineEntry.ts';
import { machineAddress, parseMachineAddress } from '../../../src/shared/protocol/machine.ts';

const parse = (text: string) => parseMachineAddress(text, 'me');

describe('the address of a machine', () => {
  it('is read in every form that ssh has', () => {
    const forms: Readonly<Record<string, readonly [string, string, number]>> = {
      'ada@box': ['ada', 'box', 22],
      box: ['me', 'box', 22],
      ' ada@box.example.org:2222 ': ['ada', 'box.example.org', 2222],
      'ssh://ada@box:2222/': ['ada', 'box', 2222],
      'ada@192.168.0.7': ['ada', '192.168.0.7', 22],
      'ada@[fe80::1]:2222': ['ada', 'fe80::1', 2222],
      'ada@fe80::1': ['ada', 'fe80::1', 22],
    };
    for (const [text, [user, host, port]] of Object.entries(forms)) {
      assert.deepEqual(parse(text), { user, host, port }, text);
    }
  });

  it('is refused where it is none', () => {
    for (const text of [
      '',
      '@box',
      'a b@box',
      'box:',
      'box:0',
      'box:70000',
      'box:22:22',
      '-oProxyCommand=x',
      'ada@-x',
    ]) {
      assert.equal(parse(text), null, text);
    }
  });

  it('is written so that it is read again', () => {
    for (const text of ['ada@box', 'ada@box:2222', 'ada@[fe80::1]:2222', 'ada@fe80::1']) {
      const place = parse(text)!;
      assert.equal(machineAddress(place), text);
      assert.deepEqual(parse(machineAddress(place)), place);
    }
  });

  it('makes an entry of the settings a machine; what is no address makes none', () => {
    const entry = { address: 'ada@box:2222', identityFile: ' /k ', jump: '', name: ' ' };
    assert.deepEqual(readMachine(entry), {
      user: 'ada',
      host: 'box',
      port: 2222,
      name: 'ada@box:2222',
      identityFile: '/k',
    });
    for (const wrong of [null, 'ada@box', {}, { address: 5 }, { address: ':' }]) {
      assert.equal(readMachine(wrong), null);
    }
  });
});
