/** The way to the Azure part, a bundle of its own: whoever does not use Azure never loads it. */
import { createRequire } from 'node:module';
import { EventEmitter } from 'vscode';
import type { AzureExplorer, AzureParts } from '../azure/azureExplorer.ts';
import type { AzureComputeNode, AzureNode, ComputesNode } from '../azure/azureNodes.ts';
import type { ComputePurpose } from '../azure/azurePicker.ts';
import type { Disposes } from '../lifetime.ts';

type AzureBundle = typeof import('../azure/main.ts');
type Verb = Parameters<AzureExplorer['act']>[1];

export class AzureDoor implements Disposes {
  readonly #parts: AzureParts;
  readonly #changed = new EventEmitter<AzureNode | undefined>();
  #opening: Promise<AzureExplorer> | null = null;
  #opened: AzureExplorer | null = null;
  readonly onDidChange = this.#changed.event;

  constructor(parts: AzureParts) {
    this.#parts = parts;
  }

  /** Null before the first look at Azure. */
  get opened(): AzureExplorer | null {
    return this.#opened;
  }

  open(): Promise<AzureExplorer> {
    this.#opening ??= this.#load();
    return this.#opening;
  }

  /** What a menu or the palette asks of a compute. */
  act(node: unknown, verb: Verb): Promise<void> {
    return this.onCompute(node, verb, (azure, compute) => azure.act(compute, verb));
  }

  /** Does something with the compute that was clicked, or that the user picks. */
  async onCompute(
    node: unknown,
    purpose: ComputePurpose,
    action: (azure: AzureExplorer, compute: AzureComputeNode) => Promise<void>,
  ): Promise<void> {
    const azure = await this.open();
    const compute = isCompute(node) ? node : await azure.picker.compute(purpose);
    if (compute !== undefined) await action(azure, compute);
  }

  /** Does something in the workspace that was clicked, or that the user picks. */
  async inWorkspace(
    node: unknown,
    action: (azure: AzureExplorer, computes: ComputesNode) => Promise<void>,
  ): Promise<void> {
    const azure = await this.open();
    const computes = await azure.picker.computesFor(isAzureNode(node) ? node : undefined);
    if (computes !== undefined) await action(azure, computes);
  }

  dispose(): void {
    this.#opened?.dispose();
    this.#changed.dispose();
  }

  async #load(): Promise<AzureExplorer> {
    const { openAzure } = createRequire(import.meta.url)('./azure.cjs') as AzureBundle;
    const azure = await openAzure(this.#parts);
    azure.onDidChange((node) => this.#changed.fire(node));
    this.#opened = azure;
    return azure;
  }
}

/** Menus pass the node that was clicked; the palette passes nothing. */
export function isAzureNode(target: unknown): target is AzureNode {
  if (typeof target !== 'object' || target === null || !('kind' in target)) return false;
  return typeof target.kind === 'string' && target.kind.startsWith('azure.');
}

function isCompute(target: unknown): target is AzureComputeNode {
  return isAzureNode(target) && target.kind === 'azure.compute';
}
