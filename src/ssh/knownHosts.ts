/**
 * The file of host keys that the user trusts, as OpenSSH keeps it (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT). Signed keys
 * (`@cert-authority`) are not used: such a host is asked about like any other.
 */
import { createHash, createHmac } from 'node:crypto';
import { appendFile, mkdir, readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

export interface HostName {
  readonly host: string;
  readonly port: number;
}

interface KnownKey {
  readonly type: string;
  /** Base64. */
  readonly key: string;
  readonly isRevoked: boolean;
  /** Counted from 1. */
  readonly line: number;
}

export type HostVerdict =
  | { readonly kind: 'known' | 'unknown' }
  /** Another key than the user trusts, or one that is revoked; the line says so. */
  | { readonly kind: 'changed'; readonly line: number };

export const defaultKnownHosts = () => path.join(os.homedir(), '.ssh', 'known_hosts');

export class KnownHosts {
  readonly file: string;
  readonly #keys: readonly KnownKey[];
  readonly #host: HostName;

  private constructor(file: string, host: HostName, keys: readonly KnownKey[]) {
    this.file = file;
    this.#host = host;
    this.#keys = keys;
  }

  static async read(file: string, host: HostName): Promise<KnownHosts> {
    const text = await readFile(file, 'utf8').catch(() => ''); // none is trusted yet
    return new KnownHosts(file, host, keysOf(text, nameOf(host)));
  }

  /** Of the keys that are trusted: asking for these first shows a change, where another type would be a stranger. */
  get types(): readonly string[] {
    return [...new Set(this.#keys.filter(({ isRevoked }) => !isRevoked).map(({ type }) => type))];
  }

  verdict(key: Buffer): HostVerdict {
    const encoded = key.toString('base64');
    const same = this.#keys.filter((known) => known.key === encoded);
    const revoked = same.find(({ isRevoked }) => isRevoked);
    if (revoked !== undefined) return { kind: 'changed', line: revoked.line };
    if (same.length > 0) return { kind: 'known' };
    const other = this.#keys.find(({ isRevoked }) => !isRevoked);
    return other === undefined ? { kind: 'unknown' } : { kind: 'changed', line: other.line };
  }

  async trust(key: Buffer): Promise<void> {
    await mkdir(path.dirname(this.file), { recursive: true, mode: 0o700 });
    const before = await readFile(this.file, 'utf8').catch(() => '');
    const gap = before === '' || before.endsWith('\n') ? '' : '\n';
    const line = `${nameOf(this.#host)} ${keyType(key)} ${key.toString('base64')}\n`;
    await appendFile(this.file, gap + line, { mode: 0o600 });
  }
}

/** As ssh shows it. */
export function fingerprint(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

/** RFC 4253: a key begins with the name of its type. */
export function keyType(key: Buffer): string {
  return key.subarray(4, 4 + key.readUInt32BE(0)).toString('latin1');
}

function nameOf({ host, port }: HostName): string {
  const name = host.toLowerCase();
  return port === 22 ? name : `[${name}]:${port}`;
}

function keysOf(text: string, name: string): KnownKey[] {
  return text.split(/\r?\n/).flatMap((line, at) => {
    const words = line.trim().split(/\s+/);
    const marker = words[0]?.startsWith('@') === true ? words.shift() : undefined;
    const [names = '', type = '', key = ''] = words;
    if (names.startsWith('#') || key === '' || marker === '@cert-authority') return [];
    if (!matches(names, name)) return [];
    return [{ type, key, isRevoked: marker === '@revoked', line: at + 1 }];
  });
}

function matches(names: string, name: string): boolean {
  const hashed = /^\|1\|([^|]+)\|(.+)$/.exec(names);
  if (hashed !== null) {
    const [, salt = '', digest = ''] = hashed;
    const hmac = createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest('base64');
    return hmac === digest;
  }
  const patterns = names.split(',');
  const fits = (pattern: string) => wildcard(pattern).test(name);
  const refused = patterns.some((pattern) => pattern.startsWith('!') && fits(pattern.slice(1)));
  return !refused && patterns.some((pattern) => fits(pattern));
}

function wildcard(pattern: string): RegExp {
  const escaped = pattern.toLowerCase().replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`);
}
