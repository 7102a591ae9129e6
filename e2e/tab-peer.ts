import { createCipheriv, createHash } from 'node:crypto';
import { createReadStream, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, expect, type LaunchOptions, type Locator, type Page, test } from '@playwright/test';
import { chromiumArgs, chromiumPath } from '../tools/chromium.mjs';

export interface TestFile {
  readonly name: string;
  readonly bytes: Buffer;
}

export interface TabOptions {
  /** Search part of the address, such as `?transport=pump`. */
  readonly search?: string;
  /** Fragment, such as `#/r/R.…`. */
  readonly hash?: string;
  /** `block`: as in private windows of some browsers. */
  readonly serviceWorkers?: 'allow' | 'block';
  /**
   * What asks where to save. `none`, unless told otherwise, as in browsers without a dialog for it: a test cannot drive the real one.
   * `picked` gives a file in the origin's own file system each time, `dismissed` is a person who closes the dialog.
   */
  readonly picker?: 'none' | 'picked' | 'dismissed';
}

/** A file as a browser saved it. */
export interface SavedFile {
  readonly name: string;
  readonly sha256: string;
  readonly size: number;
}

/** Storing tens of megabytes on two busy cores. */
const transferMs = 90_000;

export function launchOptions(): LaunchOptions {
  const executablePath = chromiumPath();
  return { args: chromiumArgs, ...(executablePath === undefined ? {} : { executablePath }) };
}

export const launchBrowser = (): Promise<Browser> => chromium.launch(launchOptions());

/** One peer: a tab in a browser context of its own, with its own storage and renderer, used through what a person sees. */
export class TabPeer {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Requests that left for anywhere but the server of the page. */
  readonly foreignRequests: string[] = [];
  /** Errors of page and console, CSP violations among them. */
  readonly errors: string[] = [];
  /** Whether the browser context is this tab's own. */
  #alone = false;

  private constructor(context: BrowserContext, page: Page, origin: string) {
    this.context = context;
    this.page = page;
    context.on('request', (request) => {
      const url = new URL(request.url());
      if (url.origin !== origin && url.protocol !== 'blob:' && url.protocol !== 'data:') this.foreignRequests.push(request.url());
    });
    page.on('console', (message) => {
      if (message.type() === 'error') this.errors.push(message.text());
    });
    page.on('pageerror', (error) => this.errors.push(error.message));
  }

  static async open(browser: Browser, url: string, options: TabOptions = {}): Promise<TabPeer> {
    const context = await browser.newContext({ acceptDownloads: true, serviceWorkers: options.serviceWorkers ?? 'allow' });
    const peer = await TabPeer.openIn(context, url, options);
    peer.#alone = true;
    return peer;
  }

  /** One more tab of a browser context, which shares its storage with the others there: a peer of its own by its `?profile=`. */
  static async openIn(context: BrowserContext, url: string, options: Omit<TabOptions, 'serviceWorkers'> = {}): Promise<TabPeer> {
    const page = await context.newPage();
    const peer = new TabPeer(context, page, new URL(url).origin);
    await page.addInitScript(setPicker, options.picker ?? 'none');
    await page.goto(`${url}/${options.search ?? ''}${options.hash ?? ''}`);
    await peer.runs();
    return peer;
  }

  /** Waits until the peer of this tab runs. */
  async runs(): Promise<void> {
    await expect(this.page.locator('[data-phase=running]')).toBeVisible();
    await expect(this.page.locator('[data-node]')).not.toHaveAttribute('data-node', '');
  }

  /** NodeId of this peer. */
  async node(): Promise<string> {
    return (await this.page.locator('[data-node]').getAttribute('data-node')) ?? '';
  }

  async show(route: 'Drop' | 'Files' | 'Contribute' | 'Swarm'): Promise<void> {
    await this.page.getByRole('navigation').getByRole('link', { name: route }).click();
  }

  /** Lends what the page proposes, or this many GB. */
  async lend(gigabytes?: number): Promise<void> {
    await this.show('Contribute');
    if (gigabytes !== undefined) {
      const number = this.page.getByRole('spinbutton');
      await number.fill(String(gigabytes));
      await number.press('Enter');
    }
    await this.page.getByRole('switch').click();
    await expect(this.page.locator('[data-contributing=true]')).toBeVisible();
  }

  /** Waits until this many other peers are live, as the page says. */
  async seesPeers(count: number): Promise<void> {
    await expect(this.page.locator(`[data-live-peers="${count}"]`)).toBeVisible({ timeout: 30_000 });
  }

