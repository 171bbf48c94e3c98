/** Links of a step as buttons of its list or box. */
import { ThemeIcon } from 'vscode';
import type { QuickInputButton } from 'vscode';
import type { Link } from './formTypes.ts';

/** With what they open. */
export function linkButtons(links: readonly Link[] = []): Map<QuickInputButton, Link> {
  return new Map(
    links.map((link) => [{ iconPath: new ThemeIcon(link.icon), tooltip: link.tooltip }, link]),
  );
}
