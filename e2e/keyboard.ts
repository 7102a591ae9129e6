import { expect, type Locator, type Page } from '@playwright/test';
import { focusTrouble } from '../test/focus.ts';

const tabsMax = 60;

const hasFocus = (locator: Locator): Promise<boolean> => locator.evaluate((element) => element === document.activeElement);

/** Presses Tab until `target` has the focus, and sees that each stop on the way shows that it has it. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  await expect(target).toBeVisible();
  const stops: string[] = [];
  while (!(await hasFocus(target))) {
    if (stops.length === tabsMax) throw new Error(`Tab does not lead there; it led to: ${stops.join(', ')}`);
    await page.keyboard.press('Tab');
    expect(await page.evaluate(focusTrouble)).toBeUndefined();
    stops.push(await page.evaluate(() => document.activeElement?.textContent?.slice(0, 20) ?? ''));
  }
}

/** Goes to `target` by Tab and presses a key on it. */
export async function use(page: Page, target: Locator, key = 'Enter'): Promise<void> {
  await tabTo(page, target);
  await page.keyboard.press(key);
}

/** Opens a page by its link in the navigation; reading goes on at its beginning. */
export async function goTo(page: Page, name: string): Promise<void> {
  await use(page, page.getByRole('navigation').getByRole('link', { name, exact: true }));
  await expect(page.locator('main')).toBeFocused();
  await expect(page.locator('main h1')).toBeVisible();
}
