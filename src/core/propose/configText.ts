/** Writes a proposal as YAML, each choice with its reason beside it. */
import { say } from '../../shared/language.ts';
import type { TableReport } from '../../shared/protocol/dataReport.ts';
import type { FeatureChoice, FeatureChoices } from './chooseFeatures.ts';
import type { ModelChoice } from './chooseModel.ts';
import type { RowChoices } from './chooseRows.ts';
import type { TargetChoice } from './chooseTarget.ts';
import { lossOf, trainingText, unitLayer } from './trainingText.ts';
import { category, comment, number, oneLine, text } from './yamlText.ts';

export interface Proposal {
  readonly table: TableReport;
  /** As the config names the file. */
  readonly dataPath: string;
  readonly target: TargetChoice;
  readonly features: FeatureChoices;
  readonly rows: RowChoices;
  readonly model: ModelChoice;
}

/** The text of a config file. */
export function configText(proposal: Proposal): string {
  const { table, dataPath, target } = proposal;
  const { rows, columns } = table;
  const lines = [
    `# ${say`Proposed by Trainbench from ${oneLine(dataPath)}: ${rows} rows, ${columns.length} columns.`}`,
    `# ${say('A start, with its reasons: train it, look at the curve, and change what you like.')}`,
    'version: 1',
    `task: ${target.task}${comment(target.reasons[1])}`,
    'seed: 0',
    ...dataLines(proposal),
    ...modelLines(proposal),
    ...trainingText({
      ...lossOf(target.task),
      ...proposal.model,
      rows: proposal.rows.trainRows,
      metrics: metrics(target),
    }),
    ...predictLines(proposal.features.features),
  ];
  return `${lines.join('\n')}\n`;
}

function dataLines({ table, dataPath, target, features, rows }: Proposal): string[] {
  const { missing, split } = rows;
  const shares = `train: ${split.train}, validation: ${split.validation}`;
  const test = split.test > 0 ? `, test: ${split.test}` : '';
  const stratify = split.stratify ? ', stratify: true' : '';
  return [
    'data:',
    `  path: ${text(dataPath)}`,
    ...formLines(table),
    '  features:',
    ...(features.scaling === null ? [] : [`    # ${features.scaling}`]),
    ...features.features.map(featureLine),
    ...leftOutLines(features.leftOut),
    `  target: ${targetText(target)}${comment(target.reasons[0])}`,
    ...(missing === null ? [] : [`  missing: ${missing.type}${comment(missing.reason)}`]),
    `  split: { ${shares}${test}${stratify} }${comment(split.reason)}`,
  ];
}

/** How the file is written, where not as most are. */
function formLines({ encoding, writing }: TableReport): string[] {
  const lines: string[] = [];
  if (encoding !== null) {
    const { name, line } = encoding;
    const why =
      line === null
        ? say('the file says so with its byte order mark')
        : say`line ${line} is not UTF-8; read as Excel writes it in Western Europe: check the accents`;
    const utf16 = say`line ${line ?? 1} is UTF-16 without a byte order mark`;
    const isGuess = line !== null && name.startsWith('utf-16');
    lines.push(`  encoding: ${name}${comment(isGuess ? utf16 : why)}`);
  }
  if (writing === null) return lines;
  const { decimal, thousands, example } = writing;
  const why = example === null ? '' : comment(say`as in ${example.cell} on line ${example.line}`);
  if (decimal === ',') lines.push(`  decimal: ','${why}`);
  if (thousands !== null) lines.push(`  thousands: ${JSON.stringify(thousands)}${why}`);
  return lines;
}

function targetText({ column, task }: TargetChoice): string {
  const name = text(column.name);
  if (column.unit === null || task === 'classification') return name;
  return `{ name: ${name}, unit: ${text(column.unit)} }`;
}

function featureLine({ column, reason, ...feature }: FeatureChoice): string {
  const { encode, categories, normalize, scale } = feature;
  const keys = [
    `name: ${text(column.name)}`,
    ...(encode === null ? [] : [`encode: ${encode}`]),
    ...(categories === null ? [] : [`categories: [${categories.map(category).join(', ')}]`]),
    ...(column.unit === null || encode !== null ? [] : [`unit: ${text(column.unit)}`]),
    ...(scale === null ? [] : [`scale: ${number(scale)}`]),
    ...(normalize === null ? [] : [`normalize: ${normalize}`]),
  ];
  return `    - { ${keys.join(', ')} }${comment(reason)}`;
}

const shownLeftOut = 20;

function leftOutLines(leftOut: FeatureChoices['leftOut']): string[] {
  if (leftOut.length === 0) return [];
  const shown = leftOut.slice(0, shownLeftOut);
  const more = leftOut.length - shown.length;
  return [
    `    # ${say('Left out:')}`,
    ...shown.map(({ name, reason }) => oneLine(`    #   ${name || say('(no name)')}: ${reason}`)),
    ...(more > 0 ? [`    #   ${say`and ${more} more`}`] : []),
  ];
}

function modelLines({ target, model }: Proposal): string[] {
  const dense = (keys: string, why = ''): string => {
    return `  - { type: Dense, ${keys} }${why === '' ? '' : comment(why)}`;
  };
  const dropout = '  - { type: Dropout, rate: 0.2 }';
  const why = say('many weights for so few rows: this makes learning by heart harder');
  const hidden = model.hidden.flatMap((units, i) => [
    dense(`name: hidden${i + 1}, units: ${units}, activation: relu`),
    ...(model.dropout === null ? [] : [i === 0 ? dropout + comment(why) : dropout]),
  ]);
  const last =
    target.task === 'classification'
      ? [
          dense(
            `name: output, units: ${model.outputs}, activation: softmax`,
            say('one for each class'),
          ),
        ]
      : [
          dense('name: output, units: 1', say('a number')),
          ...(model.unit === null ? [] : unitLayer(model.unit, target.column.name)),
        ];
  return [`model:${comment(model.reason)}`, ...hidden, ...last];
}

/** Accuracy misleads where one class is most of the rows. */
function metrics({ task, column }: TargetChoice): string[] {
  if (task === 'regression') return ['mae', 'rmse', 'r2'];
  const uneven = column.top[0]!.count > 0.6 * column.values;
  return uneven ? ['accuracy', 'precision', 'recall', 'f1'] : ['accuracy'];
}

/** More cells would be a line that nobody reads. */
const mostCells = 20;

/** A row that prediction can be tried with. */
function predictLines(features: readonly FeatureChoice[]): string[] {
  if (features.length > mostCells) return [];
  const cells = features.map(({ column }) => `${text(column.name)}: ${typicalValue(column)}`);
  return [`predict:${comment(say('a typical row'))}`, `  - { ${cells.join(', ')} }`];
}

function typicalValue({ type, numbers, top }: FeatureChoice['column']): string {
  const isNumber = type === 'number' || type === 'integer';
  if (!isNumber || numbers === null) return category(top[0]!.value);
  const median = numbers.quartiles[1];
  return number(type === 'integer' ? Math.round(median) : median);
}
