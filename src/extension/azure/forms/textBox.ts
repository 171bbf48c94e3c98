/** Shows a step that is a line of text. */
import { InputBoxValidationSeverity, window } from 'vscode';
import type { InputBox } from 'vscode';
import type { Ending, Note, Outcome, Shown, TextStep } from './formTypes.ts';
import { frameStep } from './stepFrame.ts';

const severities: Readonly<Record<Note['severity'], InputBoxValidationSeverity>> = {
  error: InputBoxValidationSeverity.Error,
  warning: InputBoxValidationSeverity.Warning,
  info: InputBoxValidationSeverity.Info,
};

export function askText<Answers>(
  step: TextStep<Answers>,
  shown: Shown<Answers>,
): Promise<Outcome<Answers>> {
  return new Promise((resolve, reject) => {
    const box = window.createInputBox();
    let isOver = false;
    const end = (outcome: Outcome<Answers>) => {
      if (isOver) return;
      isOver = true;
      resolve(outcome);
      box.dispose();
    };
    const fail = (error: unknown) => {
      isOver = true;
      box.dispose();
      reject(error instanceof Error ? error : new Error(String(error)));
    };
    const check = async (text: string): Promise<Note | null> => {
      const note = (await step.check?.(text, shown.answers)) ?? null;
      if (!isOver && box.value === text) box.validationMessage = messageOf(note);
      return note;
    };
    dress(box, step, shown);
    frameStep(box, { links: step.links, shown, leave: end });
    box.onDidChangeValue((text) => void check(text).catch(fail));
    box.onDidAccept(() => void accept(box, check, step.take, shown.answers).then(taken, fail));
    const taken = (outcome: Outcome<Answers> | null) => {
      if (outcome !== null) end(outcome);
    };
    box.show();
    // What stands there may already deserve a word; an empty box does not.
    if (box.value !== '') void check(box.value).catch(fail);
  });
}

async function accept<Answers>(
  box: InputBox,
  check: (text: string) => Promise<Note | null>,
  take: TextStep<Answers>['take'],
  answers: Answers,
): Promise<Outcome<Answers> | null> {
  const said = box.value;
  box.busy = true;
  const note = await check(said);
  box.busy = false;
  if (note?.severity === 'error' || box.value !== said) return null;
  const taken = take(said, answers);
  return isEnding(taken)
    ? { answers: taken.answers, said, ends: true }
    : { answers: taken, said, ends: false };
}

function isEnding<Answers>(taken: Partial<Answers> | Ending<Answers>): taken is Ending<Answers> {
  return 'ends' in taken;
}

function dress<Answers>(
  box: InputBox,
  { isSecret, placeholder, prompt, question, value }: TextStep<Answers>,
  { answers, said }: Shown<Answers>,
): void {
  box.prompt = prompt === undefined ? question : `${question} ${prompt(answers)}`;
  box.placeholder = placeholder ?? '';
  box.password = isSecret === true;
  box.value = said ?? value?.(answers) ?? '';
}

function messageOf(note: Note | null) {
  return note === null ? undefined : { message: note.text, severity: severities[note.severity] };
}
