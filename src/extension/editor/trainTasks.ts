/** Tasks that train a config in the terminal, with the command line that ships in the extension. */
import path from 'node:path';
import { ProcessExecution, Task, TaskScope, tasks, workspace } from 'vscode';
import type { TaskDefinition, Uri, WorkspaceFolder } from 'vscode';
import { configTitle, findConfigs } from '../commands/configFiles.ts';
import { cliProgram } from '../core/cliProgram.ts';
import type { Disposes } from '../lifetime.ts';

const type = 'trainbench';

interface TrainDefinition extends TaskDefinition {
  /** Relative to the workspace folder, or absolute. */
  readonly config: string;
}

export function registerTrainTasks(extensionPath: string): Disposes {
  return tasks.registerTaskProvider(type, {
    async provideTasks() {
      const configs = await findConfigs();
      return configs.flatMap((config) => {
        const folder = workspace.getWorkspaceFolder(config);
        return folder === undefined
          ? []
          : [trainTask(extensionPath, folder, definitionOf(config, folder))];
      });
    },
    resolveTask({ definition, scope }) {
      const { config } = definition as Partial<TrainDefinition>;
      const folder = typeof scope === 'object' ? scope : workspace.workspaceFolders?.[0];
      if (typeof config !== 'string' || folder === undefined) return undefined;
      return trainTask(extensionPath, folder, definition as TrainDefinition);
    },
  });
}

function definitionOf(config: Uri, folder: WorkspaceFolder): TrainDefinition {
  return { type, config: path.posix.relative(folder.uri.path, config.path) };
}

/** Runs in the workspace folder, so that the problem matcher finds the files that the terminal names. */
function trainTask(
  extensionPath: string,
  folder: WorkspaceFolder,
  definition: TrainDefinition,
): Task {
  const { executable, script, environment: env } = cliProgram(extensionPath);
  const words = [script, 'train', definition.config];
  const execution = new ProcessExecution(executable, words, {
    cwd: folder.uri.fsPath,
    env: { ...env },
  });
  const name = configTitle(folder.uri.with({ path: `/${definition.config}` }));
  const scope = folder ?? TaskScope.Workspace;
  return new Task(definition, scope, name, type, execution, '$trainbench');
}
