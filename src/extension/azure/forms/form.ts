/**
 * Forms of VS Code's own lists and boxes, one step at a time with a way back. To make one:
 *
 * 1. Say what it asks as a type of answers; for a resource that is its YAML document (`azure/yaml`).
 * 2. Write the steps with `pickStep` and `textStep`: what is chosen or typed becomes a part of the answers.
 * 3. `await runForm({title, steps}, {})`: the answers, or null where the user gave up.
 *
 * Choices and checks may ask Azure: the step shows that it waits. What costs money or cannot be undone is said at the
 * point of choice, as the `detail` of a choice or the note of a check.
 */
import { askPick } from './pickBox.ts';
import { askText } from './textBox.ts';
import type { Form, Note, Outcome, PickStep, Shown, Step, TextStep } from './formTypes.ts';

/** @returns null where the user gave up. A step whose choices fail says so and lets the user try again; a failed check rejects. */
export async function runForm<Answers extends object>(
  { steps, title }: Form<Answers>,
  begin: Answers,
): Promise<Answers | null> {
  const past: { readonly index: number; readonly answers: Answers }[] = [];
  const said = new Map<number, string>();
  let answers = begin;
  let index = 0;
  for (;;) {
    const applies = ({ when }: Step<Answers>) => when === undefined || when(answers);
    while (index < steps.length && !applies(steps[index]!)) index++;
    const step = steps[index];
    if (step === undefined) return answers;
    const rest = steps.slice(index).filter(applies).length;
    const outcome = await askStep(step, {
      title,
      step: past.length + 1,
      totalSteps: past.length + rest,
      isFirst: past.length === 0,
      answers,
      said: said.get(index),
    });
    if (outcome === 'cancel') return null;
    if (outcome === 'back') {
      ({ answers, index } = past.pop() ?? { answers: begin, index: 0 });
      continue;
    }
    past.push({ answers, index });
    said.set(index, outcome.said);
    answers = { ...answers, ...outcome.answers };
    if (outcome.ends) return answers;
    index++;
  }
}

function askStep<Answers>(step: Step<Answers>, shown: Shown<Answers>): Promise<Outcome<Answers>> {
  return step.kind === 'pick' ? askPick(step, shown) : askText(step, shown);
}

export function pickStep<Answers>(step: Omit<PickStep<Answers>, 'kind'>): PickStep<Answers> {
  return { kind: 'pick', ...step };
}

export function textStep<Answers>(step: Omit<TextStep<Answers>, 'kind'>): TextStep<Answers> {
  return { kind: 'text', ...step };
}

/** Whole numbers. @param limits inclusive */
export function numberNote(
  text: string,
  { least, most, says }: { readonly least: number; readonly most: number; readonly says: string },
): Note | null {
  const value = Number(text);
  const fits = /^\d+$/.test(text.trim()) && value >= least && value <= most;
  return fits ? null : { severity: 'error', text: says };
}
