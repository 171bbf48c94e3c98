/** Which layer's output goes into which: `inputs` by name, by default the layer before. */
import { say } from '../../shared/language.ts';
import type { IsDamaged } from '../../shared/model/draft.ts';
import type { LayerConfig } from '../../shared/model/layers.ts';
import { suggestion } from '../../shared/model/suggest.ts';
import type { TrainConfig } from '../../shared/model/trainConfig.ts';
import { kindName } from './layerNames.ts';
import type { ModelProblem } from './modelProblem.ts';

/** Index of a layer in the config, or the rows of the data. */
export type Source = number | 'data';

/** What `inputs` calls the rows themselves. */
export const dataName = 'data';

export interface Connections {
  /** By layer; null where it is not known what comes in. */
  readonly sources: readonly (readonly Source[] | null)[];
  /** Layers in an order in which each comes after its sources; those in or behind a cycle are missing. */
  readonly order: readonly number[];
  /** The layers that the last one depends on, itself among them: the model. */
  readonly used: ReadonlySet<number>;
  readonly problems: readonly ModelProblem[];
}

export function connectLayers(
  model: TrainConfig['model'],
  names: readonly string[],
  isDamaged: IsDamaged,
): Connections {
  const damaged = model.some((_, index) => isDamaged(['model', index, 'name']));
  const problems: ModelProblem[] = [];
  const sources = model.map((layer, index): readonly Source[] | null => {
    if (isDamaged(['model', index, 'inputs'])) return null;
    const found = sourcesOf(layer, { index, names });
    if (!damaged) problems.push(...found.problems);
    const complete = found.sources.filter((source) => source !== null);
    return complete.length === found.sources.length ? complete : null;
  });
  const order = computingOrder(sources);
  const used = reachable(sources);
  const certain = !damaged && problems.length === 0 && sources.every((s) => s !== null);
  const rings = certain ? cycles({ model, names, sources, order }) : [];
  const whole = certain && rings.length === 0;
  const unused = whole ? unusedLayers({ model, names, sources, used }) : [];
  return { sources, order, used, problems: [...problems, ...rings, ...unused] };
}

interface Place {
  readonly index: number;
  readonly names: readonly string[];
}

function sourcesOf(layer: LayerConfig, { index, names }: Place) {
  const inputs = 'inputs' in layer ? layer.inputs : undefined;
  const before: Source = index === 0 ? 'data' : index - 1;
  const written = inputs === undefined ? [] : [inputs].flat();
  const found = written.map((name) => sourceNamed(name, names));
  const unknown = written.flatMap((name, i): ModelProblem[] => {
    if (found[i] !== null) return [];
    const message = say`${kindName(layer.type)} "${names[index]!}": no layer is called \`${name}\``;
    const hint = suggestion(name, [...names, dataName]);
    const path = ['model', index, 'inputs', ...(Array.isArray(inputs) ? [i] : [])];
    return [{ code: 'model.unknownLayer', message, path, hint }];
  });
  const sources = inputs === undefined ? [before] : found;
  return { sources, problems: [...unknown, ...countProblem(layer, { index, names }, sources)] };
}

function sourceNamed(name: string, names: readonly string[]): Source | null {
  const index = names.indexOf(name);
  return index >= 0 ? index : name === dataName ? 'data' : null;
}

/** Layers that join branches; all others take one input. */
const joining: readonly LayerConfig['type'][] = ['Add', 'Multiply', 'Concatenate'];

function countProblem(
  { type }: LayerConfig,
  { index, names }: Place,
  { length }: readonly unknown[],
): ModelProblem[] {
  const joins = joining.includes(type);
  if (joins ? length > 1 : length === 1) return [];
  const title = `${kindName(type)} "${names[index]!}"`;
  const problem = { code: 'model.inputCount', path: ['model', index, 'inputs'] };
  const hint = joins
    ? say('name two layers or more: `inputs: [left, right]`')
    : say('join them with Add, Multiply or Concatenate');
  const message = joins
    ? say`${title}: expects at least two inputs, gets ${length}`
    : say`${title}: expects one input, gets ${length}`;
  return [{ ...problem, message, hint }];
}

/** Layers that wait for one another are left out; else the order of the config is kept where it can be. */
function computingOrder(sources: Connections['sources']): number[] {
  const order: number[] = [];
  const placed = new Set<Source>(['data']);
  let found = true;
  while (found) {
    const next = sources.findIndex(
      (needs, index) => !placed.has(index) && (needs ?? []).every((source) => placed.has(source)),
    );
    found = next >= 0;
    if (found) {
      order.push(next);
      placed.add(next);
    }
  }
  return order;
}

function reachable(sources: Connections['sources']): Set<number> {
  const used = new Set<number>();
  const waiting: Source[] = [sources.length - 1];
  for (const index of waiting) {
    if (index === 'data' || used.has(index)) continue;
    used.add(index);
    waiting.push(...(sources[index] ?? []));
  }
  return used;
}

interface Graph {
  readonly model: TrainConfig['model'];
  readonly names: readonly string[];
  readonly sources: Connections['sources'];
}

/** One for each ring, at its first layer. */
function cycles({
  model,
  names,
  sources,
  order,
}: Graph & { readonly order: readonly number[] }): ModelProblem[] {
  const seen = new Set<number>(order);
  const problems: ModelProblem[] = [];
  for (const [index, { type }] of model.entries()) {
    const ring = seen.has(index) ? null : ringThrough(index, sources);
    if (ring === null) continue;
    ring.forEach((member) => seen.add(member));
    const way = [...ring, index].map((member) => names[member]!).join(' → ');
    const message = say`${kindName(type)} "${names[index]!}": waits for its own output: ${way}`;
    problems.push({ code: 'model.cycle', message, path: ['model', index, 'inputs'] });
  }
  return problems;
}

/** From a layer along its outputs back to it; null when it is in no ring. */
function ringThrough(start: number, sources: Connections['sources']): number[] | null {
  const from = new Map<number, number>();
  const waiting = [start];
  for (const index of waiting) {
    for (const source of sources[index] ?? []) {
      if (source === 'data' || from.has(source)) continue;
      from.set(source, index);
      waiting.push(source);
    }
  }
  const ring = [start];
  for (let next = from.get(start); next !== start; next = from.get(next)) {
    if (next === undefined) return null;
    ring.push(next);
  }
  return ring;
}

/** At the ends of branches that lead nowhere. */
function unusedLayers({
  model,
  names,
  sources,
  used,
}: Graph & { readonly used: ReadonlySet<number> }): ModelProblem[] {
  const taken = new Set(sources.flatMap((all) => all ?? []));
  return model.flatMap(({ type }, index): ModelProblem[] => {
    if (used.has(index) || taken.has(index)) return [];
    const message = say`${kindName(type)} "${names[index]!}": no layer takes its output, so it is left out of the model`;
    const hint = say('name it in the `inputs` of another layer, or remove it');
    return [
      { code: 'model.unusedLayer', severity: 'warning', message, path: ['model', index], hint },
    ];
  });
}
