/** Asks who reaches a compute and what it reaches: SSH, network, identity. */
import { readdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { l10n } from 'vscode';
import { explained } from '../../../azure/explain.ts';
import { listSubnets } from '../../../azure/networks.ts';
import type { Subnet } from '../../../azure/networks.ts';
import { listResources } from '../../../azure/workspaceEdits.ts';
import type { ComputeAnswers, FormPlace } from './computeAnswers.ts';
import { pickStep, textStep } from './form.ts';
import type { Choice, Step } from './formTypes.ts';

type Condition = (answers: ComputeAnswers) => boolean;

/** A user for every node of a cluster. */
export function clusterSshSteps(when: Condition): readonly Step<ComputeAnswers>[] {
  const wanted: Condition = (answers) => when(answers) && answers.form?.ssh === true;
  return [
    sshQuestion(when, { ssh_public_access_enabled: false }, { ssh_public_access_enabled: true }),
    textStep<ComputeAnswers>({
      when: wanted,
      question: l10n.t('Which user name for SSH?'),
      value: () => 'azureuser',
      check: (name) =>
        /^[a-z_][a-z0-9_-]{0,31}$/.test(name)
          ? null
          : { severity: 'error', text: l10n.t('Small letters, digits, hyphens; a letter first.') },
      take: (name, { ssh_settings }) => ({
        ssh_settings: { ...ssh_settings, admin_username: name },
      }),
    }),
    ...keySteps(wanted),
  ];
}

export function instanceSshSteps(when: Condition): readonly Step<ComputeAnswers>[] {
  const wanted: Condition = (answers) => when(answers) && answers.form?.ssh === true;
  return [
    sshQuestion(when, { ssh_public_access_enabled: false }, { ssh_public_access_enabled: true }),
    ...keySteps(wanted),
  ];
}

function sshQuestion(
  when: Condition,
  off: ComputeAnswers,
  on: ComputeAnswers,
): Step<ComputeAnswers> {
  return pickStep<ComputeAnswers>({
    when,
    question: l10n.t('Access by SSH?'),
    choices: ({ form }) => [
      {
        label: l10n.t('No SSH'),
        detail: l10n.t('The port stays closed. This cannot be changed later.'),
        answers: { ...off, form: { ...form, ssh: false } },
        isDefault: true,
      },
      {
        label: l10n.t('SSH with a public key'),
        detail: l10n.t('Opens the port on the public address for whoever has the private key.'),
        answers: { ...on, form: { ...form, ssh: true } },
      },
    ],
  });
}

function keySteps(when: Condition): readonly Step<ComputeAnswers>[] {
  const typed: Condition = (answers) =>
    when(answers) && answers.ssh_settings?.ssh_key_value === undefined;
  return [
    pickStep<ComputeAnswers>({
      when,
      question: l10n.t('Which public key?'),
      choices: async ({ ssh_settings }) => [
        ...(await publicKeys()).map(({ file, key }, index) => ({
          label: file,
          description: key.slice(0, 40),
          answers: { ssh_settings: { ...ssh_settings, ssh_key_value: key } },
          isDefault: index === 0,
        })),
        { label: l10n.t('Paste a key…'), answers: {} },
      ],
    }),
    textStep<ComputeAnswers>({
      when: typed,
      question: l10n.t('The public key, as in a file that ends with .pub'),
      placeholder: 'ssh-ed25519 AAAA…',
      check: (text) =>
        isPublicKey(text)
          ? null
          : {
              severity: 'error',
              text: l10n.t('A public key begins with ssh-ed25519, ssh-rsa or ecdsa-.'),
            },
      take: (text, { ssh_settings }) => ({
        ssh_settings: { ...ssh_settings, ssh_key_value: text.trim() },
      }),
    }),
  ];
}

function isPublicKey(text: string): boolean {
  return /^(ssh-(ed25519|rsa)|ecdsa-sha2-nistp\d+|sk-\S+) [A-Za-z0-9+/=]+( .*)?$/.test(text.trim());
}

/** Of the user's home; only what is public is read. */
async function publicKeys(): Promise<readonly { readonly file: string; readonly key: string }[]> {
  const folder = path.join(homedir(), '.ssh');
  const names = await readdir(folder).catch(() => []); // no keys there
  const files = names.filter((name) => name.endsWith('.pub'));
  const found = await Promise.all(
    files.map(async (file) => {
      const key = (await readFile(path.join(folder, file), 'utf8').catch(() => '')).trim();
      return { file, key };
    }),
  );
  return found.filter(({ key }) => isPublicKey(key));
}

/** Networks of all resource groups, in the region of the workspace. */
export function networkStep(
  { connection, workspace }: FormPlace,
  when: Condition,
): Step<ComputeAnswers> {
  const subnetChoice = (subnet: Subnet): Choice<ComputeAnswers> => {
    const isHere = subnet.resourceGroup.toLowerCase() === workspace.resourceGroup.toLowerCase();
    const { id, name, network, resourceGroup } = subnet;
    return {
      label: `${network} / ${name}`,
      description: resourceGroup,
      ...(isHere ? {} : { detail: l10n.t('In another resource group than the workspace') }),
      answers: {
        network_settings: isHere ? { vnet_name: network, subnet: name } : { subnet: id },
      },
    };
  };
  return pickStep<ComputeAnswers>({
    when,
    question: l10n.t('In which virtual network?'),
    async choices() {
      const attempt = { what: workspace.location, role: 'Reader' } as const;
      const subnets = await explained(attempt, () =>
        listSubnets(connection, workspace.subscriptionId),
      );
      const near = subnets.filter(({ location }) => location === workspace.location);
      const none = {
        label: l10n.t('No virtual network of your own'),
        answers: {},
        isDefault: true,
      };
      return [none, ...near.map(subnetChoice)];
    },
  });
}

export function identitySteps(
  { connection, workspace }: FormPlace,
  when: Condition,
): readonly Step<ComputeAnswers>[] {
  return [
    pickStep<ComputeAnswers>({
      when,
      question: l10n.t('Which identity towards data and other services?'),
      choices: ({ form }) => [
        {
          label: l10n.t('None'),
          detail: l10n.t('Jobs bring their own credentials'),
          answers: { form: { ...form, userIdentities: false } },
          isDefault: true,
        },
        {
          label: l10n.t('System assigned'),
          detail: l10n.t('Made with the compute and deleted with it'),
          answers: {
            identity: { type: 'system_assigned' },
            form: { ...form, userIdentities: false },
          },
        },
        {
          label: l10n.t('User assigned…'),
          detail: l10n.t('One or several that exist already'),
          answers: { form: { ...form, userIdentities: true } },
        },
      ],
    }),
    pickStep<ComputeAnswers>({
      when: (answers) => when(answers) && answers.form?.userIdentities === true,
      question: l10n.t('Which identities?'),
      async choices() {
        const attempt = { what: workspace.resourceGroup, role: 'Reader' } as const;
        const type = 'Microsoft.ManagedIdentity/userAssignedIdentities';
        const found = await explained(attempt, () =>
          listResources(connection, workspace.subscriptionId, type),
        );
        return found.map(({ id, location, name }) => ({
          label: name,
          description: location,
          answers: {
            identity: { type: 'user_assigned', user_assigned_identities: [{ resource_id: id }] },
          },
        }));
      },
      join: (chosen) => {
        const ids = chosen.flatMap(
          ({ answers }) => answers.identity?.user_assigned_identities ?? [],
        );
        if (ids.length === 0) return {};
        return { identity: { type: 'user_assigned', user_assigned_identities: ids } };
      },
    }),
  ];
}
