/** An explained step for a terminal: the numbers of the page, with fewer words. */
import { lineText, withSign } from '../shared/explain/formula.ts';
import { lossFormula, weightFormula } from '../shared/explain/lossFormula.ts';
import { optimizerFormula } from '../shared/explain/optimizerFormula.ts';
import { unitFormula } from '../shared/explain/unitFormula.ts';
import { say } from '../shared/language.ts';
import type {
  ExplainedLayer,
  ExplainedStep,
  ExplainedWeight,
  FeatureMaps,
  Strip,
  WeightedUnit,
} from '../shared/protocol/explainStep.ts';
import { alignColumns, formatNumber } from './format.ts';

export function explainText(step: ExplainedStep): string {
  return [heading(step), rowText(step), ...step.layers.map(layerText), answerText(step)]
    .concat([lossText(step), gradientText(step), weightText(step), afterText(step)])
    .filter((part) => part !== '')
    .join('\n\n');
}

function heading({ name, step, epoch, batch, batches, rows, ...rest }: ExplainedStep): string {
  const lines = [
    say`Step ${step + 1} of ${name}: epoch ${epoch}, batch ${batch + 1} of ${batches}, ${rows} rows`,
  ];
  if (!rest.isNext) lines.push(say('It is not the turn of this batch.'));
  if (!rest.remembers) {
    lines.push(say('What the optimizer remembers is not kept here: it is taken as new.'));
  }
  return lines.join('\n');
}

function rowText({ data, row }: ExplainedStep): string {
  const shown = data.rows.find((each) => each.row === row);
  if (shown === undefined) return '';
  const lines = data.features.map(({ name }, i) => {
    const { raw, inputs } = shown.values[i]!;
    return [name, `${typeof raw === 'number' ? formatNumber(raw) : raw} → ${numbers(inputs)}`];
  });
  const title = say`Row ${row + 1}; ${data.target} is ${shown.target}`;
  return lines.length === 0 ? title : `${title}\n${alignColumns(lines)}`;
}

function layerText(layer: ExplainedLayer): string {
  const { name, config, inputs, inputShape, sums, output, maps, unit } = layer;
  // Maps are told by their sizes and a few statistics: their values one by one say nothing.
  const isImage = inputShape.length === 3;
  const lines = inputs.map((strip) => [
    say('in'),
    isImage ? inputShape.join(' x ') : stripText(strip),
  ]);
  if (sums !== null && maps === null) lines.push([say('sums'), stripText(sums)]);
  lines.push([say('out'), maps === null ? stripText(output) : mapsText(maps)]);
  if (unit !== null) {
    const title = say`unit ${unit.index + 1}`;
    const formulas = unitFormula(unit, formatNumber).map((line) => lineText(line, formatNumber));
    const most = isImage ? mostProducts : unit.kind === 'weighted' ? unit.terms.length : 0;
    const all = unit.kind === 'weighted' ? [productsText(unit, most), ...formulas] : formulas;
    all.forEach((line, i) => lines.push([i === 0 ? title : '', line]));
  }
  return `${name} (${config.type})\n${alignColumns(lines)}`;
}

/** Of a convolution, whose sums have dozens. */
const mostProducts = 6;

function mapsText({ height, width, channels, statistics }: FeatureMaps): string {
  const size = `${height} x ${width} x ${channels}`;
  const { finite, zeros, count } = statistics;
  if (finite === null) return size;
  const [min, max, mean] = [finite.min, finite.max, finite.mean].map(formatNumber);
  const share = ((100 * zeros) / count).toFixed(0);
  return `${size}: ${say`from ${min!} to ${max!}, mean ${mean!}, ${share} % zeros`}`;
}

function productsText({ terms, more, bias, sum }: WeightedUnit, most: number): string {
  const put = (value: number) => withSign(value, formatNumber);
  const shown = terms.slice(0, most);
  const left = terms.slice(most).reduce((all, { input, weight }) => all + input * weight, 0);
  const rest = left + (more?.sum ?? 0);
  const products = shown.map(({ input, weight }) => `${put(input)} × ${put(weight)}`);
  if (more !== null || terms.length > most) products.push(`… (${formatNumber(rest)})`);
  if (bias !== null) products.push(put(bias));
  return `z = ${products.join(' + ')} = ${formatNumber(sum)}`;
}

function answerText({ answer }: ExplainedStep): string {
  const isClasses = answer.kind === 'classes';
  const lines = answer.entries.map(({ label, value, target }) => {
    if (!isClasses) return [label, say`${formatNumber(value)}, target ${formatNumber(target)}`];
    const chance = `${(value * 100).toFixed(1)} %`;
    return [label, target === 1 ? `${chance} ← ${say('right')}` : chance];
  });
  return `${say('Answer')}\n${alignColumns(lines)}`;
}

function lossText({ loss, answer, rows }: ExplainedStep): string {
  const line = lossFormula(loss.config, answer, { row: loss.row, format: formatNumber });
  const lines = [line, ...weightFormula(loss, formatNumber)];
  const texts = lines.map((each) => lineText(each, formatNumber));
  const mean = say`mean of the ${rows} rows: ${formatNumber(loss.batch)}`;
  return [say('Loss'), ...[...texts, mean].map((text) => `  ${text}`)].join('\n');
}

function gradientText({ layers }: ExplainedStep): string {
  const parameters = layers.toReversed().flatMap((layer) => layer.parameters);
  const lines = parameters.map(({ name, size, gradient, change }) => {
    const values = [size, gradient, change].map(formatNumber) as [string, string, string];
    return [name, say`size ${values[0]}, gradient ${values[1]}, change ${values[2]}`];
  });
  return lines.length === 0 ? '' : `${say('Backward')}\n${alignColumns(lines)}`;
}

function weightText({ update }: ExplainedStep): string {
  const { weight, optimizer, gathering } = update;
  if (weight === null) return '';
  const lines = optimizerFormula(update, weight, formatNumber);
  const title = say`${weight.tensor} ${placeOf(weight)}, moved by ${optimizer.type}`;
  const { before: w, slope: b, gradient: g } = weight;
  const waits = gathering !== null && gathering.taken < gathering.steps;
  const known = { w, ...(gathering !== null || b !== g ? { b } : {}), ...(waits ? {} : { g }) };
  const given = Object.entries(known).map(([name, value]) => `${name} = ${formatNumber(value)}`);
  const all = [given.join(', '), ...lines.map((line) => lineText(line, formatNumber))];
  if (gathering !== null)
    all.unshift(say`batch ${gathering.taken} of ${gathering.steps} that make one update`);
  return [title, ...all.map((line) => `  ${line}`)].join('\n');
}

/** `[3, 7]`, counted from 0 as arrays are. */
function placeOf({ shape, index }: ExplainedWeight): string {
  let rest = index;
  const places = shape.toReversed().map((size) => {
    const place = rest % size;
    rest = Math.floor(rest / size);
    return place;
  });
  return `[${places.reverse().join(', ')}]`;
}

function afterText({ loss }: ExplainedStep): string {
  const [before, after] = [loss.batch, loss.after].map(formatNumber) as [string, string];
  return say`Loss of the same rows after the update: ${before} → ${after}`;
}

function stripText({ values, count }: Strip): string {
  const left = count - values.length;
  return numbers(values) + (left > 0 ? ` ${say`(and ${left} more)`}` : '');
}

function numbers(values: ArrayLike<number>): string {
  return Array.from(values, formatNumber).join('  ');
}
