import { expect } from '@playwright/test';
import { violations } from './axe.ts';
import { misfits, moving } from './fits.ts';
import { storyFirsts, storyPhases, storyStates4 } from './list.ts';
import { atRest, type StoryPage, test } from './story-page.ts';

const desk = { width: 1280, height: 800 };
/** A phone, and what 200 % zoom leaves of the desk. */
const small = [
  { width: 390, height: 844 },
  { width: 640, height: 400 },
];

let story: StoryPage;
test.beforeAll(async ({ stories }) => {
  story = await stories.open({ viewport: desk, reducedMotion: 'reduce' });
});
test.afterAll(() => story.page.context().close());

/** All that is wrong with what is shown. */
async function wrongs(of: StoryPage = story): Promise<string[]> {
  const { page } = of;
  const found = [...(await violations(of)), ...(await page.evaluate(moving))];
  for (const viewport of small) {
    await page.setViewportSize(viewport);
    await atRest(page);
    found.push(...(await page.evaluate(misfits)).map((misfit) => `${viewport.width} px: ${misfit}`));
  }
  await page.setViewportSize(desk);
  return found;
}

test('the walk sees what is broken', async () => {
  await story.load('#/settings', 'busy');
  await story.page.evaluate(() => {
    const [theme, lead, button] = ['fieldset', 'p', 'button'].map((selector) => document.querySelector<HTMLElement>(`main ${selector}`));
    theme!.style.minWidth = '50rem';
    lead!.style.color = '#9BA9B8';
    lead!.animate([{ opacity: 1 }, { opacity: 0.99 }], { duration: 1_000, iterations: Number.POSITIVE_INFINITY });
    button!.replaceChildren();
    button!.style.pointerEvents = 'none';
  });
  const found = await wrongs();
  const wanted = ['dark: button-name', 'light: color-contrast', 'moves: P'];
  for (const width of ['390 px', '640 px']) wanted.push(`${width}: scrolls sideways`, `${width}: covered: BUTTON`);
  for (const each of wanted) expect(found).toContainEqual(expect.stringContaining(each));
  expect(found.filter((each) => !wanted.some((one) => each.includes(one)))).toEqual([]);
});

for (const state of storyStates4) {
  test(`[UI-20, UI-21, UI-23] every route in state ${state}`, async () => {
    const found: string[] = [];
    await story.walk(state, async (route) => {
      for (const wrong of await wrongs()) found.push(`${route}, ${wrong}`);
    });
    expect(found).toEqual([]);
    expect(story.errors).toEqual([]);
  });
}

test('[UI-20, UI-21, UI-23, UI-29] what comes once, the offer to lend among it', async ({ stories }) => {
  // A browser of its own: where storage was lent in an earlier story, nothing is offered.
  const first = await stories.open({ viewport: desk, reducedMotion: 'reduce' });
  const found: string[] = [];
  for (const { state, name, hash } of storyFirsts) {
    await first.load(hash, state);
    await expect(first.page.getByRole('link', { name: 'Choose how much' })).toBeVisible();
    for (const wrong of await wrongs(first)) found.push(`${name}, ${wrong}`);
  }
  expect(found).toEqual([]);
  expect(first.errors).toEqual([]);
  await first.page.context().close();
});

test('[UI-29] the offer to lend is dismissed by keyboard, for good', async ({ stories }) => {
  const { page, load, errors } = await stories.open();
  await load('#/', 'fresh');
  await page.getByRole('button', { name: 'No, thanks' }).press('Enter');
  await expect(page.getByRole('link', { name: 'Choose how much' })).toHaveCount(0);
  await expect(page.locator('main')).toBeFocused();
  await load('#/files', 'fresh');
  await expect(page.locator('[data-file]')).toHaveCount(1);
  await expect(page.getByRole('link', { name: 'Choose how much' })).toHaveCount(0);
  expect(errors).toEqual([]);
  await page.context().close();
});

test('[UI-20, UI-21, UI-23] the phases without a peer', async () => {
  const found: string[] = [];
  for (const phase of storyPhases) {
    await story.load('#/', phase);
    for (const wrong of await wrongs()) found.push(`${phase}, ${wrong}`);
  }
  expect(found).toEqual([]);
  expect(story.errors).toEqual([]);
});
