/** What is wrong with the file or the config: each with a link to its line. */
import type { Diagnostic, Severity } from '../../src/shared/diagnostics.ts';
import type { DataReport } from '../../src/shared/protocol/dataReport.ts';
import { element } from '../kit/dom.ts';
import { placeLink, type ViewContext } from './viewContext.ts';

const signs: Readonly<Record<Severity, string>> = { error: '✖', warning: '⚠', info: 'ℹ' };

/** Hidden where there is nothing to say. */
export function problemList(report: DataReport, context: ViewContext): HTMLElement {
  const title = element('h2', { text: context.texts.problems });
  const list = element('ul', { className: 'problems' });
  const found = diagnosticsOf(report);
  list.append(...found.map((diagnostic) => problem(diagnostic, context)));
  const made = element('section', { id: 'problems' }, title, list);
  made.hidden = found.length === 0;
  return made;
}

/**
 * The preparation has read the same file and says what the table's diagnostics say. What is merely worth knowing is
 * in the tabs.
 */
function diagnosticsOf({ table, prepared, diagnostics }: DataReport): readonly Diagnostic[] {
  const own = prepared === null ? (table?.diagnostics ?? []) : [];
  const said = new Set(diagnostics.map(({ message }) => message));
  const all = [...diagnostics, ...own.filter(({ message }) => !said.has(message))];
  return all.filter(({ severity }) => severity !== 'info');
}

function problem(
  { severity, message, hint, file, start }: Diagnostic,
  context: ViewContext,
): HTMLElement {
  const name = file.split(/[\\/]/).at(-1)!;
  const { line } = start;
  const link = placeLink(`${name}:${line}`, { file, line }, context);
  const sign = element('span', { className: 'sign', text: signs[severity] });
  const text = element('span', { text: hint === undefined ? message : `${message} (${hint}) ` });
  return element('li', { className: severity }, sign, text, link);
}
