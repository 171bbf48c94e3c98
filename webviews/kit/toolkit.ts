/**
 * VS Code's own look for buttons: the only file that imports the toolkit, which is no longer developed and may
 * be replaced here. It is bigger than a plot, so views load this file after their first draw.
 */
import { provideVSCodeDesignSystem, vsCodeButton } from '@vscode/webview-ui-toolkit';

provideVSCodeDesignSystem().register(vsCodeButton());
