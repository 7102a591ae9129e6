import { type Browser, test as base } from '@playwright/test';
import { isLong } from '../test/long.ts';
import { startServer, type TestServer } from './server.ts';
import { TabPeer, type TabOptions } from './tab-peer.ts';

export { expect } from '@playwright/test';

/** The tabs of one browser that share a server. */
export interface Swarm {
  /** One more tab, in a browser context of its own. */
  open(options?: TabOptions): Promise<TabPeer>;
  /** `count` tabs that lend storage, all linked with each other and with the `alreadyThere` ones. */
  lenders(count: number, options?: LenderOptions): Promise<TabPeer[]>;
}

interface LenderOptions extends TabOptions {
  readonly alreadyThere?: number;
  /**
   * Each in a browser context of its own, for tests that use their pages later, end one's process, or read its disk. Others are profiles of
   * one context, which halves the work of opening them; but only the last one's page is drawn at full speed. The long run has all apart.
   */
  readonly apart?: boolean;
}

export function swarmAt(browser: Browser, url: string): Swarm {
  const open: Swarm['open'] = (options) => TabPeer.open(browser, url, options);
  const openTogether = async (count: number, options: TabOptions): Promise<TabPeer[]> => {
    const context = await browser.newContext();
    const profileOf = (index: number): string =>
      `?${new URLSearchParams([...new URLSearchParams(options.search), ['profile', `${index}`]])}`;
    return Promise.all(Array.from({ length: count }, (_, index) => TabPeer.openIn(context, url, { ...options, search: profileOf(index) })));
  };
  return {
    open,
    async lenders(count, { alreadyThere = 0, apart = isLong, ...options } = {}) {
      const peers = apart ? await Promise.all(Array.from({ length: count }, () => open(options))) : await openTogether(count, options);
      await Promise.all(peers.map((peer) => peer.lend()));
      for (const peer of peers) await peer.seesPeers(alreadyThere + count - 1);
      return peers;
    },
  };
}

interface Fixtures {
  readonly server: TestServer;
  readonly swarm: Swarm;
}

/** Every test gets a server of its own, and tabs in the one browser of its process, which are closed after it. */
export const test = base.extend<Fixtures & { readonly tabsClosed: undefined }>({
  server: async ({}, use) => {
    const server = await startServer();
    await use(server);
    await server.stop();
  },
  swarm: ({ browser, server }, use) => use(swarmAt(browser, server.url)),
  tabsClosed: [
    async ({ browser }, use) => {
      const before = new Set(browser.contexts());
      await use(undefined);
      const opened = browser.contexts().filter((context) => !before.has(context));
      await Promise.all(opened.map((context) => context.close()));
    },
    { auto: true },
  ],
});

/** One that `npm run test:long` alone runs, for time's sake: the simulator states its rule in every run. */
export const longTest = isLong ? test : test.skip;
