/** The workspace that is offered first, and the file by which other tools know theirs. */
import { l10n, Uri, window, workspace } from 'vscode';
import type { Memento } from 'vscode';
import { workspacePath } from '../../azure/resourceIds.ts';
import type { WorkspaceId } from '../../azure/resourceIds.ts';
import { AppError } from '../../shared/errors.ts';
import { isRecord } from '../../shared/model/schemaKit.ts';

const memoryKey = 'trainbench.azure.defaultWorkspace';
/** Where Azure's own tools look, in this order. */
const places = ['.azureml/config.json', 'config.json'] as const;

export class DefaultWorkspace {
  readonly #memory: Memento;

  constructor(memory: Memento) {
    this.#memory = memory;
  }

  is(id: WorkspaceId): boolean {
    return this.#memory.get<string>(memoryKey) === workspacePath(id).toLowerCase();
  }

  async set(id: WorkspaceId): Promise<void> {
    await this.#memory.update(memoryKey, workspacePath(id).toLowerCase());
  }
}

/** Writes it into the folder that is open; one that is there is asked for first. @returns whether it was written. */
export async function writeWorkspaceConfig(id: WorkspaceId): Promise<Uri | null> {
  const file = Uri.joinPath(openFolder(), places[0]);
  const text = `${JSON.stringify(
    {
      subscription_id: id.subscriptionId,
      resource_group: id.resourceGroup,
      workspace_name: id.name,
    },
    null,
    2,
  )}\n`;
  const known = await readText(file);
  if (known !== null && known !== text) {
    const replace = l10n.t('Replace');
    const question = l10n.t('{0} names another workspace. Replace it?', places[0]);
    if ((await window.showWarningMessage(question, { modal: true }, replace)) !== replace)
      return null;
  }
  await workspace.fs.writeFile(file, Buffer.from(text));
  return file;
}

/** Of the folder that is open. @throws AppError `file.notFound`, `input.invalid` */
export async function readWorkspaceConfig(): Promise<WorkspaceId> {
  const folder = openFolder();
  for (const place of places) {
    const text = await readText(Uri.joinPath(folder, place));
    if (text !== null) return parseWorkspaceConfig(text, place);
  }
  const text = l10n.t(
    'There is no {0} in this folder. Write one from a workspace in the Compute view.',
    places[0],
  );
  throw new AppError('file.notFound', text);
}

function parseWorkspaceConfig(text: string, file: string): WorkspaceId {
  let value: unknown = null;
  try {
    value = JSON.parse(text);
  } catch {
    // said below with what is wanted
  }
  const read = (key: string) => {
    const found = isRecord(value) ? value[key] : undefined;
    if (typeof found === 'string' && found !== '') return found;
    throw new AppError(
      'input.invalid',
      l10n.t(
        '{0} has no text {1}. It needs subscription_id, resource_group and workspace_name.',
        file,
        key,
      ),
    );
  };
  return {
    subscriptionId: read('subscription_id'),
    resourceGroup: read('resource_group'),
    name: read('workspace_name'),
  };
}

function openFolder(): Uri {
  const folder = workspace.workspaceFolders?.[0]?.uri;
  if (folder !== undefined) return folder;
  throw new AppError('input.invalid', l10n.t('Open a folder first: the file belongs into it.'));
}

async function readText(file: Uri): Promise<string | null> {
  try {
    return Buffer.from(await workspace.fs.readFile(file)).toString('utf8');
  } catch {
    return null; // not there
  }
}
