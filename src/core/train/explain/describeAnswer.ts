/** What the model answers for the row, against what it should. */
import type { AnswerEntry, ExplainedAnswer } from '../../../shared/protocol/explainStep.ts';
import { outputKind, probabilities } from '../prediction.ts';
import type { StepLook } from './stepLook.ts';
import { rowWidth } from './strips.ts';

const mostEntries = 12;

export async function describeAnswer(look: StepLook): Promise<ExplainedAnswer> {
  const entries = await answerEntries(look);
  const { kind } = look.prepared.data.preprocessing.target;
  if (entries.length <= mostEntries) return { kind, entries, more: 0 };
  const rank = ({ value, target }: AnswerEntry) => (target > 0 ? Infinity : value);
  const chosen = new Set([...entries].sort((a, b) => rank(b) - rank(a)).slice(0, mostEntries));
  return {
    kind,
    entries: entries.filter((entry) => chosen.has(entry)),
    more: entries.length - chosen.size,
  };
}

async function answerEntries({ prepared, worked, row }: StepLook): Promise<AnswerEntry[]> {
  const { config, data } = prepared;
  const { target } = data.preprocessing;
  const last = worked.program.layers.at(-1)!.value;
  const width = rowWidth(last);
  const output = await worked.read(last.buffer, row * width, width);
  const number = worked.rows[row]!;
  const kind = outputKind(target, config, last.shape.slice(1));
  if (kind === 'numbers') {
    const { y } = data.train;
    return Array.from(output, (value, i) => ({
      label: target.names[i] ?? String(i),
      value,
      target: y[number * width + i]!,
    }));
  }
  const right = data.train.y[number]!;
  return probabilities(output, kind).map((value, i) => ({
    label: target.names[i] ?? String(i),
    value,
    target: i === right ? 1 : 0,
  }));
}
