/** Asks how jobs come into a machine: user, port, and a password or a key file with its passphrase. */
import { readdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { l10n } from 'vscode';
import { readPrivateKey } from '../../../../azure/privateKeys.ts';
import type { ReadKey } from '../../../../azure/privateKeys.ts';
import { without } from '../../../../azure/yaml/fields.ts';
import { errorMessage } from '../../../../shared/errors.ts';
import type { ComputeAnswers } from '../computeAnswers.ts';
import { numberNote, pickStep, textStep } from '../form.ts';
import type { Choice, Note, Step } from '../formTypes.ts';

export function machineSshSteps(usualUser: string): readonly Step<ComputeAnswers>[] {
  return [
    textStep<ComputeAnswers>({
      question: l10n.t('As which user do jobs come in, by SSH?'),
      value: ({ ssh_settings }) => ssh_settings?.admin_username ?? usualUser,
      check: (name) =>
        /^[a-z_][a-z0-9_.-]{0,31}$/i.test(name)
          ? null
          : { severity: 'error', text: l10n.t('The name of a user of that machine.') },
      take: (name, { ssh_settings }) => ({
        ssh_settings: { ...ssh_settings, admin_username: name },
      }),
    }),
    textStep<ComputeAnswers>({
      question: l10n.t('Port of SSH.'),
      value: ({ ssh_settings }) => String(ssh_settings?.ssh_port ?? 22),
      check: (text) =>
        numberNote(text, {
          least: 1,
          most: 65_535,
          says: l10n.t('A whole number from 1 to {0}.', 65_535),
        }),
      take: (text, { ssh_settings }) => ({
        ssh_settings: { ...ssh_settings, ssh_port: Number(text) },
      }),
    }),
    signInStep(),
    passwordStep(),
    ...keyFileSteps(),
  ];
}

function signInStep(): Step<ComputeAnswers> {
  return pickStep<ComputeAnswers>({
    question: l10n.t('By password or by key?'),
    choices: async ({ form, ssh_settings }) => {
      const ssh = without({ ...ssh_settings }, ['admin_password', 'ssh_private_key_file']);
      const password: Choice<ComputeAnswers> = {
        label: l10n.t('Password'),
        detail: l10n.t('Sent to Azure, and kept nowhere here'),
        answers: { ssh_settings: ssh, form: { ...form, signIn: 'password' } },
      };
      const other: Choice<ComputeAnswers> = {
        label: l10n.t('Another key file…'),
        answers: { ssh_settings: ssh, form: { ...form, signIn: 'file' } },
      };
      const keys = (await homeKeys()).map(({ file, isLocked }, index): Choice<ComputeAnswers> => ({
        label: file,
        detail: isLocked
          ? l10n.t('A private key with a passphrase, which is asked for and stays here')
          : l10n.t('A private key. It is sent to Azure'),
        answers: {
          ssh_settings: { ...ssh, ssh_private_key_file: file },
          form: { ...form, signIn: 'key', keyIsLocked: isLocked },
        },
        isDefault: index === 0,
      }));
      return [...keys, other, password];
    },
  });
}

function passwordStep(): Step<ComputeAnswers> {
  return textStep<ComputeAnswers>({
    when: ({ form }) => form?.signIn === 'password',
    question: l10n.t('Password of that user.'),
    prompt: () => l10n.t('It is sent to Azure and kept nowhere here.'),
    isSecret: true,
    check: notEmpty,
    take: (text, { ssh_settings }) => ({ ssh_settings: { ...ssh_settings, admin_password: text } }),
  });
}

function keyFileSteps(): readonly Step<ComputeAnswers>[] {
  const read = new Map<string, ReadKey>();
  return [
    textStep<ComputeAnswers>({
      when: ({ form }) => form?.signIn === 'file',
      question: l10n.t('Path of the file with the private key.'),
      placeholder: path.join(homedir(), '.ssh', 'id_ed25519'),
      async check(file) {
        const key = await readKeyFile(file.trim());
        read.set(file.trim(), key);
        return key.kind === 'none' ? { severity: 'error', text: key.problem } : null;
      },
      take: (text, { form, ssh_settings }) => ({
        ssh_settings: { ...ssh_settings, ssh_private_key_file: text.trim() },
        form: { ...form, keyIsLocked: read.get(text.trim())?.kind === 'locked' },
      }),
    }),
    textStep<ComputeAnswers>({
      when: ({ form }) => form?.signIn !== 'password' && form?.keyIsLocked === true,
      question: l10n.t('Passphrase of the key.'),
      prompt: () =>
        l10n.t('It opens the key here and goes nowhere; Azure gets the key without it.'),
      isSecret: true,
      async check(passphrase, { ssh_settings }) {
        if (passphrase === '') return notEmpty(passphrase);
        const key = await readKeyFile(ssh_settings?.ssh_private_key_file ?? '', passphrase);
        if (key.kind === 'key') return null;
        return { severity: 'error', text: l10n.t('This passphrase does not open the key.') };
      },
      take: (passphrase, { form }) => ({ form: { ...form, passphrase } }),
    }),
  ];
}

export function notEmpty(text: string): Note | null {
  return text === '' ? { severity: 'error', text: l10n.t('It must not be empty.') } : null;
}

async function readKeyFile(file: string, passphrase?: string): Promise<ReadKey> {
  try {
    return readPrivateKey(await readFile(file, 'utf8'), passphrase);
  } catch (error) {
    return { kind: 'none', problem: errorMessage(error) };
  }
}

/** Private keys where SSH has them. */
async function homeKeys(): Promise<
  readonly { readonly file: string; readonly isLocked: boolean }[]
> {
  const folder = path.join(homedir(), '.ssh');
  const names = await readdir(folder).catch(() => []); // no keys there
  const likely = names.filter((name) => /^id_\w+$|\.pem$/.test(name));
  const keys = await Promise.all(
    likely.map(async (name) => {
      const file = path.join(folder, name);
      return { file, kind: (await readKeyFile(file)).kind };
    }),
  );
  return keys.flatMap(({ file, kind }) =>
    kind === 'none' ? [] : [{ file, isLocked: kind === 'locked' }],
  );
}
