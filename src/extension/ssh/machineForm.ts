/** Asks for a machine: where it is, how to sign in, what to call it. Back goes a step back. */
import path from 'node:path';
import os from 'node:os';
import { l10n, QuickInputButtons, Uri, window } from 'vscode';
import type { InputBox, QuickPick, QuickPickItem } from 'vscode';
import { machineAddress, parseMachineAddress } from '../../shared/protocol/machine.ts';
import type { SshMachine } from '../../shared/protocol/machine.ts';
import type { MachineEntry } from './machineEntry.ts';
import type { MachineList } from './machineList.ts';

interface Draft {
  address: string;
  identityFile: string;
  jump: string;
  name: string;
}

const back = Symbol('back');
type Answer<T> = T | typeof back | undefined;
type Step = (draft: Draft) => Promise<Answer<Partial<Draft>>>;

/** @returns undefined where the user gives up */
export async function askMachine(
  list: MachineList,
  before?: SshMachine,
): Promise<MachineEntry | undefined> {
  const draft: Draft = {
    address: before === undefined ? '' : machineAddress(before),
    identityFile: before?.identityFile ?? '',
    jump: before?.jump ?? '',
    name: before?.name ?? '',
  };
  const title = before === undefined ? l10n.t('Add SSH Machine') : l10n.t('Edit {0}', before.name);
  const steps: readonly Step[] = [
    (known) => askAddress(known, title),
    (known) => askKey(known, title),
    (known) => askName(known, { title, list, before }),
  ];
  for (let at = 0; at < steps.length;) {
    const answer = await steps[at]!(draft);
    if (answer === undefined) return undefined;
    if (answer === back) at = Math.max(0, at - 1);
    else {
      Object.assign(draft, answer);
      at++;
    }
  }
  const { address, identityFile, jump, name } = draft;
  return {
    name,
    address,
    ...(identityFile === '' ? {} : { identityFile }),
    ...(jump === '' ? {} : { jump }),
  };
}

async function askAddress(
  { address, jump }: Draft,
  title: string,
): Promise<Answer<Partial<Draft>>> {
  const user = os.userInfo().username;
  const isRight = (text: string) => parseMachineAddress(text, user) !== null;
  const value = jump === '' ? address : `${jump}, ${address}`;
  const answer = await askText({
    title,
    step: 1,
    value,
    prompt: l10n.t(
      'Where is the machine? Write user@host, with :port where it is not 22. To go by way of another machine, write that one before it, with a comma.',
    ),
    placeholder: 'ada@gpu.example.org',
    check: (text) =>
      text.split(',').length <= 2 && text.split(',').every(isRight)
        ? undefined
        : l10n.t('Write user@host or user@host:port.'),
  });
  if (typeof answer !== 'string') return answer;
  const parts = answer.split(',').map((part) => part.trim());
  const place = parseMachineAddress(parts.at(-1)!, user)!;
  return { address: machineAddress(place), jump: parts.length === 2 ? parts[0]! : '' };
}

/** Passwords are asked for when the machine wants one. */
async function askKey({ identityFile }: Draft, title: string): Promise<Answer<Partial<Draft>>> {
  const usual = {
    label: l10n.t('My usual keys, or a password'),
    detail: l10n.t(
      'Those of the SSH agent and of ~/.ssh; a password is asked for where the machine wants one.',
    ),
  };
  const named = { label: l10n.t('A Key File…'), detail: identityFile };
  const answer = await askChoice({
    title,
    step: 2,
    items: [usual, named],
    active: identityFile === '' ? usual : named,
  });
  if (answer === usual) return { identityFile: '' };
  if (answer !== named) return answer === back ? back : undefined;
  const folder = identityFile === '' ? path.join(os.homedir(), '.ssh') : path.dirname(identityFile);
  const chosen = await window.showOpenDialog({
    title: l10n.t('Private key'),
    defaultUri: Uri.file(folder),
  });
  return chosen?.[0] === undefined ? back : { identityFile: chosen[0].fsPath };
}

interface NameStep {
  readonly title: string;
  readonly list: MachineList;
  readonly before: SshMachine | undefined;
}

async function askName(
  { name, address }: Draft,
  { title, list, before }: NameStep,
): Promise<Answer<Partial<Draft>>> {
  const host = parseMachineAddress(address, 'user')!.host;
  const answer = await askText({
    title,
    step: 3,
    value: name === '' ? host : name,
    prompt: l10n.t('What do you call it?'),
    check: (text) => list.problemWithName(text.trim(), before),
  });
  return typeof answer === 'string' ? { name: answer.trim() } : answer;
}

interface TextQuestion {
  readonly title: string;
  readonly step: number;
  readonly value: string;
  readonly prompt: string;
  readonly placeholder?: string;
  readonly check: (text: string) => string | undefined;
}

const totalSteps = 3;

function askText({ value, prompt, placeholder, check, ...place }: TextQuestion) {
  const box = window.createInputBox();
  box.value = value;
  box.prompt = prompt;
  box.placeholder = placeholder ?? '';
  return new Promise<Answer<string>>((resolve) => {
    box.onDidChangeValue(() => (box.validationMessage = ''));
    box.onDidAccept(() => {
      const problem = check(box.value);
      if (problem === undefined) finish(box, resolve, box.value);
      else box.validationMessage = problem;
    });
    show(box, place, resolve);
  });
}

interface ChoiceQuestion<Item> {
  readonly title: string;
  readonly step: number;
  readonly items: readonly Item[];
  readonly active: Item;
}

function askChoice<Item extends QuickPickItem>({ items, active, ...place }: ChoiceQuestion<Item>) {
  const pick = window.createQuickPick<Item>();
  pick.items = items;
  pick.activeItems = [active];
  return new Promise<Answer<Item>>((resolve) => {
    pick.onDidAccept(() => finish(pick, resolve, pick.selectedItems[0]));
    show(pick, place, resolve);
  });
}

type Input = InputBox | QuickPick<QuickPickItem>;
type Resolve<T> = (answer: Answer<T>) => void;

/** A key file is chosen in a dialog, which takes the focus for good. */
function show<T>(
  input: InputBox | QuickPick<T & QuickPickItem>,
  { title, step }: { readonly title: string; readonly step: number },
  resolve: Resolve<T>,
): void {
  input.title = title;
  input.step = step;
  input.totalSteps = totalSteps;
  input.ignoreFocusOut = true;
  input.buttons = step === 1 ? [] : [QuickInputButtons.Back];
  input.onDidTriggerButton(() => finish(input, resolve, back));
  input.onDidHide(() => finish(input, resolve, undefined));
  input.show();
}

/** Hiding it comes after the answer, which a promise takes only once. */
function finish<T>(input: Pick<Input, 'dispose'>, resolve: Resolve<T>, answer: Answer<T>): void {
  resolve(answer);
  input.dispose();
}
