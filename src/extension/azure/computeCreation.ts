/** Makes computes, by form or from YAML, and changes those that are there. */
import { env, l10n, Uri, window } from 'vscode';
import {
  putCompute,
  readComputeJson,
  runComputeAction,
  scaleCluster,
} from '../../azure/computes.ts';
import type { ComputeTarget, Scale } from '../../azure/computes.ts';
import { explained } from '../../azure/explain.ts';
import { findSubnet, listSubnets } from '../../azure/networks.ts';
import { computePath } from '../../azure/resourceIds.ts';
import {
  checkCompute,
  computeRequest,
  documentOf,
  documentText,
  withoutSecrets,
} from '../../azure/yaml/computeDocument.ts';
import type { ComputeDocument } from '../../azure/yaml/computeDocument.ts';
import type { Tree } from '../../azure/yaml/fields.ts';
import { durationSeconds } from '../../azure/yaml/codecs.ts';
import type { NetworkDocument } from '../../azure/yaml/codecs.ts';
import { idleShutdownVersion } from '../../azure/yaml/instance.ts';
import { kindOfType } from '../../azure/yaml/kinds.ts';
import { AppError, invariant, isError } from '../../shared/errors.ts';
import type { AzureComputeNode, ComputesNode } from './azureNodes.ts';
import { agreed } from './confirmations.ts';
import { clusterForm } from './forms/clusterForm.ts';
import { documentFrom } from './forms/computeAnswers.ts';
import type { ComputeAnswers, FormPlace } from './forms/computeAnswers.ts';
import { runForm } from './forms/form.ts';
import { identityForm } from './forms/identityForm.ts';
import { instanceBeginning, instanceForm } from './forms/instanceForm.ts';
import { scaleForm } from './forms/scaleForm.ts';
import { estimate } from './estimates.ts';
import { otherWays } from './quotaHelp.ts';
import type { OperationVerb, RunningOperations } from './runningOperations.ts';
import { saveYaml, showYaml } from './yamlFiles.ts';
import type { VmSizes } from '../../azure/vmSizes.ts';

export interface CreationParts {
  readonly operations: RunningOperations;
  readonly sizes: (connection: ComputesNode['connection']) => VmSizes;
  readonly refresh: (node: ComputesNode) => void;
  readonly details: (node: ComputesNode, compute: string) => Promise<void>;
}

export class ComputeCreation {
  readonly #parts: CreationParts;

  constructor(parts: CreationParts) {
    this.#parts = parts;
  }

  async cluster(target: ComputesNode): Promise<void> {
    const answers = await runForm<ComputeAnswers>(clusterForm(this.place(target)), {});
    if (answers !== null) await this.#answered(target, answers, 'amlcompute');
  }

  async instance(target: ComputesNode): Promise<void> {
    // Names count in the whole region, so the user's own begins it, as the lab does.
    const user = (process.env['USER'] ?? process.env['USERNAME'] ?? 'my').replaceAll(
      /[^a-z]/gi,
      '',
    );
    const form = instanceForm(this.place(target), `${user.slice(0, 10) || 'my'}-instance`);
    const answers = await runForm<ComputeAnswers>(form, instanceBeginning);
    if (answers !== null) await this.#answered(target, answers, 'computeinstance');
  }

  /** What is read from a file: asked for with its price, since no form has said it. */
  async fromDocument(target: ComputesNode, document: ComputeDocument): Promise<void> {
    const compute = await withNetwork(target, document);
    const { name } = compute;
    const existing = await this.#find(target, name);
    const price = await estimate(compute, this.place(target));
    if (existing === null) {
      const where = target.workspace.name;
      const question = l10n.t('Create {0} in the workspace {1}? {2}', name, where, price);
      if (await agreed(question, l10n.t('Create'))) await this.send(target, compute, 'create');
      return;
    }
    const take = l10n.t('Use It as It Is');
    const replace = l10n.t('Replace Its Settings');
    const text = l10n.t('{0} is there already. {1}', name, price);
    const choice = await window.showWarningMessage(text, { modal: true }, take, replace);
    if (choice === take) await this.#parts.details(target, name);
    if (choice === replace) await this.send(target, compute, 'update');
  }

