/** What a list and a line of text have in common as a step: where it is in its form, links, the way back, and leaving by Escape. */
import { QuickInputButtons } from 'vscode';
import type { InputBox } from 'vscode';
import type { Link, Shown } from './formTypes.ts';
import { linkButtons } from './linkButtons.ts';

/** What VS Code's lists and boxes share. */
type Box = Pick<
  InputBox,
  | 'buttons'
  | 'ignoreFocusOut'
  | 'onDidHide'
  | 'onDidTriggerButton'
  | 'step'
  | 'title'
  | 'totalSteps'
>;

interface Frame<Answers> {
  readonly links: readonly Link[] | undefined;
  readonly shown: Shown<Answers>;
  /** Does nothing where the step is over: a box that is disposed hides, too. */
  readonly leave: (how: 'back' | 'cancel') => void;
}

export function frameStep<Answers>(box: Box, { leave, links, shown }: Frame<Answers>): void {
  const buttons = linkButtons(links);
  box.title = shown.title;
  box.step = shown.step;
  box.totalSteps = shown.totalSteps;
  box.ignoreFocusOut = true;
  box.buttons = [...(shown.isFirst ? [] : [QuickInputButtons.Back]), ...buttons.keys()];
  box.onDidTriggerButton((button) => {
    if (button === QuickInputButtons.Back) leave('back');
    else buttons.get(button)?.open();
  });
  box.onDidHide(() => leave('cancel'));
}
