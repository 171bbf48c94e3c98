/** What this window does with resources: shown on their nodes, kept until it is over, also over a reload of the window. */
import { EventEmitter, l10n } from 'vscode';
import type { Memento } from 'vscode';
import type { AzureConnection } from '../../azure/connection.ts';
import { explained } from '../../azure/explain.ts';
import { resumeOperation } from '../../azure/operations.ts';
import type { Following } from '../../azure/operations.ts';
import { lastName } from '../../azure/resourceIds.ts';
import type { ActionRunner } from '../ui/runAction.ts';

export type OperationVerb =
  'create' | 'attach' | 'update' | 'resize' | 'start' | 'stop' | 'restart' | 'delete' | 'detach';

export interface Operation {
  readonly verb: OperationVerb;
  /** Of the resource that it changes. */
  readonly path: string;
}

interface Kept extends Operation {
  readonly endpoint: string;
  /** Enough to follow it anew: addresses, no token. */
  readonly state: string;
}

export interface Running extends Operation {
  /** The service has taken the request: the resource shows it from now on. */
  readonly onAccepted?: () => void;
}

const memoryKey = 'trainbench.azure.runningOperations';

export class RunningOperations {
  readonly #memory: Memento;
  readonly #actions: ActionRunner;
  readonly #verbs = new Map<string, OperationVerb>();
  readonly #changed = new EventEmitter<void>();
  /** Ends the following when the window closes; the operations go on. */
  readonly #closing = new AbortController();
  readonly onDidChange = this.#changed.event;

  constructor(memory: Memento, actions: ActionRunner) {
    this.#memory = memory;
    this.#actions = actions;
  }

  /** In words; null where nothing is under way. */
  busy(connection: AzureConnection, path: string): string | null {
    const verb = this.#verbs.get(keyOf(connection, path));
    return verb === undefined ? null : words()[verb];
  }

  /** @param work sends the request and follows it as told. Resolves when it is over. */
  async run(
    connection: AzureConnection,
    { onAccepted, path, verb }: Running,
    work: (following: Following) => Promise<void>,
  ): Promise<void> {
    const { endpoint } = connection.cloud;
    await this.#follow(connection, { path, verb }, () =>
      work({
        signal: this.#closing.signal,
        onAccepted: (state) => {
          void this.#keep({ path, verb, endpoint, state });
          onAccepted?.();
        },
      }),
    );
  }

  /** Goes on with what an earlier window began at this path or below it. */
  resume(connection: AzureConnection, below: string, onEnd: () => void): void {
    const begin = below.toLowerCase();
    const { endpoint } = connection.cloud;
    for (const kept of this.#kept()) {
      const own = kept.path.toLowerCase();
      if (kept.endpoint !== endpoint || !(own === begin || own.startsWith(`${begin}/`))) continue;
      if (this.#verbs.has(keyOf(connection, kept.path))) continue;
      const work = () =>
        resumeOperation(connection, kept.state, { signal: this.#closing.signal }).then(onEnd);
      void this.#actions.run(`resume ${kept.verb} of ${lastName(kept.path)}`, () =>
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
    { path, verb }: Operation,
    work: () => Promise<unknown>,
  ): Promise<void> {
    const key = keyOf(connection, path);
    this.#verbs.set(key, verb);
    this.#changed.fire();
    const role = /^(start|stop|restart)$/.test(verb) ? 'AzureML Compute Operator' : 'Contributor';
    try {
      await explained({ what: lastName(path), role }, work);
    } finally {
      this.#verbs.delete(key);
      if (!this.#closing.signal.aborted) await this.#forget(connection, path);
      this.#changed.fire();
    }
  }

  #kept(): readonly Kept[] {
    return this.#memory.get<readonly Kept[]>(memoryKey, []);
  }

  async #keep(operation: Kept): Promise<void> {
    await this.#memory.update(memoryKey, [...this.#kept(), operation]);
  }

  async #forget({ cloud }: AzureConnection, path: string): Promise<void> {
    const left = this.#kept().filter(
      (kept) => kept.endpoint !== cloud.endpoint || kept.path.toLowerCase() !== path.toLowerCase(),
    );
    await this.#memory.update(memoryKey, left);
  }
}

function keyOf({ cloud }: AzureConnection, path: string): string {
  return `${cloud.endpoint}${path}`.toLowerCase();
}

function words(): Readonly<Record<OperationVerb, string>> {
  return {
    create: l10n.t('creating…'),
    attach: l10n.t('attaching…'),
    update: l10n.t('changing…'),
    resize: l10n.t('resizing…'),
    start: l10n.t('starting…'),
    stop: l10n.t('stopping…'),
    restart: l10n.t('restarting…'),
    delete: l10n.t('deleting…'),
    detach: l10n.t('detaching…'),
  };
}
