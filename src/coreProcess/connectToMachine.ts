/** Connects the core to a machine, and asks the user what it needs to know, as often as it takes. */
import { AppError } from '../shared/errors.ts';
import { say } from '../shared/language.ts';
import type { CancelSignal } from '../shared/protocol/cancel.ts';
import type { Client } from '../shared/protocol/client.ts';
import type { CoreContract } from '../shared/protocol/core.ts';
import type {
  HostKeyQuestion,
  MachineAbout,
  SecretQuestion,
  SshMachine,
} from '../shared/protocol/machine.ts';

/** Where the user is asked; both give up with undefined or false. */
export interface MachineAsker {
  /** Is this the machine? It has not been seen before. */
  trusts(question: HostKeyQuestion): Promise<boolean>;
  secret(question: SecretQuestion): Promise<string | undefined>;
}

/** A secret that is wrong three times is not the one. */
const mostQuestions = 8;

/** @throws AppError `protocol.cancelled` where the user does not answer; `ssh.*` */
export async function connectToMachine(
  client: Client<CoreContract>,
  machine: SshMachine,
  { asker, signal }: { readonly asker: MachineAsker; readonly signal: CancelSignal },
): Promise<MachineAbout> {
  const hostKeys: string[] = [];
  const secrets: Record<string, string> = {};
  for (let asked = 0; asked < mostQuestions; asked++) {
    const answers = { hostKeys, secrets };
    const answer = await client.request('machine/connect', { machine, answers }, signal);
    const { question } = answer;
    if (question === null) return answer.about;
    if (question.kind === 'hostKey') {
      if (!(await asker.trusts(question))) throw givenUp(machine);
      hostKeys.push(question.fingerprint);
    } else {
      const secret = await asker.secret(question);
      if (secret === undefined) throw givenUp(machine);
      secrets[question.id] = secret;
    }
  }
  throw new AppError(
    'ssh.signIn',
    say`${machine.name} does not let us in; is the user name right?`,
  );
}

function givenUp({ name }: SshMachine): AppError {
  return new AppError('protocol.cancelled', say`not connected to ${name}`);
}
