/** Attaches what exists elsewhere, by form or from YAML, and changes the settings of what is attached. */
import { homedir } from 'node:os';
import { l10n, window } from 'vscode';
import { abilitiesOf } from '../../azure/abilities.ts';
import { attachKinds, isAttachType } from '../../azure/attach/attachKinds.ts';
import type { AttachKind, AttachType } from '../../azure/attach/attachKinds.ts';
import { readAttachments } from '../../azure/attach/attachments.ts';
import { runComputeAction } from '../../azure/computes.ts';
import { explained } from '../../azure/explain.ts';
import { computePath, sameId, subscriptionOf } from '../../azure/resourceIds.ts';
import { documentText, withoutSecrets } from '../../azure/yaml/computeDocument.ts';
import type { ComputeDocument } from '../../azure/yaml/computeDocument.ts';
import { without } from '../../azure/yaml/fields.ts';
import { AppError } from '../../shared/errors.ts';
import type { AzureComputeNode, ComputesNode } from './azureNodes.ts';
import { checked } from './computeCreation.ts';
import type { ComputeCreation } from './computeCreation.ts';
import { agreed } from './confirmations.ts';
import { stayText } from './detachText.ts';
import { attachForm } from './forms/attach/attachForms.ts';
import type { AttachPlace } from './forms/attach/attachPlace.ts';
import { attachedText } from './forms/attach/resourceSteps.ts';
import { documentFrom } from './forms/computeAnswers.ts';
import type { ComputeAnswers } from './forms/computeAnswers.ts';
import { runForm } from './forms/form.ts';
import { kindForm } from './forms/kindForm.ts';
import { resourceOf, withMissingParts } from './missingParts.ts';
import type { RunningOperations } from './runningOperations.ts';
import { saveYaml, showYaml } from './yamlFiles.ts';

export interface AttachmentParts {
  readonly creation: ComputeCreation;
  readonly operations: RunningOperations;
}

export class ComputeAttachment {
  readonly #parts: AttachmentParts;

  constructor(parts: AttachmentParts) {
    this.#parts = parts;
  }

  /** Any kind: the user picks one, beside what each can do. */
  async any(target: ComputesNode): Promise<void> {
    const answers = await runForm<ComputeAnswers>(kindForm(target.workspace.name), {});
    const kind = answers?.form?.kind ?? '';
    if (kind === 'amlcompute') await this.#parts.creation.cluster(target);
    else if (kind === 'computeinstance') await this.#parts.creation.instance(target);
    else if (isAttachType(kind)) await this.attach(target, kind);
  }

  async attach(target: ComputesNode, type: AttachType): Promise<void> {
    const place = await this.#place(target, null);
    const answers = await runForm<ComputeAnswers>(attachForm(type, place), {});
    if (answers === null) return;
    const document = documentFrom(answers, type);
    if (answers.form?.end === 'save') return saveYaml(withoutSecrets(document));
    await this.#send(target, checked(document), answers);
  }

  /** What is read from a file. @param folder that paths in it begin in */
  async fromDocument(
    target: ComputesNode,
    document: ComputeDocument,
    folder: string,
  ): Promise<void> {
    const { connection, workspace } = target;
    const { kind, name, values } = document;
    const place = await this.#place(target, null);
    const resource = await resourceOf(document, connection);
    requireAttachable(document, { place, problem: resource?.problem ?? null });
    const isNew = values['resource_id'] === undefined;
    const { note } = abilitiesOf(kind.computeType);
    const question = isNew
      ? l10n.t('Create {0} in the workspace {1}? {2}', name, workspace.name, note ?? '')
      : l10n.t('Attach {0} to the workspace {1}? {2}', name, workspace.name, note ?? '');
    if (!(await agreed(question, isNew ? l10n.t('Create') : l10n.t('Attach')))) return;
    const url = resource?.facts.workspaceUrl;
    const known = kind.type === 'databricks' && url !== undefined ? { workspace_url: url } : {};
    await this.#send(target, { ...document, values: { ...known, ...values } }, {}, folder);
  }

