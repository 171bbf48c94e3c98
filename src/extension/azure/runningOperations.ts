/** What this window does with resources: shown on their nodes, kept until it is over, also over a reload of the window. */
import { env, EventEmitter, l10n } from 'vscode';
import type { Memento } from 'vscode';
import type { AzureConnection } from '../../azure/connection.ts';
import { explained } from '../../azure/explain.ts';
import { resumeOperation } from '../../azure/operations.ts';
import type { Following } from '../../azure/operations.ts';
import { lastName } from '../../azure/resourceIds.ts';
import { usualSeconds } from '../../azure/usualTimes.ts';
import type { ActionRunner } from '../ui/runAction.ts';
import { withProgress } from '../ui/withProgress.ts';

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

interface Begun extends Operation {
  readonly since: Date;
}

export interface Running extends Operation {
  /** The service has taken the request: the resource shows it from now on. */
  readonly onAccepted?: () => void;
}

const memoryKey = 'trainbench.azure.runningOperations';

export class RunningOperations {
  readonly #memory: Memento;
  readonly #actions: ActionRunner;
  readonly #running = new Map<string, Begun>();
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
    const begun = this.#running.get(keyOf(connection, path));
    if (begun === undefined) return null;
    const verb = words()[begun.verb];
    const usual = usualText(begun);
    return usual === '' ? verb : `${verb} (${usual})`;
  }

  /** More of what is under way, a line each; empty where nothing is. */
  details(connection: AzureConnection, path: string): readonly string[] {
    const begun = this.#running.get(keyOf(connection, path));
    if (begun === undefined) return [];
    const since = l10n.t('Since {0}', begun.since.toLocaleTimeString(env.language));
    // Of what we send, the service has a way to cancel only for jobs.
    return [since, l10n.t('Azure has no way to cancel it once it has begun.')];
  }

  /**
   * Until the service has taken the request, it shows as progress that the user can cancel; from then on at the node of what
   * it changes. @param work sends the request and follows it as told. Resolves when it is over.
   */
  async run(
    connection: AzureConnection,
    { onAccepted, path, verb }: Running,
    work: (following: Following) => Promise<void>,
  ): Promise<void> {
    const { endpoint } = connection.cloud;
    const stop = new AbortController();
    let accept: () => void = () => undefined;
    const accepted = new Promise<void>((resolve) => {
      accept = resolve;
    });
    const following = {
      signal: AbortSignal.any([stop.signal, this.#closing.signal]),
      onAccepted: (state: string) => {
        void this.#keep({ path, verb, endpoint, state });
        onAccepted?.();
        accept();
      },
    };
    const all = this.#follow(connection, { path, verb }, () => work(following));
    await withProgress({
      title: `${lastName(path)}: ${words()[verb]}`,
      run(_, signal) {
        signal.addEventListener('abort', () => stop.abort());
        return Promise.race([accepted, all]);
      },
    });
    await all;
  }

  /** Goes on with what an earlier window began at this path or below it. @param onEnd also after a failure */
  resume(connection: AzureConnection, below: string, onEnd: () => void): void {
    const begin = below.toLowerCase();
    const { endpoint } = connection.cloud;
    for (const kept of this.#kept()) {
      const own = kept.path.toLowerCase();
      if (kept.endpoint !== endpoint || !(own === begin || own.startsWith(`${begin}/`))) continue;
      if (this.#running.has(keyOf(connection, kept.path))) continue;
      const work = () =>
        resumeOperation(connection, kept.state, { signal: this.#closing.signal }).finally(onEnd);
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
    this.#running.set(key, { path, verb, since: new Date() });
    this.#changed.fire();
    const role = /^(start|stop|restart)$/.test(verb) ? 'AzureML Compute Operator' : 'Contributor';
    try {
      await explained({ what: lastName(path), role }, work);
    } finally {
      this.#running.delete(key);
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

function usualText({ path, verb }: Operation): string {
  const seconds = usualSeconds(path, verb);
  if (seconds === null) return '';
  return seconds < 60
    ? l10n.t('usually about {0} s', seconds)
    : l10n.t('usually about {0} min', Math.round(seconds / 60));
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
