import { type BrowserContext, expect } from '@playwright/test';
import type { TabPeer } from './tab-peer.ts';

/** Kills the renderer process of a tab, its workers with it: no page event, no word to anybody. */
export async function killProcess(peer: TabPeer): Promise<void> {
  const session = await peer.context.newCDPSession(peer.page);
  const gone = peer.page.waitForEvent('crash');
  // Nobody is left to answer.
  session.send('Page.crash').catch(() => {});
  await gone;
}

/** Waits until this share of the transfer that the page shows is done, and sees that it is not all. */
export async function isUnderWay(peer: TabPeer, share: number): Promise<void> {
  const bar = peer.page.getByRole('progressbar').first();
  const done = async (): Promise<number> => Number(await bar.getAttribute('aria-valuenow', { timeout: 5_000 })) / 100;
  await expect.poll(done, { timeout: 60_000, intervals: [25] }).toBeGreaterThanOrEqual(share);
}

/**
 * Halts the peer worker of this tab right before it begins a write, as a machine may that sleeps. Resolves when it hangs.
 * What it gives lets the worker go on, and tells how that write ended: `complete` or `abort`.
 */
export async function hangBeforeWrite(peer: TabPeer): Promise<() => Promise<string>> {
  const worker = peer.page.workers().find((each) => each.url().includes('peer.worker'));
  if (worker === undefined) throw new Error('this tab has no peer worker');
  let goOn = (): void => {};
  const released = new Promise<void>((resolve) => (goOn = resolve));
  const hangs = new Promise<void>((resolve) => {
    // A worker that waits for this answer does nothing else.
    void peer.page.route('**/until-it-goes-on', async (route) => {
      resolve();
      await released;
      await route.fulfill({ body: '' });
    });
  });
  const told = peer.page.waitForEvent('console', { predicate: (message) => message.text().startsWith('late write: '), timeout: 0 });
  told.catch(() => {});
  await worker.evaluate(() => {
    const begin = IDBDatabase.prototype.transaction;
    let [hung, open, seen] = [false, 0, 0];
    IDBDatabase.prototype.transaction = function (this: IDBDatabase, ...rest: Parameters<typeof begin>) {
      if (rest[1] === 'readwrite') seen++;
      // Between two transactions: an open one would hold the other tab up. At the latest before the shard is committed, none is open.
      const hangNow = !hung && open === 0 && rest[1] === 'readwrite' && seen > 3;
      if (hangNow) {
        hung = true;
        const request = new XMLHttpRequest();
        request.open('GET', '/until-it-goes-on', false);
        request.send();
      }
      const transaction = begin.apply(this, rest);
      open++;
      for (const end of ['complete', 'abort']) {
        transaction.addEventListener(end, () => {
          open--;
          if (hangNow) console.info(`late write: ${end}`);
        });
      }
      return transaction;
    };
  });
  await hangs;
  const ended = worker.waitForEvent('close').then(() => 'abort');
  const outcome = told.then((message) => message.text().slice('late write: '.length));
  return () => {
    goOn();
    // A worker that ends with an open transaction takes it back.
    return Promise.race([outcome, ended]);
  };
}

/** What this peer lends becomes what it holds, on its disk: it has told everyone of more, and finds out when it is given a shard. */
export async function fillUp(peer: TabPeer, heldBytes: number): Promise<void> {
  await peer.page.evaluate(async (capacity) => {
    await new Promise<void>((resolve, reject) => {
      const opening = indexedDB.open('shoal:');
      opening.onerror = () => reject(opening.error);
      opening.onsuccess = () => {
        const tx = opening.result.transaction('counters', 'readwrite');
        tx.objectStore('counters').put(capacity, 'capacity');
        tx.oncomplete = () => {
          opening.result.close();
          resolve();
        };
      };
    });
  }, heldBytes);
}

/** Process id of the browser behind a context. */
export async function browserProcess(context: BrowserContext): Promise<number> {
  const browser = context.browser();
  if (browser === null) throw new Error('this context has no browser of its own');
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const own = processInfo.find(({ type }) => type === 'browser');
  if (own === undefined) throw new Error('the browser does not name its process');
  return own.id;
}

/** How many RTCPeerConnections the page of this tab keeps alive, after a collection of garbage; and how many of them are not closed. */
export async function connectionsOf(peer: TabPeer): Promise<{ readonly kept: number; readonly open: number }> {
  const session = await peer.context.newCDPSession(peer.page);
  const prototype = await session.send('Runtime.evaluate', { expression: 'RTCPeerConnection.prototype' });
  const { objects } = await session.send('Runtime.queryObjects', { prototypeObjectId: prototype.result.objectId ?? '' });
  const { result } = await session.send('Runtime.callFunctionOn', {
    objectId: objects.objectId ?? '',
    functionDeclaration:
      'function () { return { kept: this.length, open: this.filter((each) => each.connectionState !== "closed").length }; }',
    returnByValue: true,
  });
  await session.detach();
  return result.value as { kept: number; open: number };
}
