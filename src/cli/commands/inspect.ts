import { hasErrors } from '../../shared/diagnostics.ts';
import { say } from '../../shared/language.ts';
import { stringifyNumbers } from '../../shared/jsonNumbers.ts';
import type { DataReport } from '../../shared/protocol/dataReport.ts';
import { jsonOption } from '../command.ts';
import type { Command } from '../command.ts';
import { preparedText, tableText } from '../inspectText.ts';
import { withProgress } from '../showProgress.ts';
import { printDiagnostics } from './diagnosticOutput.ts';

export const inspect: Command = {
  name: 'inspect',
  summary: () =>
    say('What a table holds, column by column; of a config also what it makes of its data.'),
  positionals: ['FILE'],
  synopsis: '[--json]',
  options: { json: jsonOption },
  async run(context, given) {
    const { core, terminal, paths } = context;
    const file = paths.resolve(given.positionals[0]!);
    const json = given.flag('json');
    const report = await withProgress(context, () => core.request('data/inspect', { file }));
    const { table, prepared } = report;
    if (json) for (const line of jsonObjects(report)) terminal.print(stringifyNumbers(line));
    else {
      const texts = [
        ...(table === null ? [] : [tableText(table, paths.show(table.file))]),
        ...(prepared === null ? [] : [preparedText(prepared)]),
      ];
      if (texts.length > 0) terminal.print(texts.join('\n\n'));
    }
    const diagnostics = [
      ...(prepared === null ? (table?.diagnostics ?? []) : []),
      ...report.diagnostics,
    ];
    printDiagnostics(context, diagnostics, json);
    return hasErrors(diagnostics) ? 2 : 0;
  },
};

function jsonObjects({ table, prepared }: DataReport): object[] {
  const objects: object[] = [];
  if (table !== null) {
    const { file, rows, encoding, writing, duplicates } = table;
    objects.push({ type: 'table', file, rows, encoding, writing, duplicates });
    objects.push(
      ...table.columns.map(({ type: kind, ...column }) => ({ type: 'column', kind, ...column })),
    );
  }
  if (prepared !== null) {
    const { inputs, ...rest } = prepared;
    objects.push({ type: 'prepared', ...rest });
    objects.push(...inputs.map((input) => ({ type: 'input', ...input })));
  }
  return objects;
}
