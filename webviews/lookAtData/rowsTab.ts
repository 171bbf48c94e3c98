/** The first rows as the file has them and, with a config, as the model gets them; wide tables by pages. */
import { fillIn, formatCount, formatValue } from '../../src/shared/numberFormat.ts';
import type {
  DataReport,
  PreparedReport,
  TableReport,
} from '../../src/shared/protocol/dataReport.ts';
import { element } from '../kit/dom.ts';
import { PagedTable, type TableRow } from './pagedTable.ts';
import { placeLink, type ViewContext } from './viewContext.ts';

export function rowsPanel({ table, prepared }: DataReport, context: ViewContext): HTMLElement {
  const { texts } = context;
  const made = element('div', { className: 'rows' });
  if (table === null || table.firstRows.length === 0) {
    made.append(element('p', { text: texts.noRows }));
    return made;
  }
  made.append(element('h2', { text: texts.asFile }), rawTable(table, context));
  if (prepared !== null) {
    made.append(element('h2', { text: texts.asModel }), modelTable(table, prepared, context));
  }
  return made;
}

function rawTable(table: TableReport, context: ViewContext): HTMLElement {
  const rows = table.firstRows.map(({ line, cells }): TableRow => {
    return { heads: [lineLink(table, line, context)], cells };
  });
  const names = table.columns.map(({ name }) => name);
  return new PagedTable({ heads: [context.texts.lineColumn], names, rows }, context).node;
}

function modelTable(
  table: TableReport,
  { inputs, inputWidth, target, firstRows }: PreparedReport,
  context: ViewContext,
): HTMLElement {
  const { texts, locale } = context;
  const number = (value: number | null) => (value === null ? '–' : formatValue(value, locale));
  const rows = firstRows.map((row, i): TableRow => {
    const parts = row.parts.map((part) => texts[`part.${part}`]).join(', ');
    const { target: label } = row;
    return {
      heads: [lineLink(table, table.firstRows[i]?.line ?? 1, context), parts || texts.leftOut],
      cells: [...row.inputs.map(number), typeof label === 'string' ? label : number(label)],
      faded: row.parts.length === 0,
    };
  });
  const names = [...inputs.map(({ name }) => name), `${target} (${texts.target})`];
  const heads = [texts.lineColumn, texts.part];
  const shown = new PagedTable({ heads, names, rows }, context).node;
  if (inputWidth === inputs.length) return shown;
  const note = fillIn(texts.inputsMore, formatCount(inputs.length, locale));
  return element('div', {}, shown, element('p', { className: 'note', text: note }));
}

function lineLink({ file }: TableReport, line: number, context: ViewContext): HTMLElement {
  return placeLink(formatCount(line, context.locale), { file, line }, context);
}
