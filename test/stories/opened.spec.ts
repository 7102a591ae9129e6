import { expect, type Page } from '@playwright/test';
import { violations } from './axe.ts';
import { misfits } from './fits.ts';
import { storyFileId } from './list.ts';
import { settled, type StoryPage, test } from './story-page.ts';

let story: StoryPage;
test.beforeAll(async ({ stories }) => {
  story = await stories.open();
});
test.afterAll(() => story.page.context().close());

const openQr = async (page: Page): Promise<void> => {
  const button = page.getByRole('button', { name: /^QR code of/ }).first();
  await button.press('Enter');
  await expect(page.getByRole('dialog').getByRole('img')).toBeVisible();
};
const openAllDetails = async (page: Page): Promise<void> => {
  for (const summary of await page.locator('summary').all()) await summary.click();
};

/** What can be opened on a screen, and how. */
const opened: readonly (readonly [what: string, hash: string, open: (page: Page) => Promise<unknown>])[] = [
  ['a QR code on drop', '#/', openQr],
  ['a QR code on files', '#/files', openQr],
  ['a QR code of one file', `#/files/${storyFileId}`, openQr],
  ['a part of a download', '#/r/', openAllDetails],
  [
    'a part outside the file',
    '#/r/',
    async (page) => {
      await openAllDetails(page);
      await page.getByRole('spinbutton').last().fill('0');
    },
  ],
  ['diagnostics', '#/swarm', openAllDetails],
  ['a peer on the ring', '#/swarm', (page) => page.getByRole('option').nth(2).focus()],
  ['a search of activity that finds nothing', '#/activity', (page) => page.getByRole('searchbox').fill('no such word')],
  ['one kind of activity', '#/activity', (page) => page.getByRole('group').getByRole('button').last().click()],
  ['the question before deleting', `#/files/${storyFileId}`, (page) => page.getByRole('button', { name: /^Delete this file/ }).click()],
  [
    'a new version that is refused',
    `#/files/${storyFileId}`,
    async (page) => {
      await page
        .locator('main input[type=file]')
        .last()
        .setInputFiles({ name: 'next.pdf', mimeType: 'application/pdf', buffer: Buffer.of(1) });
      await expect(page.getByRole('alert')).toContainText('This file is being stored or deleted right now.');
    },
  ],
  ['the question before dropping what is held', '#/contribute', (page) => page.getByRole('button', { name: 'Drop what is held' }).click()],
  ['the question before erasing', '#/settings', (page) => page.getByRole('button', { name: 'Erase this peer' }).click()],
];

for (const [what, hash, open] of opened) {
  test(`[UI-20] ${what}`, async () => {
    await story.load(hash, 'busy');
    await open(story.page);
    await settled(story.page);
    expect(await violations(story)).toEqual([]);
    expect(story.errors).toEqual([]);
  });
}

test('[UI-31, UI-22] the question before deleting is closed by Esc, which gives the focus back, and what it offers first is to keep the file', async () => {
  const { page } = story;
  await story.load(`#/files/${storyFileId}`, 'busy');
  const button = page.getByRole('button', { name: 'Delete this file: Quarterly report.pdf' });
  const question = page.getByRole('dialog', { name: 'Delete this file?' });
  for (const close of ['Escape', 'Enter']) {
    await button.press('Enter');
    await expect(question.getByRole('button', { name: 'Keep it' })).toBeFocused();
    await page.keyboard.press(close);
    await expect(question).toHaveCount(0);
    await expect(button).toBeFocused();
  }
  await button.press('Enter');
  await question.getByRole('button', { name: 'Delete for good' }).press('Enter');
  await expect(question).toHaveCount(0);
  await expect(page.locator('main')).toBeFocused();
});

test('[UI-32] what is given up of what is held is asked before, and told after', async () => {
  const { page } = story;
  await story.load('#/contribute', 'busy');
  await page.getByRole('button', { name: 'Drop what is held' }).press('Enter');
  await page.getByRole('button', { name: 'Drop it' }).press('Enter');
  await expect(page.getByRole('status').filter({ hasText: /^Given up: 412 shards, 1\.83.GB\.$/ })).toBeVisible();
  expect(story.errors).toEqual([]);
});

test('[UI-33, UI-22] a file to replace a stored one is chosen by keyboard; of a version that came to nothing one can try again or dismiss it', async () => {
  const { page } = story;
  await story.load(`#/files/${storyFileId}`, 'degraded');
  const version = page.locator('[data-version="3"]');
  await expect(version).toContainText('Version 3: Failed');
  await expect(version).toContainText('Version 2 is as it was, and the link opens it.');
  for (const name of ['Try again: version 3 of Quarterly report.pdf', 'Dismiss: version 3 of Quarterly report.pdf'])
    await expect(version.getByRole('button', { name })).toBeVisible();
  const choosing = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Replace… Quarterly report.pdf' }).press('Enter');
  const chooser = await choosing;
  expect(chooser.isMultiple()).toBe(false);
  await chooser.setFiles({ name: 'report 2.pdf', mimeType: 'application/pdf', buffer: Buffer.from('second') });
  await expect(page.locator('main')).toBeFocused();
  expect(story.errors).toEqual([]);
});

for (const viewport of [
  { width: 390, height: 844 },
  { width: 640, height: 400 },
]) {
  test(`[UI-21] a QR code fits a window of ${viewport.width} px`, async ({ stories }) => {
    const { page, load } = await stories.open({ viewport });
    await load('#/', 'busy');
    await openQr(page);
    // Behind the dialog everything is covered by it, and means to be.
    expect((await page.evaluate(misfits)).filter((misfit) => !misfit.startsWith('covered'))).toEqual([]);
    const close = page.getByRole('dialog').getByRole('button', { name: 'Close' });
    await close.scrollIntoViewIfNeeded();
    await expect(close).toBeInViewport({ ratio: 1 });
    await page.context().close();
  });
}
