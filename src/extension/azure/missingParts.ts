/** Fills in what a document only names or leaves out, just before it is sent: texts of files, secrets, hosts. Nothing of it is kept. */
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { l10n, window } from 'vscode';
import { attachKinds, isAttachType } from '../../azure/attach/attachKinds.ts';
import type { Attachable } from '../../azure/attach/attachable.ts';
import { hdInsightHost } from '../../azure/attach/hdInsight.ts';
import type { AzureConnection } from '../../azure/connection.ts';
import { explained } from '../../azure/explain.ts';
import { readPrivateKey } from '../../azure/privateKeys.ts';
import { lastName, sameId, subscriptionOf } from '../../azure/resourceIds.ts';
import type { ComputeDocument } from '../../azure/yaml/computeDocument.ts';
import { put, valueIn } from '../../azure/yaml/fields.ts';
import type { Tree } from '../../azure/yaml/fields.ts';
import { AppError, errorMessage, isError } from '../../shared/errors.ts';

export interface Beside {
  /** Folder that paths of files begin in; the user's home for a form, whose paths are whole. */
  readonly folder: string;
  /** Of the private key, where a form has asked for it. */
  readonly passphrase?: string | undefined;
  readonly connection: AzureConnection;
}

/** @returns null where the user gave up. @throws AppError where a file cannot be read */
export async function withMissingParts(
  document: ComputeDocument,
  beside: Beside,
): Promise<ComputeDocument | null> {
  const values = structuredClone(document.values);
  await addFiles(document, values, beside);
  addHost(document, values, beside.connection);
  for (const { key, question, usual } of questionsOf(document.kind.type, values)) {
    const isSecret = usual === undefined;
    const text = await window.showInputBox({
      title: document.name,
      prompt: question,
      password: isSecret,
      ignoreFocusOut: true,
      ...(isSecret ? {} : { value: usual }),
    });
    if (text === undefined || text === '') return null;
    put(values, key, text);
  }
  return { ...document, values };
}

async function addFiles(
  { kind }: ComputeDocument,
  values: Tree,
  { folder, passphrase }: Beside,
): Promise<void> {
  for (const { file, text } of kind.files ?? []) {
    const named = valueIn(values, file);
    if (typeof named !== 'string' || valueIn(values, text) !== undefined) continue;
    const whole = path.resolve(folder, named.replace(/^~(?=$|[/\\])/, homedir()));
    const read = await readFile(whole, 'utf8').catch((error: unknown) => {
      throw unreadable(file, whole, errorMessage(error));
    });
    put(
      values,
      text,
      file.endsWith('ssh_private_key_file') ? await openKey(whole, read, passphrase) : read,
    );
  }
}

function unreadable(key: string, file: string, reason: string): AppError {
  const text = l10n.t('{0} names {1}, which cannot be used: {2}', key, file, reason);
  return new AppError('input.invalid', text);
}

/** Asks for the passphrase until it opens the key. @throws AppError `protocol.cancelled` where the user gives up */
async function openKey(file: string, text: string, known?: string): Promise<string> {
  let passphrase = known;
  for (;;) {
    const key = readPrivateKey(text, passphrase);
    if (key.kind === 'key') return key.text;
    if (key.kind === 'none') throw unreadable('ssh_private_key_file', file, key.problem);
    passphrase = await window.showInputBox({
      title: file,
      prompt: l10n.t('Passphrase of the key. It stays here; Azure gets the key without it.'),
      password: true,
      ignoreFocusOut: true,
    });
    if (passphrase === undefined) {
      throw new AppError('protocol.cancelled', l10n.t('cancelled'));
    }
  }
}

function addHost({ kind }: ComputeDocument, values: Tree, { cloud }: AzureConnection): void {
  if (kind.type !== 'hdinsight' || values['address'] !== undefined) return;
  values['address'] = hdInsightHost(lastName(String(values['resource_id'])), cloud.name);
}

interface Question {
  readonly key: string;
  readonly question: string;
  /** What stands there at first; absent for a secret. */
  readonly usual?: string;
}

function questionsOf(type: string, values: Tree): readonly Question[] {
  const questions: Question[] = [];
  if (type === 'virtualmachine' || type === 'hdinsight') {
    if (valueIn(values, 'ssh_settings.admin_username') === undefined) {
      const usual = type === 'hdinsight' ? 'sshuser' : 'azureuser';
      const question = l10n.t('As which user do jobs come in, by SSH?');
      questions.push({ key: 'ssh_settings.admin_username', question, usual });
    }
    const ways = ['ssh_settings.admin_password', 'ssh_settings.ssh_private_key'];
    if (ways.every((key) => valueIn(values, key) === undefined)) {
      const question = l10n.t('Password of that user.');
      questions.push({ key: ways[0]!, question });
    }
  }
  if (type === 'databricks' && values['access_token'] === undefined) {
    const question = l10n.t('A personal access token of that Databricks workspace.');
    questions.push({ key: 'access_token', question });
  }
  return questions;
}

/** The resource that a document attaches, as its subscription lists it. Null where it names none, or may not be seen. */
export async function resourceOf(
  { kind: { type }, values }: ComputeDocument,
  connection: AzureConnection,
): Promise<Attachable | null> {
  const id = values['resource_id'];
  if (typeof id !== 'string' || !isAttachType(type)) return null;
  const subscriptionId = subscriptionOf(id);
  try {
    const attempt = { what: lastName(id), role: 'Reader' } as const;
    const found = await explained(attempt, () =>
      attachKinds[type].list(connection, subscriptionId),
    );
    return found.find((one) => sameId(one.id, id)) ?? null;
  } catch (error) {
    if (isError(error, 'azure.forbidden')) return null; // the service itself may still see it
    throw error;
  }
}
