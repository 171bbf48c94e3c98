/** The commands about SSH machines: add, edit, remove, test, train there. */
import { l10n, Uri, window } from 'vscode';
import type { SshMachine } from '../../shared/protocol/machine.ts';
import type { CommandId, CommandSignatures } from '../commands/commandTable.ts';
import { trainConfig } from '../commands/trainConfig.ts';
import type { Services } from '../services.ts';
import { askMachine } from './machineForm.ts';
import { addressBeside, type KnownMachine } from './machineList.ts';
import { machineOf } from './machineNodes.ts';

type Ids = Extract<CommandId, `trainbench.ssh.${string}`>;

export function machineHandlers(services: Services): Pick<CommandSignatures, Ids> {
  const withMachine =
    (title: () => string, act: (machine: SshMachine) => Promise<void>) =>
    async (target?: unknown) => {
      const machine = machineOf(target) ?? (await pickMachine(services, title()));
      if (machine !== undefined) await act(machine);
    };
  return {
    'trainbench.ssh.add': async () => {
      await addMachine(services);
    },
    'trainbench.ssh.edit': withMachine(
      () => l10n.t('Edit which machine?'),
      (machine) => editMachine(services, machine),
    ),
    'trainbench.ssh.remove': withMachine(
      () => l10n.t('Remove which machine?'),
      (machine) => removeMachine(services, machine),
    ),
    'trainbench.ssh.test': withMachine(
      () => l10n.t('Test the connection to which machine?'),
      (machine) => testMachine(services, machine),
    ),
    'trainbench.ssh.train': async (target) => {
      const clicked = target instanceof Uri ? target : undefined;
      const machine =
        machineOf(target) ?? (await pickMachine(services, l10n.t('Train on which machine?')));
      if (machine !== undefined) await trainConfig(services, clicked, { machine });
    },
  };
}

/** @returns the new machine */
async function addMachine({ machines }: Services): Promise<SshMachine | undefined> {
  const entry = await askMachine(machines);
  if (entry === undefined) return undefined;
  await machines.save(entry);
  return machines.find(entry.name ?? '');
}

async function editMachine({ machines, core }: Services, machine: SshMachine): Promise<void> {
  const entry = await askMachine(machines, machine);
  if (entry === undefined) return;
  await (await core.client()).request('machine/disconnect', { machine });
  await machines.save(entry, machine);
}

async function removeMachine(
  { machines, machineDoor, core }: Services,
  machine: SshMachine,
): Promise<void> {
  const remove = l10n.t('Remove');
  const question = l10n.t('Remove {0} from the list?', machine.name);
  const detail = l10n.t(
    'Runs that trained there stay here. What Trainbench has copied there is in ~/.cache/trainbench/ssh of that machine and can be deleted by hand.',
  );
  const answer = await window.showWarningMessage(question, { modal: true, detail }, remove);
  if (answer !== remove) return;
  await (await core.client()).request('machine/disconnect', { machine });
  await machineDoor.forget(machine);
  await machines.remove(machine);
}

async function testMachine(
  { core, machineDoor, machines }: Services,
  machine: SshMachine,
): Promise<void> {
  const about = await machineDoor.connect(machine);
  const { devices } = await (await core.client()).request('machine/devices', { machine });
  machines.learn(machine, { ...about, devices });
  void window.showInformationMessage(aboutText(machine, { ...about, devices }));
}

function aboutText({ name }: SshMachine, { system, node, devices = [] }: KnownMachine): string {
  const usable = devices.filter(({ device, usable: can }) => can && device !== 'auto');
  const names = usable.map(({ device, name: of }) => `${device} (${of})`).join(', ');
  return l10n.t('{0} can train: {1}, Node {2}, devices {3}.', name, system, node, names);
}

/** Where there is none yet, the user adds one. */
async function pickMachine(services: Services, title: string): Promise<SshMachine | undefined> {
  const { machines } = services.machines;
  if (machines.length === 0) return addMachine(services);
  const items = machines.map((machine) => ({
    label: machine.name,
    description: addressBeside(machine),
    machine,
  }));
  const add = { label: l10n.t('Add a Machine…'), description: '', machine: null };
  const chosen = await window.showQuickPick([...items, add], { title });
  if (chosen === undefined) return undefined;
  return chosen.machine ?? (await addMachine(services));
}
