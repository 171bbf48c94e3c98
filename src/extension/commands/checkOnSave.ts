/** Problems that a training attempt found follow the config: each save checks it again. */
import { workspace } from 'vscode';
import type { Uri } from 'vscode';
import type { Disposes } from '../lifetime.ts';
import type { Services } from '../services.ts';

export function followSaves({ actions, core, problems }: Services): Disposes {
  const check = async (config: Uri) => {
    const client = await core.client();
    const { diagnostics } = await client.request('config/validate', { file: config.fsPath });
    problems.show(config, diagnostics);
  };
  const saved = workspace.onDidSaveTextDocument(({ uri }) => {
    if (problems.knows(uri)) void actions.run('check on save', () => check(uri));
  });
  const deleted = workspace.onDidDeleteFiles(({ files }) => {
    for (const file of files) problems.clear(file);
  });
  return {
    dispose() {
      saved.dispose();
      deleted.dispose();
    },
  };
}
