import type { Page } from '@playwright/test';
import { benchmark } from '../benchmark.ts';
import type { Measured } from '../figures.ts';
import { interleaved, quick } from '../measure.ts';
import { linkBare } from './bare.ts';
import { store } from './ours.ts';
import { peerJsFiles, sendByPeerJs, startPeerServer } from './peerjs.ts';
import { mebibyte, megabytesPerSecond, show, type Tabs, withTabs } from './tabs.ts';
import { sendByWebTorrent, startTracker, webTorrentFiles } from './webtorrent.ts';

// One tab to another, each in a browser of its own, with fresh tabs and links in each window.
//   ours        from the file, unread, to the last signed claim. Encryption, two passes of it, hashing on both sides, and a store that
//               is durable before each claim count. The link is there before.
//   PeerJS      from `send` of what is in memory to the other side's word that it has all of it, in memory. The link is there before.
//   WebTorrent  from `add` to `done`: finding each other, and the adder's check of every piece and its store, in memory, count; the
//               seed's hashing does not. No encryption but that of WebRTC, as with PeerJS.
//   bare        a channel with a window of 64 KiB, from the first frame to the other side's word that it has all of them, and lost them.

const sizes = quick() ? ([8, 32] as const) : ([64, 256] as const);
const goals = [
  { peerJs: 'tab-64-by-peerjs', webTorrent: 'tab-64-by-webtorrent' },
  { peerJs: 'tab-256-by-peerjs', webTorrent: 'tab-256-by-webtorrent' },
] as const;

interface Servers {
  readonly peerPort: number;
  readonly tracker: string;
}

benchmark('tab-to-tab', async () => {
  const peerServer = await startPeerServer();
  const tracker = await startTracker();
  try {
    return await withTabs({ browsers: 2, files: new Map([...peerJsFiles, ...webTorrentFiles]) }, async (tabs) => {
      const servers = { peerPort: peerServer.port, tracker: tracker.url };
      const measured: Measured[] = [];
      for (const [index, size] of sizes.entries()) measured.push(...(await compare(tabs, servers, size, goals[index]!)));
      return measured;
    });
  } finally {
    peerServer.close();
    await tracker.close();
  }
});

async function compare(tabs: Tabs, servers: Servers, size: number, goal: (typeof goals)[number]): Promise<Measured[]> {
  const bytes = size * mebibyte;
  const speed = (ms: number): number => megabytesPerSecond(bytes, ms);
  const { samples, by } = await interleaved(
    {
      ours: async () => speed(await storeInFreshTab(tabs, bytes)),
      peerJs: async () => speed(await inFreshTabs(tabs, (from, to) => sendByPeerJs(from, to, servers.peerPort, bytes))),
      webTorrent: async () => speed(await inFreshTabs(tabs, (from, to) => sendByWebTorrent(from, to, servers.tracker, bytes))),
      bare: async () => speed(await inFreshTabs(tabs, async (from, to) => (await linkBare(from, [to])).carry('out', bytes))),
    },
    { warmUp: false },
  );
  return [
    { name: `${size} MiB, tab to tab, to the last claim`, unit: 'MB/s', samples: samples.ours },
    { name: `${size} MiB by PeerJS`, unit: 'MB/s', samples: samples.peerJs },
    { name: `${size} MiB by WebTorrent`, unit: 'MB/s', samples: samples.webTorrent },
    { name: `${size} MiB over a bare channel, 64 KiB window`, unit: 'MB/s', samples: samples.bare },
    { name: `${size} MiB by PeerJS's speed`, unit: 'times', goal: goal.peerJs, samples: by('ours', 'peerJs') },
    { name: `${size} MiB by WebTorrent's speed`, unit: 'times', goal: goal.webTorrent, samples: by('ours', 'webTorrent') },
    { name: `${size} MiB by a bare channel's speed`, unit: 'times', samples: by('ours', 'bare') },
  ];
}

/** A swarm of two, which never was before. */
async function storeInFreshTab(tabs: Tabs, bytes: number): Promise<number> {
  const search = `?swarm=${crypto.randomUUID()}&profile=${crypto.randomUUID()}`;
  const holder = await tabs.peer(1, { search });
  const sender = await tabs.peer(0, { search });
  try {
    await holder.lend();
    await sender.seesLenders(1);
    await sender.show('Drop');
    return (await store(sender, tabs.folder, bytes)).ms;
  } finally {
    await sender.page.close();
    await holder.page.close();
  }
}

/** Two empty pages, one in each browser, that are closed afterwards. */
async function inFreshTabs(tabs: Tabs, transfer: (from: Page, to: Page) => Promise<number>): Promise<number> {
  const pages = [await tabs.blank(0), await tabs.blank(1)] as const;
  try {
    await show(pages);
    return await transfer(...pages);
  } finally {
    for (const page of pages) await page.close();
  }
}
