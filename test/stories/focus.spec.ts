import { expect, type Page } from '@playwright/test';
import { focusTrouble } from '../focus.ts';
import { test } from './story-page.ts';

const stopsMax = 150;

for (const { states, ...viewport } of [
  { width: 1280, height: 800, states: ['busy'] },
  { width: 390, height: 844, states: ['busy'] },
  { width: 640, height: 400, states: ['busy', 'error'] },
] as const) {
  test(`[UI-22] at ${viewport.width} px Tab reaches whatever can be used, and shows where it is`, async ({ stories }) => {
    const story = await stories.open({ viewport });
    const found: string[] = [];
    for (const state of states) {
      await story.walk(state, async (route) => {
        for (const wrong of await tabThrough(story.page)) found.push(`${route}: ${wrong}`);
      });
    }
    expect(found).toEqual([]);
    expect(story.errors).toEqual([]);
    await story.page.context().close();
  });
}

/** Presses Tab from where the focus is, once around the page: what is wrong on the way, and what was left out. */
async function tabThrough(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (let stops = 0; stops < stopsMax && (await page.evaluate(visit)); stops++) {
    const trouble = await page.evaluate(focusTrouble);
    if (trouble !== undefined) found.push(trouble);
    await page.keyboard.press('Tab');
  }
  found.push(...(await page.evaluate(leftOut)));
  return found;
}

/** Runs in the page: marks what has the focus; false if it had it before. */
function visit(): boolean {
  const focused = document.activeElement ?? document.body;
  if (focused.hasAttribute('data-visited')) return false;
  focused.setAttribute('data-visited', '');
  return true;
}

/** Runs in the page: what can be used and was not visited. Of radio buttons one stands for all; rows far down come with scrolling. */
function leftOut(): string[] {
  const usable = 'a[href], button:enabled, input:not([type=file], [type=radio]:not(:checked)):enabled, textarea, select, summary';
  const left = [...document.querySelectorAll(usable)].filter((each) => each.checkVisibility() && !each.hasAttribute('data-visited'));
  for (const each of document.querySelectorAll('[data-visited]')) each.removeAttribute('data-visited');
  return left.map((each) => `not reached: ${each.tagName}.${each.className} “${(each.textContent ?? '').slice(0, 40)}”`);
}
