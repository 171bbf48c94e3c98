/** What this window does with computes: shown on their nodes, kept until it is over, also over a reload of the window. */
import { EventEmitter, l10n } from 'vscode';
import type { Memento } from 'vscode';
import { runComputeAction } from '../../azure/computes.ts';
import type { ComputeAction } from '../../azure/computes.ts';
import type { AzureConnection } from '../../azure/connection.ts';
import { explained } from '../../azure/explain.ts';
import { resumeOperation } from '../../azure/operations.ts';
import { computePath } from '../../azure/resourceIds.ts';
import type { WorkspaceId } from '../../azure/resourceIds.ts';
import type { ActionRunner } from '../ui/runAction.ts';

interface Kept extends ComputeAction {
  readonly endpoint: string;
  /** Enough to follow it anew: addresses, no token. */
  readonly state: string;
}

const memoryKey = 'trainbench.azure.operations';

export class RunningOperations {
  readonly #memory: Memento;
  readonly #actions: ActionRunner;
  readonly #verbs = new Map<string, ComputeAction['verb']>();
  readonly #changed = new EventEmitter<void>();
  /** Ends the following when the window closes; the operations go on. */
  readonly #closing = new AbortController();
  readonly onDidChange = this.#changed.event;

  constructor(memory: Memento, actions: ActionRunner) {
    this.#memory = memory;
    this.#actions = actions;
  }

  /** In words; null where nothing is under way. */
  busy(connection: AzureConnection, workspace: WorkspaceId, compute: string): string | null {
    const verb = this.#verbs.get(keyOf(connection, workspace, compute));
    return verb === undefined ? null : words()[verb];
  }

  /** Resolves when it is over. */
  async run(connection: AzureConnection, action: ComputeAction): Promise<void> {
    const { endpoint } = connection.cloud;
    await this.#follow(connection, action, () =>
      runComputeAction(connection, action, {
        signal: this.#closing.signal,
        onAccepted: (state) => void this.#keep({ ...action, endpoint, state }),
      }),
    );
  }

  /** Goes on with what an earlier window began in this workspace. */
  resume(connection: AzureConnection, workspace: WorkspaceId, onEnd: () => void): void {
    const path = computePath(workspace, '').toLowerCase();
    const { endpoint } = connection.cloud;
    for (const kept of this.#kept()) {
      const own = computePath(kept.workspace, kept.compute).toLowerCase();
      if (kept.endpoint !== endpoint || !own.startsWith(path)) continue;
      if (this.#verbs.has(keyOf(connection, workspace, kept.compute))) continue;
      const work = () =>
        resumeOperation(connection, kept.state, { signal: this.#closing.signal }).then(onEnd);
      void this.#actions.run(`resume ${kept.verb} of ${kept.compute}`, () =>
        this.#follow(connection, kept, work),
      );
    }
  }

  dispose(): void {
    this.#closing.abort();
    this.#changed.dispose();
  }

  async #follow(
    connection: AzureConnection,
    { compute, verb, workspace }: ComputeAction,
    work: () => Promise<unknown>,
  ): Promise<void> {
    const key = keyOf(connection, workspace, compute);
    this.#verbs.set(key, verb);
    this.#changed.fire();
    const role = /^(start|stop|restart)$/.test(verb) ? 'AzureML Compute Operator' : 'Contributor';
    try {
      await explained({ what: compute, role }, work);
    } finally {
      this.#verbs.delete(key);
      if (!this.#closing.signal.aborted) await this.#forget(connection, workspace, compute);
      this.#changed.fire();
    }
  }

  #kept(): readonly Kept[] {
    return this.#memory.get<readonly Kept[]>(memoryKey, []);
  }

  async #keep(operation: Kept): Promise<void> {
    await this.#memory.update(memoryKey, [...this.#kept(), operation]);
  }

  async #forget({ cloud }: AzureConnection, workspace: WorkspaceId, name: string): Promise<void> {
    const path = computePath(workspace, name);
    const left = this.#kept().filter(
      (kept) =>
        kept.endpoint !== cloud.endpoint || computePath(kept.workspace, kept.compute) !== path,
    );
    await this.#memory.update(memoryKey, left);
  }
}

function keyOf({ cloud }: AzureConnection, workspace: WorkspaceId, compute: string): string {
  return `${cloud.endpoint}${computePath(workspace, compute)}`.toLowerCase();
}

function words(): Readonly<Record<ComputeAction['verb'], string>> {
  return {
    start: l10n.t('starting…'),
    stop: l10n.t('stopping…'),
    restart: l10n.t('restarting…'),
    delete: l10n.t('deleting…'),
    detach: l10n.t('detaching…'),
  };
}
