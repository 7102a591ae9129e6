import { createHash } from 'node:crypto';
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, expect, type Page } from '@playwright/test';
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
}

/** Storing tens of megabytes on two busy cores. */
const transferMs = 90_000;

export async function launchBrowser(): Promise<Browser> {
  const executablePath = chromiumPath();
  return chromium.launch({ args: chromiumArgs, ...(executablePath === undefined ? {} : { executablePath }) });
}

/** One peer: a tab in a browser context of its own, with its own storage and renderer, used through what a person sees. */
export class TabPeer {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Requests that left for anywhere but the server of the page. */
  readonly foreignRequests: string[] = [];
  /** Errors of page and console, CSP violations among them. */
  readonly errors: string[] = [];

  /** Files on their way must stay on disk; removed with the peer. */
  readonly #folders: string[] = [];

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
    const page = await context.newPage();
    const peer = new TabPeer(context, page, new URL(url).origin);
    await page.goto(`${url}/${options.search ?? ''}${options.hash ?? ''}`);
    await expect(page.locator('[data-phase=running]')).toBeVisible();
    await expect(page.locator('[data-node]')).not.toHaveAttribute('data-node', '');
    return peer;
  }

  /** NodeId of this peer. */
  async node(): Promise<string> {
    return (await this.page.locator('[data-node]').getAttribute('data-node')) ?? '';
  }

  async show(route: 'Drop' | 'Files' | 'Contribute' | 'Swarm'): Promise<void> {
    await this.page.getByRole('navigation').getByRole('link', { name: route }).click();
  }

  async lend(): Promise<void> {
    await this.show('Contribute');
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

  async drop({ name, bytes }: TestFile): Promise<void> {
    await this.show('Drop');
    // From disk, as a person's file comes: bytes handed over by the test runner would pass through the page.
    const folder = mkdtempSync(join(tmpdir(), 'shoal-'));
    this.#folders.push(folder);
    const path = join(folder, name);
    writeFileSync(path, bytes);
    await this.page.locator('input[type=file]').setInputFiles(path);
  }

  async stored(name: string): Promise<string> {
    const row = this.page.locator('[data-file]', { hasText: name });
    await expect(row).toHaveAttribute('data-state', 'stored', { timeout: transferMs });
    return row.getByRole('textbox').inputValue();
  }

  /** Bytes of others held here, as the contribute page says. */
  async bytesHeld(): Promise<number> {
    await this.show('Contribute');
    return Number(await this.page.locator('[data-used]').getAttribute('data-used'));
  }

  /** The verified file behind the link that this tab was opened with. */
  async download(): Promise<{ readonly name: string; readonly sha256: string; readonly size: number }> {
    const button = this.page.getByRole('main').getByRole('button', { name: /^download/i });
    await expect(button).toBeEnabled({ timeout: transferMs });
    const [download] = await Promise.all([this.page.waitForEvent('download', { timeout: transferMs }), button.click()]);
    const path = await download.path();
    await expect(this.page.locator('[data-receive]').first()).toHaveAttribute('data-state', 'done', { timeout: transferMs });
    const hash = createHash('sha256');
    let size = 0;
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      hash.update(chunk);
      size += chunk.length;
    }
    return { name: download.suggestedFilename(), sha256: hash.digest('hex'), size };
  }

  async close(): Promise<void> {
    await this.context.close();
    for (const folder of this.#folders.splice(0)) rmSync(folder, { recursive: true });
  }
}

/** `length` bytes that look random and are the same each time. */
export function testBytes(length: number, seed = 'shoal'): Buffer {
  const bytes = Buffer.alloc(length);
  let block = createHash('sha256').update(seed).digest();
  for (let offset = 0; offset < length; offset += block.length) {
    block.copy(bytes, offset);
    block = createHash('sha256').update(block).digest();
  }
  return bytes;
}

export const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** The part of a link after the origin. */
export const hashOf = (link: string): string => new URL(link).hash;

/** `count` tabs that lend storage, all linked with each other and with the `alreadyThere` ones. */
export async function lenders(
  browser: Browser,
  url: string,
  count: number,
  { alreadyThere = 0, ...options }: TabOptions & { readonly alreadyThere?: number } = {},
): Promise<TabPeer[]> {
  const peers: TabPeer[] = [];
  for (let i = 0; i < count; i++) peers.push(await TabPeer.open(browser, url, options));
  for (const peer of peers) await peer.lend();
  for (const peer of peers) await peer.seesPeers(alreadyThere + count - 1);
  return peers;
}
