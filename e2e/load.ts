import { createCipheriv, createHash } from 'node:crypto';
import { createWriteStream, readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Browser, BrowserContext, Page } from '@playwright/test';

/** Writes `length` bytes that look random and are the same each time, without ever holding them. Gives their SHA-256. */
export async function writeLarge(path: string, length: number): Promise<string> {
  const cipher = createCipheriv('aes-128-ctr', Buffer.alloc(16, 7), Buffer.alloc(16));
  const zeros = Buffer.alloc(1 << 20);
  const hash = createHash('sha256');
  const blocks = function* (): Generator<Buffer> {
    for (let left = length; left > 0; left -= zeros.length) {
      const block = cipher.update(zeros.subarray(0, left));
      hash.update(block);
      yield block;
    }
  };
  await pipeline(Readable.from(blocks()), createWriteStream(path));
  return hash.digest('hex');
}

/** What a page's own thread was seen to do. */
export interface PageThread {
  /** Longest time between two turns of its event loop, ms. */
  readonly longestGapMs: number;
  /** Calls that read or cut a file or Blob. */
  readonly blobCalls: readonly string[];
  /** Largest ArrayBuffer in any message to or from it, and all of them together, in bytes. */
  readonly largestBuffer: number;
  readonly buffers: number;
}

/** Watches the thread of every page of this context, from before its first script; not its workers. */
export async function watchPageThreads(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const seen = { longestGapMs: 0, blobCalls: [] as string[], largestBuffer: 0, buffers: 0 };
    Object.assign(globalThis, { pageThread: seen });
    let last = performance.now();
    const turn = (): void => {
      const now = performance.now();
      seen.longestGapMs = Math.max(seen.longestGapMs, now - last);
      last = now;
      setTimeout(turn, 0);
    };
    turn();

    const measure = (value: unknown, depth = 0): void => {
      if (typeof value !== 'object' || value === null || depth > 8) return;
      const bytes = value instanceof ArrayBuffer || ArrayBuffer.isView(value) ? value.byteLength : undefined;
      if (bytes === undefined) return Object.values(value).forEach((inner) => measure(inner, depth + 1));
      seen.largestBuffer = Math.max(seen.largestBuffer, bytes);
      seen.buffers += bytes;
    };
    /** Looks at the arguments of a method before it runs. */
    const watch = (owner: object, method: string, look: (argument: unknown) => void): void => {
      const original: unknown = Reflect.get(owner, method);
      if (typeof original !== 'function') return;
      Reflect.set(owner, method, function (this: unknown, ...rest: unknown[]): unknown {
        look(rest[0]);
        return Reflect.apply(original, this, rest);
      });
    };
    for (const method of ['arrayBuffer', 'bytes', 'slice', 'stream', 'text'])
      watch(Blob.prototype, method, () => seen.blobCalls.push(method));
    for (const method of ['readAsArrayBuffer', 'readAsBinaryString', 'readAsDataURL', 'readAsText'])
      watch(FileReader.prototype, method, () => seen.blobCalls.push(method));
    for (const owner of [Worker.prototype, MessagePort.prototype]) watch(owner, 'postMessage', measure);
    watch(RTCDataChannel.prototype, 'send', measure);
    const { get } = Object.getOwnPropertyDescriptor(MessageEvent.prototype, 'data') ?? {};
    Object.defineProperty(MessageEvent.prototype, 'data', {
      get(this: MessageEvent): unknown {
        const data: unknown = get?.call(this);
        measure(data);
        return data;
      },
    });
  });
}

/** What was seen since the last call, or since the page began. */
export function pageThread(page: Page): Promise<PageThread> {
  return page.evaluate(() => {
    const seen = Reflect.get(globalThis, 'pageThread') as { -readonly [K in keyof PageThread]: PageThread[K] };
    const found = { ...seen, blobCalls: [...seen.blobCalls] };
    seen.longestGapMs = 0;
    return found;
  });
}

/** Watches the memory of a browser's pages and workers, browser and network left out. */
export interface MemoryWatch {
  /** By how many bytes it was ever above what it was when the watch began. */
  stop(): Promise<number>;
}

export async function watchMemory(browser: Browser): Promise<MemoryWatch> {
  const session = await browser.newBrowserCDPSession();
  const now = async (): Promise<number> => {
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    return processInfo.filter(({ type }) => type === 'renderer').reduce((sum, { id }) => sum + residentBytes(id), 0);
  };
  const before = await now();
  let most = before;
  const look = async (): Promise<void> => {
    most = Math.max(most, await now());
  };
  const timer = setInterval(() => void look().catch(() => {}), 200);
  return {
    async stop() {
      clearInterval(timer);
      await look();
      await session.detach();
      return most - before;
    },
  };
}

/** Memory of a process that no file stands behind, as Linux counts it; 0 of one that has just ended. */
function residentBytes(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return 1024 * ['RssAnon', 'RssShmem'].reduce((sum, field) => sum + Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1] ?? 0), 0);
  } catch {
    return 0;
  }
}
