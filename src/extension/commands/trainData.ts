/** From a table to a curve: proposes a config beside the data, shows it, and offers to train it. */
import path from 'node:path';
import { commands, l10n, Uri, window, workspace } from 'vscode';
import { AppError } from '../../shared/errors.ts';
import { hasErrors } from '../../shared/diagnostics.ts';
import type { Services } from '../services.ts';
import { tableEndings } from './tableFiles.ts';

/** @throws AppError where no model can be proposed; the reasons are in the Problems panel by then. */
export async function trainData(services: Services, clicked?: Uri): Promise<void> {
  const data = clicked instanceof Uri ? clicked : await chooseData();
  if (data === undefined) return;
  const { dir, name } = path.parse(data.fsPath);
  const config = await freeConfig(path.join(dir, name));
  if (config === undefined) return;
  const text = await propose(services, data, config);
  await workspace.fs.writeFile(config, new TextEncoder().encode(text));
  await show(config);
  offerTraining(config);
}

async function chooseData(): Promise<Uri | undefined> {
  const title = l10n.t('Which data do you want to train on?');
  const filters = { [l10n.t('Tables')]: tableEndings };
  return (await window.showOpenDialog({ title, filters }))?.[0];
}

/** `<name>.train.yaml`, or where that exists what the user wants instead; undefined where it was enough to open it. */
async function freeConfig(base: string): Promise<Uri | undefined> {
  const first = Uri.file(`${base}.train.yaml`);
  if (!(await exists(first))) return first;
  const open = l10n.t('Open It');
  const another = l10n.t('Write Another');
  const question = l10n.t('{0} exists already.', path.basename(first.fsPath));
  const answer = await window.showWarningMessage(question, open, another);
  if (answer === open) {
    await show(first);
    offerTraining(first);
  }
  if (answer !== another) return undefined;
  for (let number = 2; ; number++) {
    const file = Uri.file(`${base}-${number}.train.yaml`);
    if (!(await exists(file))) return file;
  }
}

async function exists(file: Uri): Promise<boolean> {
  return workspace.fs.stat(file).then(
    () => true,
    () => false,
  );
}

async function propose({ core, problems }: Services, data: Uri, config: Uri): Promise<string> {
  const client = await core.client();
  const wish = { dataFile: data.fsPath, configFile: config.fsPath };
  const { text, diagnostics } = await client.request('config/propose', wish);
  problems.show(data, diagnostics);
  if (text !== null) return text;
  const reasons = diagnostics.filter((each) => hasErrors([each])).map(({ message }) => message);
  const message = l10n.t(
    'There is no model to propose for {0}: {1}',
    path.basename(data.fsPath),
    reasons.join('; '),
  );
  throw new AppError('config.invalid', message, { diagnostics });
}

async function show(config: Uri): Promise<void> {
  await window.showTextDocument(config, { preview: false });
}

/** The message stays until the user acts; nobody waits for that. */
function offerTraining(config: Uri): void {
  const train = l10n.t('Train');
  const text = l10n.t(
    '{0} says how to train on your data, and why so. Change what you like.',
    path.basename(config.fsPath),
  );
  void window.showInformationMessage(text, train).then((answer) => {
    if (answer === train) void commands.executeCommand('trainbench.run.start', config);
  });
}
