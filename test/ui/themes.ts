/** The window in VS Code's own themes, and pictures of it for somebody to look at. */
import type { Page } from 'playwright-core';
import * as workbench from '../vscode-host/workbench.ts';
import { counted } from '../vscode-host/spent.ts';
import { shoot, type TestWindow } from './uiKit.ts';

interface Theme {
  readonly label: string;
  readonly setting: string;
  /** What marks the workbench in it, and the body of a webview. */
  readonly workbench: string;
  readonly webview: string;
}

/** By the word that their pictures carry. */
export const themes = {
  dark: {
    label: 'Dark Modern',
    setting: 'Dark Modern',
    workbench: 'vs-dark',
    webview: 'vscode-dark',
  },
  light: {
    label: 'Light Modern',
    setting: 'Light Modern',
    workbench: 'vs',
    webview: 'vscode-light',
  },
  contrast: {
    label: 'Dark High Contrast',
    setting: 'Default High Contrast',
    workbench: 'hc-black',
    webview: 'vscode-high-contrast',
  },
  contrastLight: {
    label: 'Light High Contrast',
    setting: 'Default High Contrast Light',
    workbench: 'hc-light',
    webview: 'vscode-high-contrast-light',
  },
} as const satisfies Record<string, Theme>;

export type ThemeWord = keyof typeof themes;

/** A test for each theme: takes the picture `<name>-dark` and so on, which somebody should look at. */
export function looksRightInThemes(
  window: TestWindow,
  name: string,
  check: () => Promise<unknown>,
): void {
  for (const word of ['dark', 'light', 'contrast'] as const) {
    it(`looks right in ${themes[word].label}`, async () => {
      await setTheme(window, word);
      await check();
      await shootStill(window.page, `${name}-${word}`);
    });
  }
}

/** Resolves when the workbench and every view in it know of the theme. */
export function setTheme(window: TestWindow, word: ThemeWord): Promise<void> {
  return counted('themes', () => changeTheme(window, word));
}

async function changeTheme({ ui, page }: TestWindow, word: ThemeWord): Promise<void> {
  const theme = themes[word];
  ui.changeSettings({ 'workbench.colorTheme': theme.setting });
  await page.locator(`.monaco-workbench.${theme.workbench}`).waitFor();
  await workbench.until(`${theme.label} in all views`, async () => {
    const bodies = await Promise.all(page.frames().map((frame) => themedBody(frame)));
    return bodies.every((classes) => classes?.includes(theme.webview) !== false);
  });
}

/** The classes of a webview's body, null of any other page. */
function themedBody(frame: ReturnType<Page['frames']>[number]): Promise<readonly string[] | null> {
  return frame
    .evaluate(() => {
      const { body } = document;
      return 'vscodeThemeId' in body.dataset ? [...body.classList] : null;
    })
    .catch(() => null); // it went while it was asked
}

/** A picture once two in a row are the same: views draw anew in the colours of a theme, and ask their host for it. */
export function shootStill(page: Page, name: string): Promise<void> {
  return counted('pictures that stand still', () => untilStill(page, name));
}

async function untilStill(page: Page, name: string): Promise<void> {
  let before: Buffer | null = null;
  await workbench.until('the window to stand still', async () => {
    const now = await shoot(page, name);
    const isStill = before?.equals(now) === true;
    before = now;
    return isStill;
  });
}
