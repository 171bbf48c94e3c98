/**
 * Reads configs anew whenever they change. What is wrong with those in an editor is in the Problems panel, and commands
 * know which configs cannot be trained, so that nobody is offered what cannot work.
 */
import { commands, EventEmitter, workspace } from 'vscode';
import type { Uri } from 'vscode';
import { hasErrors } from '../../shared/diagnostics.ts';
import type { Diagnostic } from '../../shared/diagnostics.ts';
import { configGlob, findConfigs, isConfig } from '../commands/configFiles.ts';
import type { ConfigFaults } from '../commands/configFiles.ts';
import type { ContextKeys } from '../config/settings.ts';
import type { CoreService } from '../core/coreService.ts';
import type { Disposes } from '../lifetime.ts';
import type { Problems } from '../ui/problems.ts';
import type { ActionRunner } from '../ui/runAction.ts';

const settleMs = 200;

/** What a run keeps of its config is nobody's to mend. */
const keptCopy = /\/(runs|node_modules)\//;

export interface ConfigCheckParts {
  readonly actions: ActionRunner;
  readonly core: CoreService;
  readonly problems: Problems;
}

export class ConfigChecks implements ConfigFaults, Disposes {
  readonly #parts: ConfigCheckParts;
  /** Errors by config, of those that have any. */
  readonly #errors = new Map<string, { readonly config: Uri; readonly count: number }>();
  readonly #waiting = new Map<string, NodeJS.Timeout>();
  readonly #changed = new EventEmitter<void>();
  readonly #subscriptions: readonly Disposes[];
  readonly onDidChange = this.#changed.event;

  constructor(parts: ConfigCheckParts) {
    this.#parts = parts;
    const watcher = workspace.createFileSystemWatcher(configGlob);
    const look = (config: Uri) => this.#follow(config);
    this.#subscriptions = [
      this.#changed,
      watcher,
      watcher.onDidCreate(look),
      watcher.onDidChange(look),
      watcher.onDidDelete((config) => this.#forget(config)),
      workspace.onDidOpenTextDocument(({ uri }) => look(uri)),
      // Files outside of the folder are not watched.
      workspace.onDidSaveTextDocument(({ uri }) => look(uri)),
      workspace.onDidDeleteFiles(({ files }) => {
        for (const file of files) this.#forget(file);
      }),
      workspace.onDidGrantWorkspaceTrust(() => this.#lookAround()),
    ];
    this.#lookAround();
  }

  /** Of the file on disk. */
  errorsOf(config: Uri): number {
    return this.#errors.get(config.toString())?.count ?? 0;
  }

  /** Reads the file now. @returns what is wrong with it, its data aside. @throws AppError `file.notFound`. */
  async check(config: Uri): Promise<readonly Diagnostic[]> {
    const client = await this.#parts.core.client();
    const { diagnostics } = await client.request('config/check', { file: config.fsPath });
    this.#know(config, diagnostics.filter(({ severity }) => severity === 'error').length);
    return diagnostics;
  }

  dispose(): void {
    for (const part of this.#subscriptions) part.dispose();
    for (const timer of this.#waiting.values()) clearTimeout(timer);
  }

  /** One after the other, so that requests of the user come in between. */
  #lookAround(): void {
    void this.#parts.actions.run('check configs', async () => {
      if (!workspace.isTrusted) return;
      // Where there is no core, whoever needs it is told why.
      if ((await this.#parts.core.client().catch(() => null)) === null) return;
      const opened = workspace.textDocuments.map(({ uri }) => uri).filter(isConfig);
      for (const config of [...opened, ...(await findConfigs())]) await this.#update(config);
    });
  }

  /** Once, where VS Code tells of the same change in two ways. */
  #follow(config: Uri): void {
    if (!workspace.isTrusted || !isConfig(config) || keptCopy.test(config.path)) return;
    const key = config.toString();
    clearTimeout(this.#waiting.get(key));
    const check = () => {
      this.#waiting.delete(key);
      void this.#parts.actions.run('check config', () => this.#update(config));
    };
    this.#waiting.set(key, setTimeout(check, settleMs));
  }

  async #update(config: Uri): Promise<void> {
    // A file may go while it is read; training it says why it cannot be read.
    const diagnostics = await this.check(config).catch(() => null);
    if (diagnostics === null) return;
    const { problems } = this.#parts;
    const wasTried = problems.wasTried(config);
    if (wasTried && !hasErrors(diagnostics)) {
      const client = await this.#parts.core.client();
      const whole = await client.request('config/validate', { file: config.fsPath });
      problems.show(config, whole.diagnostics);
    } else if (wasTried || isOpen(config)) {
      problems.show(config, diagnostics, wasTried ? 'tried' : 'read');
    }
  }

  #forget(config: Uri): void {
    this.#know(config, 0);
    this.#parts.problems.clear(config);
  }

  #know(config: Uri, count: number): void {
    if (this.errorsOf(config) === count) return;
    if (count === 0) this.#errors.delete(config.toString());
    else this.#errors.set(config.toString(), { config, count });
    const key = 'trainbench.unreadableConfigs' satisfies keyof ContextKeys;
    const paths = [...this.#errors.values()].map((entry) => entry.config.fsPath);
    void commands.executeCommand('setContext', key, paths);
    this.#changed.fire();
  }
}

function isOpen(config: Uri): boolean {
  const key = config.toString();
  return workspace.textDocuments.some(({ uri }) => uri.toString() === key);
}