  /** Settings of an attachment cannot be changed: it is detached and attached anew, which this leads through. */
  async anew({ compute, parent }: AzureComputeNode): Promise<void> {
    const { name } = compute;
    const document = without(await this.#parts.creation.document(parent, name), ['$schema']);
    const type = String(document['type']);
    if (!isAttachType(type) || document['resource_id'] === undefined) {
      const text = l10n.t(
        '{0} was made here: it has no settings that attaching anew would change.',
        name,
      );
      throw new AppError('input.invalid', text);
    }
    const place = await this.#place(parent, name);
    const answers = await runForm<ComputeAnswers>(attachForm(type, place), document);
    if (answers === null) return;
    const changed = documentFrom(answers, type);
    if (answers.form?.end === 'save') return saveYaml(withoutSecrets(changed));
    const text = l10n.t(
      'Detach {0} and attach it anew? Its jobs and what is deployed on it end. {1}',
      name,
      stayText(compute),
    );
    if (!(await agreed(text, l10n.t('Detach and Attach Anew')))) return;
    const whole = await withMissingParts(checked(changed), this.#beside(parent, answers));
    if (whole !== null) await this.#replace(parent, whole);
  }

  /** If the second half fails, what was there is shown as YAML, so that it can be attached again. */
  async #replace(parent: ComputesNode, document: ComputeDocument): Promise<void> {
    const { connection, workspace } = parent;
    const { name } = document;
    const action = { workspace, compute: name, verb: 'detach' } as const;
    const path = computePath(workspace, name);
    await this.#parts.operations.run(connection, { path, verb: 'detach' }, (following) =>
      runComputeAction(connection, action, following),
    );
    try {
      await this.#parts.creation.send(parent, document, 'attach');
    } catch (error) {
      await showYaml(documentText(withoutSecrets(document.values)));
      throw error;
    }
  }

  async #send(
    target: ComputesNode,
    document: ComputeDocument,
    answers: ComputeAnswers,
    folder = homedir(),
  ): Promise<void> {
    const beside = { ...this.#beside(target, answers), folder };
    const whole = await withMissingParts(document, beside);
    if (whole === null) return;
    const verb = whole.values['resource_id'] === undefined ? 'create' : 'attach';
    await this.#parts.creation.send(target, whole, verb);
  }

  #beside({ connection }: ComputesNode, { form }: ComputeAnswers) {
    return { connection, folder: homedir(), passphrase: form?.passphrase };
  }

  async #place(target: ComputesNode, anew: string | null): Promise<AttachPlace> {
    const { connection, workspace } = target;
    const attempt = { what: workspace.name, role: 'Reader' } as const;
    const attachments = await window.withProgress(
      { location: { viewId: 'trainbench.compute' } },
      () => explained(attempt, () => readAttachments(connection, workspace)),
    );
    return { ...this.#parts.creation.place(target), attachments, anew };
  }
}

interface Against {
  readonly place: AttachPlace;
  readonly problem: string | null;
}

/** As the form's list does. @throws AppError with the reason */
function requireAttachable(
  { kind: { type }, name, values }: ComputeDocument,
  { place, problem }: Against,
): void {
  const holder = place.attachments.named(name);
  const id = values['resource_id'];
  if (
    holder !== null &&
    !sameId(holder.properties?.resourceId ?? '', typeof id === 'string' ? id : '?')
  ) {
    const text = l10n.t(
      '{0} is taken by a compute ({1}) of the workspace {2}. Choose another name.',
      name,
      holder.properties?.computeType ?? '',
      place.workspace.name,
    );
    throw new AppError('azure.nameTaken', text);
  }
  if (typeof id !== 'string') return;
  const { subscriptionId } = place.workspace;
  const kind: AttachKind | null = isAttachType(type) ? attachKinds[type] : null;
  const isForeign = kind?.isLocal === true && !sameId(subscriptionOf(id), subscriptionId);
  const reason = isForeign
    ? l10n.t('It has to be in the subscription of the workspace, {0}.', subscriptionId)
    : (attachedText(place, id) ?? problem);
  if (reason === null) return;
  throw new AppError('input.invalid', l10n.t('{0} cannot be attached. {1}', name, reason));
}
