/** Tasks that train a config in the terminal, with the command line that ships in the extension. */
import path from 'node:path';
import { ProcessExecution, Task, TaskScope, tasks, workspace } from 'vscode';
import type { TaskDefinition, Uri, WorkspaceFolder } from 'vscode';
import { findRuntime } from '../../coreProcess/runtime.ts';
import { configTitle, findConfigs } from '../commands/configFiles.ts';
import type { Disposes } from '../lifetime.ts';

const type = 'trainbench';

interface TrainDefinition extends TaskDefinition {
  /** Relative to the workspace folder, or absolute. */
  readonly config: string;
}

export interface TrainTasksOptions {
  /** The folder of the bundles, which holds `cli.cjs`. */
  readonly bundles: string;
  readonly nodePath: () => string | undefined;
}

export function registerTrainTasks(options: TrainTasksOptions): Disposes {
  return tasks.registerTaskProvider(type, {
    async provideTasks() {
      const configs = await findConfigs();
      return configs.flatMap((config) => {
        const folder = workspace.getWorkspaceFolder(config);
        return folder === undefined
          ? []
          : [trainTask(options, folder, definitionOf(config, folder))];
      });
    },
    resolveTask({ definition, scope }) {
      const { config } = definition as Partial<TrainDefinition>;
      const folder = typeof scope === 'object' ? scope : workspace.workspaceFolders?.[0];
      if (typeof config !== 'string' || folder === undefined) return undefined;
      return trainTask(options, folder, definition as TrainDefinition);
    },
  });
}

function definitionOf(config: Uri, folder: WorkspaceFolder): TrainDefinition {
  return { type, config: path.posix.relative(folder.uri.path, config.path) };
}

/** Runs in the workspace folder, so that the problem matcher finds the files that the terminal names. */
function trainTask(
  { bundles, nodePath }: TrainTasksOptions,
  folder: WorkspaceFolder,
  definition: TrainDefinition,
): Task {
  const named = nodePath();
  const search = { bundleFolder: bundles, ...(named === undefined ? {} : { nodePath: named }) };
  const { executable, kind } = findRuntime(search);
  const env: Record<string, string> = kind === 'host' ? { ELECTRON_RUN_AS_NODE: '1' } : {};
  const words = [path.join(bundles, 'cli.cjs'), 'train', definition.config];
  const execution = new ProcessExecution(executable, words, { cwd: folder.uri.fsPath, env });
  const name = configTitle(folder.uri.with({ path: `/${definition.config}` }));
  const scope = folder ?? TaskScope.Workspace;
  return new Task(definition, scope, name, type, execution, '$trainbench');
}
