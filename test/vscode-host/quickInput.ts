/** The palette, lists to pick from, and VS Code's file dialog in a browser: all are the same widget. */
import type { Locator, Page } from 'playwright-core';
import { counted } from './spent.ts';
import { attemptMs, until, worked } from './until.ts';

const brief = { timeout: attemptMs };

/**
 * Runs a command by its title from the palette. A palette that is just closing takes no text, the key is lost while the
 * focus moves, and a command is enabled a moment after the state it needs: so this tries again.
 */
export function runCommand(page: Page, title: string): Promise<void> {
  return counted('palette', () => runFromPalette(page, title));
}

async function runFromPalette(page: Page, title: string): Promise<void> {
  await until(`the command ${title} in the palette`, async () => {
    await page.keyboard.press('F1');
    const done = await worked(async () => {
      await filterInput(page).fill(`>${title}`, brief);
      await clickWhenStill(page, title);
    });
    if (!done) await page.keyboard.press('Escape');
    return done;
  });
}

/** Picks the first row with this text from the list that is open, or opens. */
export async function pick(page: Page, text: string | RegExp): Promise<void> {
  await until(`${String(text)} in the list`, () => worked(() => clickWhenStill(page, text)));
}

export function pickRows(page: Page): Locator {
  return page.locator('.quick-input-list .monaco-list-row');
}

/** Rows are used again for other texts while the list is filtered: the click waits until it has come to rest. */
async function clickWhenStill(page: Page, text: string | RegExp): Promise<void> {
  const row = pickRows(page).filter({ hasText: text }).first();
  await row.waitFor(brief);
  let before: readonly string[] = [];
  await until('the list to stand still', async () => {
    const now = await pickRows(page).allInnerTexts();
    const isStill = now.join('\n') === before.join('\n');
    before = now;
    return isStill;
  });
  await row.click(brief);
}

/** Answers VS Code's own file dialog. It sets a path of its own once it has looked, and takes no Enter while it looks. */
export async function answerFileDialog(page: Page, file: string): Promise<void> {
  const widget = page.locator('.quick-input-widget');
  await widget
    .locator('.monaco-button', { hasText: /OK|Save|Upload|Download Here/ })
    .first()
    .waitFor();
  const titleOf = () => widget.locator('.quick-input-title').innerText(brief);
  const title = await titleOf();
  const input = filterInput(page);
  let path = '';
  // Another dialog may follow in the same widget.
  const isAnswered = async () => !(await widget.isVisible()) || (await titleOf()) !== title;
  await until(`the file dialog takes ${file}`, async () => {
    if (await isAnswered()) return true;
    const before = path;
    path = (await input.inputValue(brief)).replace(/\/$/, '');
    if (path === '') return false; // it has not looked yet, and will set a path of its own
    if (path !== file) await input.fill(file, brief);
    else if (before === file) await input.press('Enter', brief);
    return isAnswered();
  });
}

export function filterInput(page: Page): Locator {
  return page.locator('.quick-input-widget .quick-input-filter input').first();
}