  async scale({ compute, parent, price }: AzureComputeNode): Promise<void> {
    const answers = await runForm(scaleForm({ connection: parent.connection, compute, price }), {
      ...scaleOf(compute),
    });
    if (answers === null) return;
    const { idle_time_before_scale_down = 120, max_instances = 0, min_instances = 0 } = answers;
    if (answers.form?.end === 'save') {
      const scale = { idle_time_before_scale_down, max_instances, min_instances };
      return saveYaml({ ...(await this.document(parent, compute.name)), ...scale });
    }
    await this.#resize(parent, compute, {
      least: min_instances,
      most: max_instances,
      idleSeconds: idle_time_before_scale_down,
    });
  }

  async toZero({ compute, parent }: AzureComputeNode): Promise<void> {
    const { name } = compute;
    const text = l10n.t(
      'Resize {0} to zero? All its nodes go, jobs wait until it may grow again, and it costs nothing.',
      name,
    );
    if (!(await agreed(text, l10n.t('Resize to Zero')))) return;
    const { idle_time_before_scale_down: idleSeconds = 120 } = scaleOf(compute);
    await this.#resize(parent, compute, { least: 0, most: 0, idleSeconds });
  }

  /** The service takes an identity only with the whole compute, which is sent again as it is. */
  async identity({ compute, parent }: AzureComputeNode): Promise<void> {
    const answers = await runForm<ComputeAnswers>(
      identityForm(this.place(parent), compute.name),
      {},
    );
    if (answers === null) return;
    const document = await this.document(parent, compute.name);
    const changed = { ...document, identity: answers.identity ?? { type: 'none' } };
    if (answers.form?.end === 'save') await saveYaml(changed);
    else await this.send(parent, checked(changed), 'update');
  }

  async showYaml({ compute, parent }: AzureComputeNode): Promise<void> {
    await showYaml(documentText(await this.document(parent, compute.name)));
  }

  /** What forms of this workspace know. */
  place({ connection, workspace }: ComputesNode): FormPlace {
    return { connection, workspace, sizes: this.#parts.sizes(connection) };
  }

  async #answered(target: ComputesNode, answers: ComputeAnswers, type: string): Promise<void> {
    const { form, name = '' } = answers;
    if (form?.end === 'use') return this.#parts.details(target, name);
    const document = documentFrom(answers, type);
    if (form?.end === 'save') return saveYaml(withoutSecrets(document));
    await this.send(target, checked(document), 'create');
  }

  /** Sends it and follows what that starts, as an operation on its node. */
  async send(target: ComputesNode, compute: ComputeDocument, verb: OperationVerb): Promise<void> {
    const { connection, workspace } = target;
    const request = { ...computeRequest(compute, workspace), workspace, compute: compute.name };
    const path = computePath(workspace, compute.name);
    const refresh = () => this.#parts.refresh(target);
    try {
      await this.#parts.operations.run(
        connection,
        { path, verb, onAccepted: refresh },
        (following) => putCompute(connection, request, following),
      );
    } catch (error) {
      if (!isError(error, 'azure.quota') || verb !== 'create') throw error;
      await this.#otherWay(target, compute, error);
    } finally {
      refresh();
    }
  }

  /** The quota does not allow it: another size or region is one click away. */
  async #otherWay(target: ComputesNode, compute: ComputeDocument, error: unknown): Promise<void> {
    const ways = await otherWays(compute, this.place(target));
    const { portal } = target.connection.cloud;
    const more = portal === '' ? [] : [l10n.t('Request Quota')];
    if (ways.length === 0 && more.length === 0) throw error;
    const labels = ways.map(({ label }) => label);
    const text = error instanceof Error ? error.message : String(error);
    this.#parts.refresh(target);
    const choice = await window.showWarningMessage(text, ...labels, ...more);
    if (choice !== undefined && more.includes(choice)) {
      await env.openExternal(Uri.parse(`${portal}/#view/Microsoft_Azure_Capacity/QuotaMenuBlade`));
    }
    const way = ways.find(({ label }) => label === choice);
    if (way === undefined) return;
    await this.#clear(target, compute.name);
    await this.send(target, checked({ ...compute.values, ...way.values }), 'create');
  }

  /** What failed stays in the workspace under its name, and would not take another size. */
  async #clear(target: ComputesNode, name: string): Promise<void> {
    const left = await this.#find(target, name);
    if (left?.provisioningState !== 'Failed') return;
    const { connection, workspace } = target;
    const action = { workspace, compute: name, verb: 'delete' } as const;
    const path = computePath(workspace, name);
    await this.#parts.operations.run(connection, { path, verb: 'delete' }, (following) =>
      runComputeAction(connection, action, following),
    );
  }

  async #find(
    { connection, workspace }: ComputesNode,
    name: string,
  ): Promise<{ readonly provisioningState?: string } | null> {
    try {
      const attempt = { what: name, role: 'Reader' } as const;
      const json = await explained(attempt, () => readComputeJson(connection, workspace, name));
      return (json as { properties?: { provisioningState?: string } }).properties ?? {};
    } catch (error) {
      if (isError(error, 'azure.notFound')) return null;
      throw error;
    }
  }

  async #resize(parent: ComputesNode, { name }: ComputeTarget, scale: Scale): Promise<void> {
    const { connection, workspace } = parent;
    const path = computePath(workspace, name);
    const onAccepted = () => this.#parts.refresh(parent);
    try {
      await this.#parts.operations.run(
        connection,
        { path, verb: 'resize', onAccepted },
        (following) => scaleCluster(connection, { workspace, compute: name, scale }, following),
      );
    } finally {
      this.#parts.refresh(parent);
    }
  }

  /** Of a compute that is there. @throws AppError for a kind that no document describes */
  async document({ connection, workspace }: ComputesNode, name: string): Promise<Tree> {
    const attempt = { what: name, role: 'Reader' } as const;
    const known = await explained(attempt, () => readComputeJson(connection, workspace, name));
    const type = (known as { properties?: { computeType?: string } }).properties?.computeType;
    // Only a newer version tells when an instance stops by itself.
    const json =
      type === 'ComputeInstance'
        ? await readComputeJson(connection, workspace, name, idleShutdownVersion).catch(() => known)
        : known;
    const document = documentOf(json, workspace);
    if (document !== null) return document;
    const text = l10n.t('{0} is of a kind ({1}) that YAML does not describe.', name, type ?? '');
    throw new AppError('input.invalid', text);
  }
}

