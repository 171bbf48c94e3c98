/** Shows a step that is a list. */
import { l10n, window } from 'vscode';
import type { QuickPick, QuickPickItem } from 'vscode';
import { errorMessage } from '../../../shared/errors.ts';
import type { Choice, Outcome, PickStep, Shown } from './formTypes.ts';
import { frameStep } from './stepFrame.ts';

type ChoiceItem<Answers> = QuickPickItem & {
  /** Null for the line that tells of a failure: choosing it tries again. */
  readonly choice: Choice<Answers> | null;
};

export function askPick<Answers>(
  step: PickStep<Answers>,
  shown: Shown<Answers>,
): Promise<Outcome<Answers>> {
  return new Promise((resolve) => {
    const box = window.createQuickPick<ChoiceItem<Answers>>();
    let isOver = false;
    const end = (outcome: Outcome<Answers>) => {
      if (isOver) return;
      isOver = true;
      resolve(outcome);
      box.dispose();
    };
    dress(box, step);
    frameStep(box, { links: step.links, shown, leave: end });
    const load = () => {
      box.busy = true;
      // `choices` may throw before it gives a promise.
      void (async () => step.choices(shown.answers))().then(
        (choices) => {
          if (!isOver) fill(box, { choices, said: shown.said });
        },
        (error: unknown) => {
          if (!isOver) showFailure(box, error);
        },
      );
    };
    box.onDidAccept(() => {
      if (box.busy) return;
      if (box.selectedItems.some(({ choice }) => choice === null)) {
        load();
        return;
      }
      const chosen = box.selectedItems.flatMap(({ choice }) => choice ?? []);
      if (chosen.some(({ isRefused }) => isRefused === true)) {
        refuse(box, chosen);
        return;
      }
      const outcome = outcomeOf(step, shown.answers, chosen);
      if (outcome !== null) end(outcome);
    });
    box.show();
    load();
  });
}

function dress<Answers>(
  box: QuickPick<ChoiceItem<Answers>>,
  { join, question }: PickStep<Answers>,
): void {
  box.placeholder = question;
  box.matchOnDescription = true;
  box.matchOnDetail = true;
  box.canSelectMany = join !== undefined;
  box.busy = true;
}

function fill<Answers>(
  box: QuickPick<ChoiceItem<Answers>>,
  {
    choices,
    said,
  }: { readonly choices: readonly Choice<Answers>[]; readonly said: string | undefined },
): void {
  const items = choices.map((choice): ChoiceItem<Answers> => {
    const { description, detail, label } = choice;
    return {
      label: choice.isRefused === true ? `$(circle-slash) ${label}` : label,
      choice,
      ...(description === undefined ? {} : { description }),
      ...(detail === undefined ? {} : { detail }),
    };
  });
  box.busy = false;
  box.items = items;
  if (items.length === 0) box.placeholder = l10n.t('There is nothing to choose from');
  const before = said?.split('\n') ?? [];
  const wanted =
    said === undefined
      ? items.filter(({ choice }) => choice?.isDefault === true)
      : items.filter(({ label }) => before.includes(label));
  if (box.canSelectMany) box.selectedItems = wanted;
  else box.activeItems = wanted.slice(0, 1);
}

/** What was answered so far is not lost: the user tries again, or goes back. */
function showFailure<Answers>(box: QuickPick<ChoiceItem<Answers>>, error: unknown): void {
  box.busy = false;
  const label = `$(error) ${l10n.t('Try again')}`;
  box.items = [{ label, detail: errorMessage(error), alwaysShow: true, choice: null }];
}

/** The list stays, and says once more why this is not taken. */
function refuse<Answers>(
  box: QuickPick<ChoiceItem<Answers>>,
  [chosen]: readonly Choice<Answers>[],
): void {
  box.value = '';
  box.placeholder = chosen?.detail ?? '';
}

function outcomeOf<Answers>(
  { join }: PickStep<Answers>,
  answers: Answers,
  chosen: readonly Choice<Answers>[],
): Outcome<Answers> | null {
  const said = chosen.map(({ label }) => label).join('\n');
  if (join !== undefined) return { answers: join(chosen, answers), said, ends: false };
  const [choice] = chosen;
  return choice === undefined
    ? null
    : { answers: choice.answers, said, ends: choice.ends === true };
}
