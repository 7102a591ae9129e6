import type { Page } from '@playwright/test';
import type { TabPeer } from '../../e2e/tab-peer.ts';
import { benchmark } from '../benchmark.ts';
import { interleaved, quick } from '../measure.ts';
import { linkBare } from './bare.ts';
import { store } from './ours.ts';
import { mebibyte, megabytesPerSecond, show, withTabs } from './tabs.ts';

// Of ours everything counts from the file, unread, to the last of the nine holders' signed claims, each after its shards are durable:
// reading, two passes of sealing, hashing on both sides, the store. Of the bare channels the same bytes count on their way alone.

const holders = 9;
/** 6+3: what goes to the holders, by the bytes of the file. */
const expansion = 9 / 6;
const bytes = (quick() ? 16 : 64) * mebibyte;

benchmark('upload', () =>
  withTabs({ browsers: holders + 1 }, async (tabs) => {
    const bareTabs: Page[] = [];
    const peers: TabPeer[] = [];
    for (let browser = 0; browser <= holders; browser++) {
      bareTabs.push(await tabs.blank(browser));
      peers.push(await tabs.peer(browser));
    }
    const [hub, ...others] = bareTabs;
    const [sender, ...lenders] = peers;
    const channels = await linkBare(hub!, others);
    for (const lender of lenders) await lender.lend();
    await sender!.seesLenders(holders);
    await sender!.show('Drop');

    const { samples, by } = await interleaved({
      async ours() {
        await show(peers.map(({ page }) => page));
        const { ms } = await store(sender!, tabs.folder, bytes);
        return megabytesPerSecond(bytes, ms);
      },
      async bare() {
        await show(bareTabs);
        return megabytesPerSecond(bytes, await channels.carry('out', expansion * bytes));
      },
    });
    const size = `${bytes / mebibyte} MiB to ${holders} tabs`;
    return [
      { name: `${size} (6+3), from the file to the last claim`, unit: 'MB/s of file', samples: samples.ours },
      { name: `the same bytes over bare channels, 64 KiB window`, unit: 'MB/s of file', samples: samples.bare },
      { name: 'upload by bare channels', unit: 'times', goal: 'upload-by-bare', samples: by('ours', 'bare') },
    ];
  }),
);
