/** Connects to a machine with what VS Code has to ask with: a message for a new host, a box for a password, its secret store. */
import { l10n, ProgressLocation, window } from 'vscode';
import type { SecretStorage } from 'vscode';
import { connectToMachine, type MachineAsker } from '../../coreProcess/connectToMachine.ts';
import { machineAddress } from '../../shared/protocol/machine.ts';
import type {
  HostKeyQuestion,
  MachineAbout,
  SecretQuestion,
  SshMachine,
} from '../../shared/protocol/machine.ts';
import type { CoreService } from '../core/coreService.ts';
import type { MachineList } from './machineList.ts';

export interface MachineDoorParts {
  readonly core: CoreService;
  readonly secrets: SecretStorage;
  readonly list: MachineList;
}

export class MachineDoor {
  readonly #parts: MachineDoorParts;

  constructor(parts: MachineDoorParts) {
    this.#parts = parts;
  }

  /** With progress and a way out; a connection that is there already costs nothing. @throws AppError */
  async connect(machine: SshMachine): Promise<MachineAbout> {
    const client = await this.#parts.core.client();
    const typed = new Map<string, string>();
    const options = { location: ProgressLocation.Notification, title: 'SSH', cancellable: true };
    const about = await window.withProgress(options, async (progress, token) => {
      const own = new AbortController();
      token.onCancellationRequested(() => own.abort());
      let percent = 0;
      const end = client.on('run/progress', ({ file, message, fraction }) => {
        if (file !== 'machine') return;
        const now = 100 * (fraction ?? 0);
        const shown = fraction === null ? message : `${message} (${Math.floor(now)} %)`;
        progress.report({ message: shown, increment: Math.max(0, now - percent) });
        percent = Math.max(percent, now);
      });
      try {
        const asker = this.#asker(typed);
        return await connectToMachine(client, machine, { asker, signal: own.signal });
      } finally {
        end();
      }
    });
    this.#parts.list.learn(machine, about);
    for (const [id, secret] of typed) void this.#offerToKeep(id, secret, machine);
    return about;
  }

  /** Its password and the passphrase of its key. */
  async forget(machine: SshMachine): Promise<void> {
    const { secrets } = this.#parts;
    await secrets.delete(storageKey(`password ${machineAddress(machine)}`));
    if (machine.identityFile !== undefined)
      await secrets.delete(storageKey(`passphrase ${machine.identityFile}`));
  }

  #asker(typed: Map<string, string>): MachineAsker {
    const { secrets } = this.#parts;
    return {
      trusts: askTrust,
      secret: async (question) => {
        const key = storageKey(question.id);
        if (question.wasWrong) await secrets.delete(key);
        else {
          const kept = await secrets.get(key);
          if (kept !== undefined) return kept;
        }
        const given = await askSecret(question);
        if (given !== undefined) typed.set(question.id, given);
        return given;
      },
    };
  }

  /** The secret has just opened the machine. Nobody waits for the answer. */
  async #offerToKeep(id: string, secret: string, { name }: SshMachine): Promise<void> {
    const keep = l10n.t('Remember');
    const text = l10n.t(
      'Connected to {0}. Shall VS Code remember what you typed, in the secret store of the system?',
      name,
    );
    const answer = await window.showInformationMessage(text, keep);
    if (answer === keep) await this.#parts.secrets.store(storageKey(id), secret);
  }
}

const storageKey = (id: string) => `trainbench.ssh ${id}`;

async function askTrust({ host, keyType, fingerprint }: HostKeyQuestion): Promise<boolean> {
  const trust = l10n.t('Connect');
  const detail = l10n.t(
    'The fingerprint of its {0} key is {1}. Compare it with the one that the machine itself shows: ssh-keygen -lf with its file in /etc/ssh. If you connect, the key goes to your known hosts.',
    keyType,
    fingerprint,
  );
  const question = l10n.t('You have not connected to {0} before. Is this the machine?', host);
  const answer = await window.showWarningMessage(question, { modal: true, detail }, trust);
  return answer === trust;
}

async function askSecret({ kind, of, wasWrong }: SecretQuestion): Promise<string | undefined> {
  const title =
    kind === 'password' ? l10n.t('Password of {0}', of) : l10n.t('Passphrase of {0}', of);
  const prompt = wasWrong ? l10n.t('That was not it. Try again.') : '';
  return window.showInputBox({ title, prompt, password: true, ignoreFocusOut: true });
}