  /** Waits until this many peers lend storage, as the swarm page says. */
  async seesLenders(count: number): Promise<void> {
    await this.show('Swarm');
    await expect(this.page.locator('[data-peer][data-state=live]:not([data-lent="0"])')).toHaveCount(count, { timeout: 30_000 });
  }

  /** Drops a file on the page; gives its link once it is stored. */
  async send(file: TestFile): Promise<string> {
    await this.drop(file);
    return this.stored(file.name);
  }

  drop(file: TestFile): Promise<void> {
    return this.dropAll([file]);
  }

  async dropAll(files: readonly TestFile[]): Promise<void> {
    // From disk, as a person's files come: bytes handed over by the test runner would pass through the page.
    const folder = mkdtempSync(test.info().outputPath('dropped-'));
    for (const { name, bytes } of files) writeFileSync(join(folder, name), bytes);
    await this.dropPaths(files.map(({ name }) => join(folder, name)));
  }

  async dropPaths(paths: readonly string[]): Promise<void> {
    await this.show('Drop');
    await this.page.locator('input[type=file]').first().setInputFiles(paths);
  }

  async stored(name: string, withinMs = transferMs): Promise<string> {
    const row = this.page.locator('[data-file]', { hasText: name });
    await expect(row).toHaveAttribute('data-state', 'stored', { timeout: withinMs });
    return row.getByRole('textbox').inputValue();
  }

  /** Bytes of others held here, as the contribute page says. */
  async bytesHeld(): Promise<number> {
    await this.show('Contribute');
    return Number(await this.page.locator('[data-used]').getAttribute('data-used'));
  }

  /** The verified file behind the link that this tab was opened with. */
  async download(): Promise<SavedFile> {
    // Of several links that this tab has opened the newest comes first.
    const opened = this.page.locator('[data-receive]').first();
    const button = opened.getByRole('button', { name: /^download/i });
    await expect(button).toBeEnabled({ timeout: transferMs });
    const saved = await this.saved(button);
    await expect(opened).toHaveAttribute('data-state', 'done', { timeout: transferMs });
    return saved;
  }

  /** Clicks what makes the browser download something, and gives what it saved. */
  saved(button: Locator): Promise<SavedFile> {
    return this.savedBy(() => button.click());
  }

  /** Does what makes the browser download something, and gives what it saved. */
  async savedBy(act: () => Promise<unknown>): Promise<SavedFile> {
    const [download] = await Promise.all([this.page.waitForEvent('download', { timeout: transferMs }), act()]);
    const hash = createHash('sha256');
    let size = 0;
    for await (const chunk of createReadStream(await download.path()) as AsyncIterable<Buffer>) {
      hash.update(chunk);
      size += chunk.length;
    }
    return { name: download.suggestedFilename(), sha256: hash.digest('hex'), size };
  }

  /** What was written to a file that the picker gave. */
  picked(name: string): Promise<Omit<SavedFile, 'name'>> {
    return this.page.evaluate(async (wanted) => {
      const root = await navigator.storage.getDirectory();
      const bytes = await (await (await root.getFileHandle(wanted)).getFile()).arrayBuffer();
      const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
      return { size: bytes.byteLength, sha256: [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('') };
    }, name);
  }

  close(): Promise<void> {
    return this.#alone ? this.context.close() : this.page.close();
  }
}

/** Runs in the page: puts what a test says in the place of the browser's dialog. */
function setPicker(picker: 'none' | 'picked' | 'dismissed'): void {
  const pick = async ({ suggestedName }: { suggestedName: string }): Promise<FileSystemFileHandle> => {
    if (!navigator.userActivation.isActive) throw new DOMException('Only a click may ask.', 'SecurityError');
    if (picker === 'dismissed') throw new DOMException('The person closed the dialog.', 'AbortError');
    const root = await navigator.storage.getDirectory();
    return root.getFileHandle(suggestedName, { create: true });
  };
  Object.defineProperty(window, 'showSaveFilePicker', { configurable: true, value: picker === 'none' ? undefined : pick });
}

/** `length` bytes that look random and are the same each time. */
export function testBytes(length: number, seed = 'shoal'): Buffer {
  const key = createHash('sha256').update(seed).digest();
  return createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(length));
}

export const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** The part of a link after the origin. */
export const hashOf = (link: string): string => new URL(link).hash;
