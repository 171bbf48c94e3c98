/** The connections of this core to other machines: one each, kept while a run trains there and a while after. */
import { AppError } from '../../shared/errors.ts';
import { say } from '../../shared/language.ts';
import type { MachineConnection, SshMachine } from '../../shared/protocol/machine.ts';
import { toAbortSignal, type Area, type SessionHost } from '../session/session.ts';
import type { MachineLink } from '../../coreProcess/machineLink.ts';

/** A second run, or a look at the weights of the first, then need not connect again. */
const restMs = 300_000;

interface Kept {
  readonly link: MachineLink;
  /** Runs in training or about to. */
  uses: number;
  expiry: NodeJS.Timeout | null;
}

export class MachineLinks {
  readonly #host: SessionHost;
  readonly #links = new Map<string, Kept>();

  constructor(host: SessionHost) {
    this.#host = host;
  }

  get handlers(): Area<'machine'> {
    return {
      'machine/connect': async ({ machine, answers }, cancel) => {
        const { connectMachine } = this.#host;
        if (connectMachine === undefined) {
          throw new AppError('ssh.unsupported', say('this core connects to no other machine'));
        }
        const kept = this.#links.get(keyOf(machine));
        if (kept !== undefined) return aboutOf(kept.link);
        const opened = await connectMachine({
          machine,
          answers,
          signal: toAbortSignal(cancel),
          onProgress: (message, fraction) =>
            this.#host.announce('run/progress', { file: 'machine', message, fraction }),
        });
        if ('question' in opened) return opened;
        this.#keep(machine, opened);
        return aboutOf(opened);
      },
      'machine/devices': ({ machine }) => this.find(machine).client.request('device/list', {}),
      'machine/disconnect': async ({ machine }) => {
        await this.#links.get(keyOf(machine))?.link.close();
        return {};
      },
    };
  }

  /** @throws AppError `ssh.lost` where nobody has connected, or the connection is gone. */
  find(machine: SshMachine): MachineLink {
    const kept = this.#links.get(keyOf(machine));
    if (kept !== undefined) return kept.link;
    throw new AppError('ssh.lost', say`there is no connection to ${machine.name}; try again`);
  }

  isOpen(link: MachineLink): boolean {
    return [...this.#links.values()].some((kept) => kept.link === link);
  }

  /** A run is about to train there. */
  use(machine: SshMachine): void {
    const kept = this.#links.get(keyOf(machine));
    if (kept === undefined) return;
    kept.uses++;
    if (kept.expiry !== null) clearTimeout(kept.expiry);
  }

  /** A run has ended there. */
  rest(machine: SshMachine): void {
    const kept = this.#links.get(keyOf(machine));
    if (kept === undefined) return;
    kept.uses--;
    this.#expire(kept);
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.#links.values()].map(({ link }) => link.close()));
  }

  #keep(machine: SshMachine, link: MachineLink): void {
    const key = keyOf(machine);
    const kept: Kept = { link, uses: 0, expiry: null };
    this.#links.set(key, kept);
    link.client.onClose(() => {
      if (this.#links.get(key) === kept) this.#links.delete(key);
      if (kept.expiry !== null) clearTimeout(kept.expiry);
    });
    link.client.on('log/line', (line) => this.#host.announce('log/line', line));
    this.#expire(kept);
  }

  #expire(kept: Kept): void {
    if (kept.uses > 0) return;
    if (kept.expiry !== null) clearTimeout(kept.expiry);
    kept.expiry = setTimeout(() => void kept.link.close(), restMs).unref();
  }
}

/** One that is described otherwise is another machine. */
function keyOf({ host, port, user, identityFile = '', jump = '' }: SshMachine): string {
  return JSON.stringify([host, port, user, identityFile, jump]);
}

function aboutOf({ files, system, node }: MachineLink): MachineConnection {
  return { question: null, about: { system, node, folder: files } };
}
