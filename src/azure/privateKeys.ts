/** Private keys as the service takes them: readable. It has no field for a passphrase, so a locked key is opened here. */
import ssh2, { type ParsedKey } from 'ssh2';
import { say } from '../shared/language.ts';

export type ReadKey =
  | { readonly kind: 'key'; readonly text: string }
  /** It wants a passphrase, or another one. */
  | { readonly kind: 'locked' }
  | { readonly kind: 'none'; readonly problem: string };

/** @param text of a file with a private key, in the form of OpenSSH, PEM or PuTTY. The passphrase goes nowhere else. */
export function readPrivateKey(text: string, passphrase?: string): ReadKey {
  const parsed = ssh2.utils.parseKey(text, passphrase) as ParsedKey | ParsedKey[] | Error;
  if (parsed instanceof Error) {
    if (/encrypted|passphrase|integrity check|MAC mismatch/i.test(parsed.message)) {
      return { kind: 'locked' };
    }
    return {
      kind: 'none',
      problem: say`it is no private key that can be read (${parsed.message})`,
    };
  }
  const key = Array.isArray(parsed) ? parsed[0] : parsed;
  if (key?.isPrivateKey() !== true) {
    return { kind: 'none', problem: say('it is a public key; the private one is wanted') };
  }
  return { kind: 'key', text: passphrase === undefined ? text : key.getPrivatePEM() };
}
