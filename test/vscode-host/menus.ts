/**
 * Context menus. The entries of extensions come a moment after the explorer and are disabled for a moment more, rows are
 * drawn anew, and menus ignore the mouse just after they open: so each step is taken again until it has worked.
 */
import type { Locator, Page } from 'playwright-core';
import { counted } from './spent.ts';
import { attemptMs, until, untilFound, worked } from './until.ts';

interface MenuWish {
  /** The entry is to be there, but greyed out. */
  readonly disabled?: boolean;
}

const brief = { timeout: attemptMs };

/** Opens the menu of a row, again until it has an entry with this text, enabled if not wished otherwise. @returns the menu. */
export function openMenu(
  page: Page,
  row: Locator,
  label: string,
  { disabled = false }: MenuWish = {},
): Promise<Locator> {
  const wish = `${disabled ? 'disabled' : 'enabled'} ${label} in a menu`;
  const menu = shownMenu(page);
  const open = async () => {
    await closeMenu(page);
    await row.click({ button: 'right', ...brief });
    await menu.locator('.action-label').first().waitFor(brief);
    const item = entry(menu, label);
    if ((await item.count()) === 0) return null;
    const classes = (await item.getAttribute('class', brief)) ?? '';
    return /\bdisabled\b/.test(classes) === disabled ? menu : null;
  };
  return counted('menus', () => untilFound(wish, open));
}

/** Chooses an entry in the menu of a row. */
export async function chooseInMenu(page: Page, row: Locator, label: string): Promise<void> {
  await until(`choosing ${label} in a menu`, async () =>
    clickInMenu(await openMenu(page, row, label), label),
  );
}

/** @returns whether the click was taken: a menu may also close by itself, when something else takes the focus. */
export async function clickInMenu(menu: Locator, label: string): Promise<boolean> {
  let clicked = false;
  await until(`the menu to close after ${label}`, async () => {
    if (await menu.isHidden()) return true;
    if (await worked(() => entry(menu, label).click(brief))) clicked = true;
    return worked(() => menu.waitFor({ state: 'hidden', timeout: 1000 }));
  });
  return clicked;
}

/** Escape only where a menu is open: elsewhere it would clear a selection. */
export async function closeMenu(page: Page): Promise<void> {
  const menu = shownMenu(page);
  await until('the menu to close', async () => {
    if (await menu.isHidden()) return true;
    await page.keyboard.press('Escape');
    return worked(() => menu.waitFor({ state: 'hidden', ...brief }));
  });
}

export async function menuLabels(menu: Locator): Promise<readonly string[]> {
  const labels = await menu.locator('.action-label').allInnerTexts();
  return labels.map((label) => label.trim()).filter((label) => label !== '');
}

function shownMenu(page: Page): Locator {
  return page.locator('.context-view .monaco-menu');
}

function entry(menu: Locator, label: string): Locator {
  return menu.locator('.action-item', { hasText: label }).first();
}
