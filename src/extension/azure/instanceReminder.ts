/** Reminds of compute instances that were left running: each bills until it is stopped. Once a day for each. */
import { l10n, window } from 'vscode';
import type { Memento } from 'vscode';
import type { ComputeTarget } from '../../azure/computes.ts';
import { computePath } from '../../azure/resourceIds.ts';
import type { ComputesNode } from './azureNodes.ts';

const memoryKey = 'trainbench.azure.remindedInstances';
const hourMs = 3_600_000;
/** Somebody who works on it the whole day need not hear of it. */
const longMs = 12 * hourMs;
const againMs = 24 * hourMs;

export interface ReminderParts {
  readonly memory: Memento;
  readonly stop: (node: ComputesNode, compute: ComputeTarget) => Promise<void>;
}

export class InstanceReminder {
  readonly #parts: ReminderParts;

  constructor(parts: ReminderParts) {
    this.#parts = parts;
  }

  /** Looks at the computes of a workspace that were just read. */
  async look(node: ComputesNode, now = Date.now()): Promise<void> {
    const reminded = this.#parts.memory.get<Readonly<Record<string, number>>>(memoryKey, {});
    const path = ({ name }: ComputeTarget) => computePath(node.workspace, name).toLowerCase();
    const left = node.list.items
      .filter((compute) => runsSince(compute) < now - longMs)
      .filter((compute) => now - (reminded[path(compute)] ?? 0) > againMs);
    if (left.length === 0) return;
    const told = Object.fromEntries(left.map((compute) => [path(compute), now]));
    await this.#parts.memory.update(memoryKey, { ...reminded, ...told });
    await this.#remind(node, left, now);
  }

  async #remind(node: ComputesNode, left: readonly ComputeTarget[], now: number): Promise<void> {
    const [first] = left;
    if (first === undefined) return;
    const hours = Math.floor((now - runsSince(first)) / hourMs);
    if (left.length > 1) {
      const text = l10n.t(
        '{0} compute instances have been running for more than 12 hours and bill on: {1} and others.',
        left.length,
        first.name,
      );
      void window.showWarningMessage(text);
      return;
    }
    const stop = l10n.t('Stop It');
    const text = l10n.t(
      '{0} has been running for {1} hours and bills until it is stopped.',
      first.name,
      hours,
    );
    if ((await window.showWarningMessage(text, stop)) === stop) await this.#parts.stop(node, first);
  }
}

/** Infinity for what does not run, or does not say since when. */
function runsSince({ properties }: ComputeTarget): number {
  if (properties?.computeType !== 'ComputeInstance') return Infinity;
  const { lastOperation, state } = properties.properties ?? {};
  const started = lastOperation?.operationTime;
  if (state !== 'Running' || started === undefined) return Infinity;
  return started.getTime();
}
