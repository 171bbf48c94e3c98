/** A button in VS Code's look; see toolkit.ts. */
import { element } from './dom.ts';

export interface ButtonOptions {
  readonly id: string;
  readonly text?: string;
  readonly appearance?: 'primary' | 'secondary';
  readonly action: () => void;
}

export function button({ id, text = '', appearance = 'primary', action }: ButtonOptions) {
  const made = element('vscode-button', { id, text, attributes: { appearance } });
  made.addEventListener('click', () => {
    if (!made.hasAttribute('disabled')) action();
  });
  return made;
}
