/** Machines that train over SSH: how they are named, and what connecting to one may ask. */
export interface SshMachine {
  /** For people, and in the list of machines; `user@host` where nobody gave one. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** A private key; by default the agent's keys and those of `~/.ssh`. */
  readonly identityFile?: string;
  /** `user@host:port` of a machine in between, as ssh's ProxyJump. */
  readonly jump?: string;
  /** By default `~/.ssh/known_hosts`. */
  readonly knownHosts?: string;
}

/** What the user has answered so far. Lives in memory and on the pipe to the core alone. */
export interface MachineAnswers {
  /** Fingerprints of host keys that the user has accepted. */
  readonly hostKeys: readonly string[];
  /** Passwords and passphrases by the `id` of their question. */
  readonly secrets: Readonly<Record<string, string>>;
}

export interface HostKeyQuestion {
  readonly kind: 'hostKey';
  readonly host: string;
  readonly keyType: string;
  /** `SHA256:...`, as ssh shows it. */
  readonly fingerprint: string;
}

export interface SecretQuestion {
  readonly kind: 'password' | 'passphrase';
  /** Under which its answer goes. */
  readonly id: string;
  /** `user@host`, or the file of the key. */
  readonly of: string;
  /** The one that was given is not it. */
  readonly wasWrong: boolean;
}

/** What a connection needs to know from the user: ask, and try again with the answer. */
export type MachineQuestion = HostKeyQuestion | SecretQuestion;

export interface MachineAbout {
  /** `Linux x86_64`. */
  readonly system: string;
  /** Version of the Node that the core runs on there, and whose it is. */
  readonly node: string;
  /** Where Trainbench keeps its files there. */
  readonly folder: string;
}

export type MachineConnection =
  | { readonly question: MachineQuestion }
  | { readonly question: null; readonly about: MachineAbout };

/** A file below a folder of a machine, as a copy of it needs it. */
export interface MachineFile {
  /** From the folder, with `/`. */
  readonly path: string;
  readonly size: number;
  /** Milliseconds. */
  readonly modified: number;
}

/**
 * `user@host`, `host`, `user@host:port` or `ssh://user@host:port`; an IPv6 address stands in brackets where a port follows.
 * @returns null where it is none of these
 */
export function parseMachineAddress(
  text: string,
  defaultUser: string,
): Pick<SshMachine, 'host' | 'port' | 'user'> | null {
  const match =
    /^(?:ssh:\/\/)?(?:([^@\s]+)@)?(?:\[([0-9a-fA-F:.]+)\]|([^\s:@[\]/]+)|([0-9a-fA-F]*:[0-9a-fA-F:.]*:[0-9a-fA-F.]*))(?::(\d{1,5}))?\/?$/.exec(
      text.trim(),
    );
  if (match === null) return null;
  const [, user = defaultUser, bracketed, name, bare, portText] = match;
  const port = portText === undefined ? 22 : Number(portText);
  const host = bracketed ?? name ?? bare ?? '';
  if (port < 1 || port > 65535 || user === '' || host.startsWith('-')) return null;
  return { host, port, user };
}

/** `user@host`, with the port where it is not the usual one. */
export function machineAddress({ user, host, port }: Omit<SshMachine, 'name'>): string {
  if (port === 22) return `${user}@${host}`;
  return host.includes(':') ? `${user}@[${host}]:${port}` : `${user}@${host}:${port}`;
}
