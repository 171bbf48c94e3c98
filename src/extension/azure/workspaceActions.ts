/** What is done with workspaces: made, deleted, made the default, opened in the studio, written to a file and read from it. */
import { env, l10n, Uri, window } from 'vscode';
import { createResourceGroup } from '../../azure/resourceGroups.ts';
import { workspacePath } from '../../azure/resourceIds.ts';
import {
  createDependency,
  createWorkspace,
  deleteWorkspace,
  dependencyName,
} from '../../azure/workspaceEdits.ts';
import type { Dependency } from '../../azure/workspaceEdits.ts';
import { AppError, isError } from '../../shared/errors.ts';
import type { AzureNode, SubscriptionNode, WorkspaceNode } from './azureNodes.ts';
import type { AzurePicker } from './azurePicker.ts';
import { typedName } from './confirmations.ts';
import { readWorkspaceConfig, writeWorkspaceConfig } from './defaultWorkspace.ts';
import type { DefaultWorkspace } from './defaultWorkspace.ts';
import { runForm } from './forms/form.ts';
import { workspaceForm } from './forms/workspaceForm.ts';
import type { WorkspaceAnswers } from './forms/workspaceForm.ts';
import type { RunningOperations } from './runningOperations.ts';

export interface WorkspaceParts {
  readonly operations: RunningOperations;
  readonly defaults: DefaultWorkspace;
  readonly picker: AzurePicker;
  readonly refresh: (node?: AzureNode) => void;
}

export class WorkspaceActions {
  readonly #parts: WorkspaceParts;

  constructor(parts: WorkspaceParts) {
    this.#parts = parts;
  }

  async create(node: AzureNode | undefined): Promise<void> {
    const target =
      node?.kind === 'azure.subscription' ? node : await this.#parts.picker.subscription();
    if (target === undefined) return;
    const { connection, subscription } = target;
    const { displayName, subscriptionId } = subscription;
    const wish = { connection, subscriptionId, subscription: displayName };
    const answers = await runForm<WorkspaceAnswers>(workspaceForm(wish), {});
    if (answers !== null) await this.#make(target, answers);
  }

  async remove(node: AzureNode | undefined): Promise<void> {
    const target = await this.#workspace(node);
    if (target === undefined) return;
    const { connection, workspace } = target;
    const text = l10n.t(
      'Delete the workspace {0} with its computes, jobs and models? Its storage account, key vault and insights stay. This cannot be undone.',
      workspace.name,
    );
    if (!(await typedName(workspace.name, text))) return;
    const operation = { path: workspacePath(workspace), verb: 'delete' } as const;
    await this.#parts.operations.run(connection, operation, (following) =>
      deleteWorkspace(connection, workspace, following),
    );
    this.#parts.refresh();
  }

  async setDefault(node: AzureNode | undefined): Promise<void> {
    const target = await this.#workspace(node);
    if (target === undefined) return;
    await this.#parts.defaults.set(target.workspace);
    this.#parts.refresh();
  }

  async openStudio(node: AzureNode | undefined): Promise<void> {
    const target = await this.#workspace(node);
    if (target === undefined) return;
    const { connection, workspace } = target;
    const { studio } = connection.cloud;
    if (studio === '') {
      throw new AppError('input.invalid', l10n.t('This cloud has no studio: it is made up.'));
    }
    await env.openExternal(Uri.parse(`${studio}/?wsid=${workspacePath(workspace)}`));
  }

  async writeConfig(node: AzureNode | undefined): Promise<void> {
    const target = await this.#workspace(node);
    if (target === undefined) return;
    const file = await writeWorkspaceConfig(target.workspace);
    if (file !== null) await window.showTextDocument(file);
  }

  /** The workspace that the folder's file names becomes the default. */
  async readConfig(): Promise<void> {
    const wanted = await readWorkspaceConfig();
    const path = workspacePath(wanted).toLowerCase();
    const all = await this.#parts.picker.allWorkspaces();
    const found = all.find(({ workspace }) => workspacePath(workspace).toLowerCase() === path);
    if (found === undefined) {
      const text = l10n.t(
        'The file names the workspace {0} in the resource group {1}, which none of your accounts sees. Sign in with the one that does, or show its subscription.',
        wanted.name,
        wanted.resourceGroup,
      );
      throw new AppError('azure.notFound', text);
    }
    await this.#parts.defaults.set(found.workspace);
    this.#parts.refresh();
    void window.showInformationMessage(l10n.t('{0} is the default workspace now.', wanted.name));
  }

  async #workspace(node: AzureNode | undefined): Promise<WorkspaceNode | undefined> {
    return node?.kind === 'azure.workspace' ? node : this.#parts.picker.workspace();
  }

  async #make(
    { connection, subscription }: SubscriptionNode,
    answers: WorkspaceAnswers,
  ): Promise<void> {
    const { group = '', location = '', name = '' } = answers;
    const { subscriptionId } = subscription;
    const id = { subscriptionId, resourceGroup: group, name };
    const operation = {
      path: workspacePath(id),
      verb: 'create',
      onAccepted: () => this.#parts.refresh(),
    } as const;
    const making = this.#parts.operations.run(connection, operation, async (following) => {
      if (answers.isNewGroup === true) {
        await createResourceGroup(connection, { subscriptionId, name: group, location });
      }
      const tenantId = subscription.tenantId ?? '';
      const salt = String(Date.now()).slice(-8);
      const part = async (dependency: Dependency) =>
        answers[dependency] ??
        (await createDependency(
          connection,
          {
            dependency,
            subscriptionId,
            resourceGroup: group,
            location,
            tenantId,
            name: dependencyName(dependency, name, salt),
          },
          { signal: following.signal },
        ));
      const [storageAccount, keyVault, applicationInsights] = await Promise.all([
        part('storageAccount'),
        part('keyVault'),
        part('applicationInsights'),
      ]);
      const parts = { storageAccount, keyVault, applicationInsights };
      await createWorkspace(connection, { id, location, friendlyName: name, ...parts }, following);
    });
    await making.catch((error: unknown) => {
      if (isError(error, 'protocol.cancelled')) tellOfRest(group);
      throw error;
    });
    this.#parts.refresh();
  }
}

/** A workspace is made in several steps, and what it stands on may be there by then. */
function tellOfRest(group: string): void {
  const text = l10n.t(
    'Cancelled. What was made until then stays in the resource group {0}.',
    group,
  );
  void window.showInformationMessage(text);
}
