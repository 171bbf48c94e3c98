/** *Show Profile* and *Show Generated Kernels*: of which config or run. */
import { l10n, languages, Uri, window, workspace } from 'vscode';
import type { Disposable } from 'vscode';
import type { TrainingSource } from '../../shared/protocol/profile.ts';
import { directoryOf } from '../explorer/runNodes.ts';
import { nameOf } from '../panels/profilePanel.ts';
import type { Services } from '../services.ts';
import { withProgress } from '../ui/withProgress.ts';
import { chooseConfig, isConfig, saveIfDirty } from './configFiles.ts';

/** A config or run that is named, the config in the editor, the run of the plot in front, or what the user picks. */
async function chooseSource(
  { checks, plot, savedPlots }: Services,
  given: unknown,
): Promise<TrainingSource | undefined> {
  const named = given instanceof Uri ? undefined : directoryOf(given);
  const active = plot.activeDirectory ?? savedPlots.activeDirectory;
  const directory = named ?? (given === undefined && !isAtConfig() ? active : undefined);
  if (directory !== undefined) return { directory };
  const title = l10n.t('Of which config?');
  const clicked = given instanceof Uri ? given : undefined;
  const config = await chooseConfig({ clicked, title, checks });
  if (config === undefined) return undefined;
  await saveIfDirty(config);
  return { file: config.fsPath };
}

function isAtConfig(): boolean {
  const active = window.activeTextEditor?.document.uri;
  return active !== undefined && isConfig(active);
}

export async function showProfile(services: Services, given: unknown): Promise<void> {
  const source = await chooseSource(services, given);
  if (source !== undefined) await services.profile.show(source);
}

const scheme = 'trainbench-kernels';

/** A document that nobody can change, as the core has it now. */
export async function showKernels(services: Services, given: unknown): Promise<void> {
  const source = await chooseSource(services, given);
  if (source === undefined) return;
  const uri = Uri.from({ scheme, path: `/${nameOf(source)}.wat`, query: JSON.stringify(source) });
  const document = await withProgress({
    title: l10n.t('Generating the kernels of {0}', nameOf(source)),
    run: async () => workspace.openTextDocument(uri),
    cancellable: false,
  });
  await languages.setTextDocumentLanguage(document, scheme);
  await window.showTextDocument(document, { preview: false });
}

/** The documents are made when they are opened, also those of before a reload. */
export function registerKernels({ core }: Pick<Services, 'core'>): Disposable {
  return workspace.registerTextDocumentContentProvider(scheme, {
    async provideTextDocumentContent({ query }) {
      const source = JSON.parse(query) as TrainingSource;
      const client = await core.client();
      return (await client.request('run/kernels', { source })).text;
    },
  });
}
