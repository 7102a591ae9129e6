import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from '@playwright/test';
import { startServer } from '../../e2e/server.ts';
import { launchOptions, type TabOptions, TabPeer } from '../../e2e/tab-peer.ts';
import { serveFiles } from './file-server.ts';

/**
 * Browsers of their own, one for each peer, with profiles on disk: as with the tabs of as many people, none of them shares its network
 * process, its database or the files below it with another. Browsers that forget (`newContext`) would keep shards in memory.
 */
export interface Tabs {
  /** Folder for files to send. */
  readonly folder: string;
  /** A tab of browser `browser` with a running peer. */
  peer(browser: number, options?: TabOptions): Promise<TabPeer>;
  /** A tab of browser `browser` with an empty page of an origin that has nothing of ours. */
  blank(browser: number): Promise<Page>;
}

export interface TabsOptions {
  readonly browsers: number;
  /** What the origin of the empty pages serves besides, by its path (`/name.js`). */
  readonly files?: ReadonlyMap<string, string>;
}

/** Starts the built server and the browsers, and ends all of them, and what they left on disk, when `use` has ended. */
export async function withTabs<T>({ browsers, files = new Map() }: TabsOptions, use: (tabs: Tabs) => Promise<T>): Promise<T> {
  const ends: (() => unknown)[] = [];
  try {
    const folder = mkdtempSync(join(tmpdir(), 'shoal-tabs-'));
    ends.push(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }));
    const server = await startServer();
    ends.push(() => server.stop());
    const blankServer = await serveFiles(files);
    ends.push(() => blankServer.close());
    const contexts: BrowserContext[] = [];
    ends.push(() => Promise.allSettled(contexts.map((context) => context.close())));
    for (let browser = 0; browser < browsers; browser++)
      contexts.push(await chromium.launchPersistentContext(join(folder, `browser-${browser}`), launchOptions()));
    return await use({
      folder,
      peer: (browser, options) => TabPeer.openIn(contexts[browser]!, server.url, options),
      async blank(browser) {
        const page = await contexts[browser]!.newPage();
        await page.goto(blankServer.url);
        return page;
      },
    });
  } finally {
    for (const end of ends.reverse()) await end();
  }
}

/**
 * Shows each of these tabs in its window. Chromium runs the processes of covered tabs at a lower priority, so whichever side of a
 * comparison came last would have the machine to itself.
 */
export async function show(pages: readonly Page[]): Promise<void> {
  for (const page of pages) await page.bringToFront();
}

/** 10^6 bytes a second. */
export const megabytesPerSecond = (bytes: number, ms: number): number => bytes / ms / 1_000;

export const mebibyte = 1_048_576;
