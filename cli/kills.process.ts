import { randomInt } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { FileView } from '../src/peer/snapshot.ts';
import { isLong } from '../test/long.ts';
import { homePaths } from '../src/platform/node/home.ts';
import type { PeerAccess } from './access/access.ts';
import { controlClient } from './daemon/control-client.ts';
import { startSwarm } from './swarm.testing.ts';

const kills = 100;
/** Uploads on their way at any time, and the bytes of each. */
const uploads = 4;
const bytes = 8_000_000;
/** A peer is killed so long after something was stored on it, ms. */
const afterMsMax = 700;

// Minutes. Each run of the usual tests kills stores by themselves (FILE-7).
test.runIf(isLong)(
  `[FLOW-23] a headless peer killed ${kills} times in the middle of writes has every shard that it claimed`,
  {
    timeout: 20 * 60_000,
  },
  async () => {
    const swarm = await startSwarm(0);
    try {
      const sender = await swarm.peer(swarm.at('sender'), '--capacity', '0');
      const access = (await controlClient((await homePaths(sender.home)).socket))!.access;
      const { path } = await swarm.file('data.bin', bytes);
      const stored: FileView[] = [];
      const over = new AbortController();
      const storing = Array.from({ length: uploads }, () => keepStoring(access, path, stored, over.signal));

      let midWrite = 0;
      for (let kill = 0; kill < kills; kill++) {
        const victim = await swarm.peer(swarm.at('victim'), '--capacity', '50GB');
        const before = stored.length;
        await expect.poll(() => stored.length, { timeout: 60_000, interval: 20 }).toBeGreaterThan(before);
        await pause(randomInt(afterMsMax));
        await victim.kill();
        const files = await readdir(swarm.at('victim', 'shards'), { recursive: true });
        if (files.some((file) => file.endsWith('.staged'))) midWrite++;
      }
      over.abort();
      await Promise.all(storing);

      await swarm.peer(swarm.at('victim'), '--capacity', '50GB');
      await swarm.met([sender], 1);
      for (const { capability } of stored) {
        const results = await access.verify(capability, () => undefined, new AbortController().signal);
        expect(results.map(({ outcome }) => outcome)).toEqual(['ok']);
      }
      console.log(`${stored.length} files stored, ${midWrite} of ${kills} kills in the middle of a write`);
      expect(midWrite).toBeGreaterThanOrEqual(kills / 2);
    } finally {
      await swarm.stop();
    }
  },
);

/** Stores a file again and again, each time as another object on one holder; what was stored is added to `stored`. */
async function keepStoring(access: PeerAccess, path: string, stored: FileView[], over: AbortSignal): Promise<void> {
  while (!over.aborted) {
    const id = await access.drop({ path, name: 'data.bin', media: '', profile: { k: 1, m: 0 } });
    for await (const view of access.watchFile(id, over)) if (view.state === 'stored') stored.push(view);
  }
}
