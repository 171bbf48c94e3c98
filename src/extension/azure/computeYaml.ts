/** YAML of computes in the editor: completion, diagnostics, and creating what it describes. */
import { CompletionItem, CompletionItemKind, MarkdownString, Uri, window, workspace } from 'vscode';
import type { Position, TextDocument } from 'vscode';
import { l10n } from 'vscode';
import { suggestionsAt } from '../../azure/yaml/completion.ts';
import { readComputeYaml } from '../../azure/yaml/computeDocument.ts';
import type { ComputeDocument } from '../../azure/yaml/computeDocument.ts';
import { AppError } from '../../shared/errors.ts';
import type { Problems } from '../ui/problems.ts';

/** As it stands in the editor, else on disk. @throws AppError `config.invalid` with what the Problems view shows */
export async function readComputeFile(file: Uri, problems: Problems): Promise<ComputeDocument> {
  const text = (await workspace.openTextDocument(file)).getText();
  const { compute, diagnostics } = readComputeYaml(text, file.fsPath);
  problems.show(file, diagnostics, 'read');
  if (compute !== null) return compute;
  const [first] = diagnostics;
  const line = first?.start.line ?? 1;
  const message = l10n.t('Line {0}: {1}', line, first?.message ?? '');
  throw new AppError('config.invalid', message, { diagnostics });
}

export function checkComputeYaml(document: TextDocument, problems: Problems): void {
  const { diagnostics } = readComputeYaml(document.getText(), document.uri.fsPath);
  problems.show(document.uri, diagnostics, 'read');
}

export function completeComputeYaml(
  document: TextDocument,
  { character, line }: Position,
): CompletionItem[] {
  const lines = document.getText().split(/\r?\n/);
  return suggestionsAt(lines, line, character).map(({ description, kind, label }) => {
    const isKey = kind === 'key';
    const item = new CompletionItem(
      label,
      isKey ? CompletionItemKind.Property : CompletionItemKind.Value,
    );
    if (description !== '') item.documentation = new MarkdownString(description);
    if (isKey) item.insertText = `${label}: `;
    return item;
  });
}

/** The file that a menu gives, else the one in the editor. */
export function chosenFile(target: unknown): Uri {
  const file = target instanceof Uri ? target : window.activeTextEditor?.document.uri;
  if (file !== undefined) return file;
  throw new AppError('input.invalid', l10n.t('Open the YAML file of a compute first.'));
}
