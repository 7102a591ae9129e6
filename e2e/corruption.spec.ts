import { type Page } from '@playwright/test';
import { expect, longTest } from './fixtures.ts';
import { sha256, type TabPeer, testBytes } from './tab-peer.ts';

/** Changes the first byte of shard 0 of segment 0 in this tab's database, as a failing disk would. False when it holds no such shard. */
function flipFirstByte(page: Page): Promise<boolean> {
  return page.evaluate(async () => {
    const result = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const database = await result(indexedDB.open('shoal:'));
    const bytes = database.transaction('bytes', 'readwrite').objectStore('bytes');
    const keys = (await result(bytes.getAllKeys())) as [place: string, block: number][];
    const key = keys.find(([place, block]) => place.endsWith('/0/0') && block === 0);
    if (key !== undefined) {
      const block = (await result(bytes.get(key))) as ArrayBuffer;
      new Uint8Array(block)[0]! ^= 1;
      await result(bytes.put(block, key));
    }
    database.close();
    return key !== undefined;
  });
}

longTest('[READ-2] a byte changed in a holder’s database: the download succeeds and that peer is marked', async ({ swarm }) => {
  const storers = await swarm.lenders(6);
  const owner = await swarm.open();
  await owner.seesLenders(6);
  const file = { name: 'flipped.bin', bytes: testBytes(3_000_000) };
  const link = await owner.send(file);
  await owner.close();

  const flipped: TabPeer[] = [];
  for (const storer of storers) if (await flipFirstByte(storer.page)) flipped.push(storer);
  expect(flipped).toHaveLength(1);

  // Linked with everyone first: only then is the data shard surely asked for, and not one that another peer had sooner.
  const reader = await swarm.open();
  await reader.seesPeers(6);
  await reader.page.goto(link);
  expect((await reader.download()).sha256).toBe(sha256(file.bytes));
  await reader.show('Swarm');
  const marked = reader.page.locator('[data-peer][data-marked=true]');
  await expect(marked).toHaveCount(1);
  await expect(marked).toHaveAttribute('data-peer', await flipped[0]!.node());
});
