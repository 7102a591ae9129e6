import { expect, type Page } from '@playwright/test';
import { focusTrouble } from '../focus.ts';
import { type StoryPage, test } from './story-page.ts';

const rowsMax = 40;
const count = 10_000;
let story: StoryPage;

test.beforeEach(async ({ stories }) => {
  story = await stories.open();
  await story.load('#/files', 'busy', count);
});
test.afterEach(() => story.page.context().close());

const rows = (page: Page) => page.locator('[data-file]');
/** Place of the row that has the focus, counted from 1; 0 while none has. */
const focusedRow = (page: Page): Promise<number> =>
  page.evaluate(() => Number(document.activeElement?.closest('[aria-posinset]')?.getAttribute('aria-posinset') ?? 0));

test('[UI-17] 10,000 files are at most 40 rows at the top, in the middle and at the end', async () => {
  const { page } = story;
  for (const share of [0, 0.5, 1]) {
    await page.evaluate((to) => window.scrollTo(0, to * document.documentElement.scrollHeight), share);
    const middle = await page.evaluate(() => window.innerHeight / 2);
    // Something is drawn where one looks, and says its place among all.
    const seen = () =>
      page.evaluate((y) => document.elementsFromPoint(innerWidth / 2, y).some((each) => each.matches('[data-file]')), middle);
    await expect.poll(seen).toBe(true);
    expect(await rows(page).count()).toBeLessThanOrEqual(rowsMax);
    const [first] = await rows(page).all();
    expect(Number(await first?.getAttribute('aria-setsize'))).toBeGreaterThanOrEqual(count);
  }
  expect(story.errors).toEqual([]);
});

test('[UI-17, UI-22] the last of 10,000 files is reached and opened by keyboard', async () => {
  const { page } = story;
  for (let presses = 0; (await focusedRow(page)) === 0; presses++) {
    expect(presses).toBeLessThan(30);
    await page.keyboard.press('Tab');
  }
  const all = Number(await rows(page).first().getAttribute('aria-setsize'));
  expect(await focusedRow(page)).toBe(1);
  await page.keyboard.press('End');
  await expect.poll(() => focusedRow(page)).toBe(all);
  await expect.poll(() => page.evaluate(focusTrouble)).toBeUndefined();
  await page.keyboard.press('ArrowUp');
  await expect.poll(() => focusedRow(page)).toBe(all - 1);
  await page.keyboard.press('Home');
  await expect.poll(() => focusedRow(page)).toBe(1);
  await expect.poll(() => page.evaluate(focusTrouble)).toBeUndefined();
  await page.keyboard.press('PageDown');
  await expect.poll(() => page.evaluate(() => window.scrollY)).toBeGreaterThan(0);
  await page.keyboard.press('End');
  await expect.poll(() => focusedRow(page)).toBe(all);
  expect(await rows(page).count()).toBeLessThanOrEqual(rowsMax);
  const name = await page.locator(':focus').textContent();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(name ?? '');
  expect(story.errors).toEqual([]);
});

test('[UI-22] a search of files that finds nothing is cleared by keyboard, and goes on', async () => {
  const { page } = story;
  const search = page.getByRole('searchbox');
  for (let presses = 0; !(await search.evaluate((element) => element === document.activeElement)); presses++) {
    expect(presses).toBeLessThan(30);
    await page.keyboard.press('Tab');
  }
  await page.keyboard.type('no such name');
  await expect(rows(page)).toHaveCount(0);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(search).toBeFocused();
  await expect(rows(page)).not.toHaveCount(0);
});
