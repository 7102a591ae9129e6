import type { Page } from '@playwright/test';
import type { TabPeer } from '../../e2e/tab-peer.ts';
import { benchmark } from '../benchmark.ts';
import { interleaved, quick } from '../measure.ts';
import { linkBare } from './bare.ts';
import { download, store } from './ours.ts';
import { mebibyte, megabytesPerSecond, show, withTabs } from './tabs.ts';

// Of ours everything counts from the click to the closed file: what the holders read and prove, every leaf verified, decryption, the
// file written. Each file is new, and was stored before by a tab beside the reader that has nothing to do meanwhile. Of the bare
// channels the same bytes count on their way alone.

const holders = 6;
const bytes = (quick() ? 16 : 64) * mebibyte;

benchmark('download', () =>
  withTabs({ browsers: holders + 1 }, async (tabs) => {
    const bareTabs: Page[] = [];
    const lenders: TabPeer[] = [];
    for (let browser = 0; browser <= holders; browser++) bareTabs.push(await tabs.blank(browser));
    for (let browser = 1; browser <= holders; browser++) lenders.push(await tabs.peer(browser));
    const sender = await tabs.peer(0, { search: '?profile=sender' });
    const reader = await tabs.peer(0, { search: '?profile=reader', picker: 'picked' });
    const [hub, ...others] = bareTabs;
    const channels = await linkBare(hub!, others);
    for (const lender of lenders) await lender.lend();
    await sender.seesLenders(holders);
    await sender.show('Drop');
    await reader.seesLenders(holders);
    const lending = lenders.map(({ page }) => page);

    const { samples, by } = await interleaved({
      async ours() {
        await show([...lending, sender.page]);
        const stored = await store(sender, tabs.folder, bytes);
        await show([reader.page]);
        return megabytesPerSecond(bytes, await download(reader, stored));
      },
      async bare() {
        await show(bareTabs);
        return megabytesPerSecond(bytes, await channels.carry('in', bytes));
      },
    });
    return [
      { name: `${bytes / mebibyte} MiB from ${holders} tabs (4+2) to a verified file`, unit: 'MB/s', samples: samples.ours },
      { name: 'the same bytes over bare channels, 64 KiB window', unit: 'MB/s', samples: samples.bare },
      { name: 'download by bare channels', unit: 'times', goal: 'download-by-bare', samples: by('ours', 'bare') },
    ];
  }),
);
