import { randomBytes } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256, type TabPeer } from '../../e2e/tab-peer.ts';
import { within } from './within.ts';

// Moments are those of the page's own clock, at events that it gets and at changes that it shows. A peer shows what it does at most
// ten times a second, so an end is seen up to 100 ms late: against us.

const transferMs = 300_000;

export interface StoredFile {
  readonly name: string;
  readonly sha256: string;
  readonly link: string;
  /** From the moment that the page got the file to the last claim, ms. */
  readonly ms: number;
}

/** Drops `bytes` random bytes, new each time, on a tab that shows its drop screen, and waits until they are stored. */
export async function store({ page }: TabPeer, folder: string, bytes: number): Promise<StoredFile> {
  const content = randomBytes(bytes);
  const name = `${randomBytes(6).toString('hex')}.bin`;
  const path = join(folder, name);
  writeFileSync(path, content);
  try {
    const stored = page.evaluate<number, Watched>(watch, { from: 'input', to: 'stored', selector: '[data-file]', name });
    await page.locator('input[type=file]').first().setInputFiles(path);
    const ms = await within(transferMs, `${name} to be stored`, stored);
    const link = await page.locator('[data-file]', { hasText: name }).getByRole('textbox').inputValue();
    return { name, link, ms, sha256: sha256(content) };
  } finally {
    rmSync(path);
  }
}

/**
 * Downloads a stored file to a reader that was opened with `picker: 'picked'`, so to a file on disk. ms from the click to the file
 * complete: all of it verified and written, and closed.
 */
export async function download(reader: TabPeer, { link, name, sha256: stored }: StoredFile): Promise<number> {
  const { page } = reader;
  await page.goto(link);
  const card = page.locator('[data-receive][data-state=ready]', { hasText: name });
  await card.waitFor({ timeout: transferMs });
  const done = page.evaluate<number, Watched>(watch, { from: 'click', to: 'done', selector: '[data-receive]', name });
  await card
    .getByRole('button', { name: /^download/i })
    .first()
    .click();
  const ms = await within(transferMs, `${name} to be downloaded`, done);
  if ((await reader.picked(name)).sha256 !== stored) throw new Error('another file was downloaded than was stored');
  await page.evaluate(async (each) => (await navigator.storage.getDirectory()).removeEntry(each), name);
  return ms;
}

interface Watched {
  /** The event at which the time begins. */
  readonly from: 'input' | 'click';
  /** The state in which it ends well. */
  readonly to: 'stored' | 'done';
  /** What shows the states of files, and in which of them it is. */
  readonly selector: string;
  readonly name: string;
}

/** Runs in the page. ms from the event to the state. */
function watch({ from, to, selector, name }: Watched): Promise<number> {
  let began = 0;
  addEventListener(from, () => (began = performance.now()), { capture: true, once: true });
  return new Promise((resolve, reject) => {
    const look = (): void => {
      const shown = [...document.querySelectorAll<HTMLElement>(selector)].find(({ textContent }) => textContent.includes(name));
      const state = shown?.dataset['state'];
      if (state !== to && state !== 'failed') return;
      const ms = performance.now() - began;
      observer.disconnect();
      if (state === to) resolve(ms);
      else reject(new Error(`${name} failed`));
    };
    const observer = new MutationObserver(look);
    observer.observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-state'] });
  });
}
