/**
 * VS Code's own look for buttons and tables: the only file that imports the toolkit, which is no longer developed and may
 * be replaced here. It is bigger than a plot, so views load this file after their first draw.
 */
import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeDataGrid,
  vsCodeDataGridCell,
  vsCodeDataGridRow,
} from '@vscode/webview-ui-toolkit';

provideVSCodeDesignSystem().register(
  vsCodeButton(),
  vsCodeDataGrid(),
  vsCodeDataGridCell(),
  vsCodeDataGridRow(),
);