/** A network that is named is found in other resource groups too; the service wants its whole id then. */
async function withNetwork(
  { connection, workspace }: ComputesNode,
  compute: ComputeDocument,
): Promise<ComputeDocument> {
  const wanted = compute.values['network_settings'] as NetworkDocument | undefined;
  if (wanted?.vnet_name === undefined || wanted.subnet.includes('/')) return compute;
  const { subnet, vnet_name: network } = wanted;
  const { resourceGroup, subscriptionId } = workspace;
  const attempt = { what: network, role: 'Reader' } as const;
  const subnets = await explained(attempt, () => listSubnets(connection, subscriptionId));
  const found = findSubnet(subnets, { network, subnet, resourceGroup });
  if (found === null) {
    const text = l10n.t(
      'No single virtual network {0} with a subnet {1} is to be seen. Write the whole id of the subnet as network_settings.subnet.',
      network,
      subnet,
    );
    throw new AppError('azure.notFound', text);
  }
  return { ...compute, values: { ...compute.values, network_settings: { subnet: found.id } } };
}

function scaleOf({ properties }: ComputeTarget): ComputeAnswers {
  if (properties?.computeType !== 'AmlCompute') return {};
  const { maxNodeCount, minNodeCount, nodeIdleTimeBeforeScaleDown } =
    properties.properties?.scaleSettings ?? {};
  const idle = durationSeconds(nodeIdleTimeBeforeScaleDown ?? '');
  return {
    ...(minNodeCount === undefined ? {} : { min_instances: minNodeCount }),
    ...(maxNodeCount === undefined ? {} : { max_instances: maxNodeCount }),
    ...(idle === null ? {} : { idle_time_before_scale_down: idle }),
  };
}

/** A form's document that its own schema refuses is a bug of ours. */
export function checked(document: Tree): ComputeDocument {
  const kind = kindOfType(String(document['type']));
  invariant(kind !== null, 'a form makes a known kind');
  const result = checkCompute(kind, document);
  if ('values' in result) return result;
  const [issue] = result.issues;
  throw new AppError(
    'internal',
    `internal: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`,
  );
}
