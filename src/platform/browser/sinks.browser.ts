import { describe, expect, test } from 'vitest';
import { concatBytes } from '../../core/bytes/compare.ts';
import type { Clock } from '../../peer/ports.ts';
import { expectBytes, sampleBytes } from '../shard-samples.contract.ts';
import { wallClock } from '../wall-clock.ts';
import { downloadHeaders } from './download-headers.ts';
import type { DownloadAnswer } from './download-protocol.ts';
import { registerServiceWorker, saveStream } from './download.ts';
import { streamFrom } from './download-stream.ts';
import { pendingDownloads } from './pending-downloads.ts';
import { blobSink, fileSink, streamSink } from './sinks.ts';

const cancelled = { code: 'cancelled' };
const meta = { name: 'fish 🐟.txt', media: 'text/plain', size: 3000 };

describe('Blob sink', () => {
  test('[SINK-1] the Blob holds all that was written, in order, and a harmless type', async () => {
    const sink = blobSink('text/html');
    await sink.write(sampleBytes(1000));
    await sink.write(sampleBytes(3000).subarray(1000, 3000));
    await sink.close();
    const blob = await sink.result;
    expectBytes(new Uint8Array(await blob.arrayBuffer()), sampleBytes(3000));
    expect(blob.type).toBe('application/octet-stream');
  });

  test('[SINK-21] what was written is no longer needed', async () => {
    const sink = blobSink('');
    const bytes = sampleBytes(1000);
    await sink.write(bytes);
    bytes.fill(0);
    await sink.close();
    expectBytes(new Uint8Array(await (await sink.result).arrayBuffer()), sampleBytes(1000));
  });

  test('[SINK-1] an empty file is an empty Blob', async () => {
    const sink = blobSink('image/png');
    await sink.close();
    expect(await sink.result).toMatchObject({ size: 0, type: 'image/png' });
  });

  test('[SINK-2] more than the bound is refused as too large, before anything comes', async () => {
    const sink = blobSink('', 1000);
    await sink.begin(1000);
    await expect(sink.begin(1001)).rejects.toMatchObject({ code: 'too-large', message: expect.stringContaining('1000') });
  });

  test('[SINK-3] an aborted Blob never comes', async () => {
    const sink = blobSink('');
    await sink.write(sampleBytes(10));
    await sink.abort('Too few shards.');
    await expect(sink.result).rejects.toMatchObject({ ...cancelled, message: 'Too few shards.' });
    await expect(sink.write(sampleBytes(10))).rejects.toMatchObject(cancelled);
    await expect(sink.close()).rejects.toMatchObject(cancelled);
  });
});

describe('file sink', () => {
  /** A file as a picker gives it, here in the origin's own file system. */
  async function picked(before?: string) {
    const root = await navigator.storage.getDirectory();
    const handle = await root.getFileHandle(`picked-${crypto.randomUUID()}`, { create: true });
    if (before !== undefined) {
      const writable = await handle.createWritable();
      await writable.write(before);
      await writable.close();
    }
    return { handle, text: async () => (await handle.getFile()).text(), remove: () => root.removeEntry(handle.name) };
  }

  test('[SINK-15] the file has all that was written, in order, in the place of what was there', async () => {
    const { handle, remove } = await picked('something longer that was there before'.repeat(200));
    const sink = fileSink(handle);
    await sink.begin(3000);
    await sink.write(sampleBytes(1000));
    await sink.write(sampleBytes(3000).subarray(1000, 3000));
    await sink.close();
    expectBytes(new Uint8Array(await (await handle.getFile()).arrayBuffer()), sampleBytes(3000));
    await remove();
  });

  test('[SINK-21] what was written is no longer needed', async () => {
    const { handle, remove } = await picked();
    const sink = fileSink(handle);
    await sink.begin(1_000_000);
    const bytes = sampleBytes(1_000_000);
    await sink.write(bytes);
    bytes.fill(0);
    await sink.close();
    expectBytes(new Uint8Array(await (await handle.getFile()).arrayBuffer()), sampleBytes(1_000_000));
    await remove();
  });

  test('[SINK-15] an aborted download leaves the file as it was', async () => {
    const { handle, text, remove } = await picked('as it was');
    const sink = fileSink(handle);
    await sink.begin(2000);
    await sink.write(sampleBytes(1000));
    await sink.abort('Too few shards.');
    expect(await text()).toBe('as it was');
    await expect(sink.write(sampleBytes(1000))).rejects.toMatchObject(cancelled);
    await expect(sink.close()).rejects.toMatchObject(cancelled);
    await sink.abort('again');
    await remove();
  });

  test('[SINK-15] a download that is aborted before it began leaves it too', async () => {
    const { handle, text, remove } = await picked('as it was');
    await fileSink(handle).abort('Nothing came.');
    expect(await text()).toBe('as it was');
    await remove();
  });

  test.each([
    ['QuotaExceededError', 'full'],
    ['NotAllowedError', 'not-found'],
    ['NotFoundError', 'not-found'],
  ])('[SINK-15] what the browser refuses with %s is %s', async (name, code) => {
    const { handle, remove } = await picked();
    handle.createWritable = () => Promise.reject(new DOMException('no', name));
    await expect(fileSink(handle).begin(1)).rejects.toMatchObject({ code });
    await remove();
  });
});

/** A sink and the stream it feeds. */
function pipe() {
  const channel = new MessageChannel();
  let nowOver = (): void => {};
  const over = new Promise<void>((resolve) => (nowOver = resolve));
  const reader = streamFrom(channel.port2, nowOver).body.getReader();
  return { sink: streamSink(channel.port1), reader, over };
}

describe('stream sink', () => {
  test('[SINK-4] the stream gives all that was written, in order, and then ends', async () => {
    const { sink, reader, over } = pipe();
    const chunks = [sampleBytes(1000), sampleBytes(70_000, 2), sampleBytes(1, 3)];
    const writing = (async () => {
      for (const chunk of chunks) await sink.write(chunk.slice());
      await sink.close();
    })();
    const read: Uint8Array[] = [];
    for (let next = await reader.read(); !next.done; next = await reader.read()) read.push(next.value);
    expectBytes(concatBytes(...read), concatBytes(...chunks));
    await writing;
    await over;
  });

  test('[SINK-4] bytes are moved, not copied; of a larger buffer only the bytes go', async () => {
    const { sink, reader } = pipe();
    const whole = sampleBytes(1000);
    const part = sampleBytes(1000).subarray(10, 20);
    await sink.write(whole);
    expect(whole.length).toBe(0);
    await reader.read();
    await sink.write(part);
    expect(part.length).toBe(10);
    expect((await reader.read()).value).toEqual(sampleBytes(1000).slice(10, 20));
  });

  test('[SINK-5] a write waits until the reader wants more: at most one chunk lies ready', async () => {
    const { sink, reader } = pipe();
    let written = 0;
    const writing = (async () => {
      for (let i = 1; i <= 5; i++) {
        await sink.write(sampleBytes(10, i));
        written = i;
      }
    })();
    for (let i = 1; i <= 5; i++) {
      expect((await reader.read()).value).toEqual(sampleBytes(10, i));
      expect(written).toBeLessThanOrEqual(i + 1);
    }
    await writing;
  });

  test('[SINK-6] when the reader gives up, the waiting write and all later ones are cancelled', async () => {
    const { sink, reader, over } = pipe();
    await sink.write(sampleBytes(10));
    const waiting = sink.write(sampleBytes(10));
    await reader.cancel();
    await expect(waiting).rejects.toMatchObject(cancelled);
    await expect(sink.write(sampleBytes(10))).rejects.toMatchObject(cancelled);
    await expect(sink.close()).rejects.toMatchObject(cancelled);
    await sink.abort('late');
    await over;
  });

  test('[SINK-7] an aborted stream fails for its reader instead of ending', async () => {
    const { sink, reader, over } = pipe();
    await sink.write(sampleBytes(10));
    await sink.abort('Too few shards.');
    await expect(
      (async () => {
        for (;;) if ((await reader.read()).done) return;
      })(),
    ).rejects.toThrow('Too few shards.');
    await over;
  });
});

describe('pending downloads', () => {
  const scope = 'https://shoal.test/app/';
  const add = (downloads: ReturnType<typeof pendingDownloads>, id: string) => {
    const bytes = new MessageChannel();
    const answers = new MessageChannel();
    const heard: DownloadAnswer[] = [];
    const over = new Promise<void>((resolve) => {
      answers.port1.onmessage = ({ data }: MessageEvent<DownloadAnswer>) => {
        heard.push(data);
        if (data.t === 'over') resolve();
      };
    });
    downloads.add(id, meta, bytes.port2, answers.port2);
    return { sink: streamSink(bytes.port1), heard, over };
  };

  test('[SINK-11] an address that is no download is left alone, an unknown download is a 404', async () => {
    const downloads = pendingDownloads(scope, wallClock);
    for (const url of [scope, `${scope}index.html`, 'https://shoal.test/download/x', `${scope}downloads`])
      expect(downloads.answer(url)).toBeUndefined();
    const unknown = downloads.answer(`${scope}download/x`)!;
    expect(unknown.status).toBe(404);
    expect(unknown.headers.get('Content-Type')).toBe('text/plain');
  });

  test('[SINK-11] a download is answered once, and the page hears when it is over', async () => {
    const downloads = pendingDownloads(scope, wallClock);
    const { sink, heard, over } = add(downloads, 'x');
    const response = downloads.answer(`${scope}download/x`)!;
    expect(response.status).toBe(200);
    expect(downloads.answer(`${scope}download/x`)!.status).toBe(404);
    const body = response.arrayBuffer();
    await sink.write(sampleBytes(3000));
    await sink.close();
    expectBytes(new Uint8Array(await body), sampleBytes(3000));
    await over;
    expect(heard).toEqual([{ t: 'ready', url: `${scope}download/x` }, { t: 'over' }]);
  });

  test('[SINK-14] a ping is answered only for a download that is not known: lost, or over', async () => {
    const downloads = pendingDownloads(scope, wallClock);
    const { over } = add(downloads, 'x');
    const answers: string[] = [];
    const pingAll = async (): Promise<string[]> => {
      answers.length = 0;
      const channel = new MessageChannel();
      const last = new Promise<void>((resolve) => {
        channel.port1.onmessage = ({ data }: MessageEvent<DownloadAnswer | 'last'>) => (data === 'last' ? resolve() : answers.push(data.t));
      });
      for (const id of ['x', 'nobody']) downloads.ping(id, channel.port2);
      channel.port2.postMessage('last');
      await last;
      return answers;
    };
    expect(await pingAll()).toEqual(['over']);
    const { body } = downloads.answer(`${scope}download/x`)!;
    expect(await pingAll()).toEqual(['over']);
    await body!.cancel();
    await over;
    expect(await pingAll()).toEqual(['over', 'over']);
  });

  test('[SINK-14] a download fails 90 s after the last ping of its page', async () => {
    const timers: { ms: number; ring?: () => void }[] = [];
    const clock: Clock = {
      now: () => 0,
      timer(ms, ring) {
        const timer: (typeof timers)[number] = { ms, ring };
        timers.push(timer);
        return () => delete timer.ring;
      },
    };
    const downloads = pendingDownloads(scope, clock);
    const { over } = add(downloads, 'x');
    const reader = downloads.answer(`${scope}download/x`)!.body!.getReader();
    downloads.ping('x', new MessageChannel().port1);
    expect(timers.map(({ ms, ring }) => [ms, ring !== undefined])).toEqual([
      [90_000, false],
      [90_000, true],
    ]);
    timers[1]!.ring!();
    await expect(reader.read()).rejects.toThrow('gone');
    await over;
  });

  test('[SINK-12] the 65th download that nobody fetched makes the oldest give way', async () => {
    const downloads = pendingDownloads(scope, wallClock);
    const oldest = add(downloads, 'oldest');
    for (let i = 0; i < 64; i++) add(downloads, `later-${i}`);
    await oldest.over;
    await expect(oldest.sink.write(sampleBytes(1))).rejects.toMatchObject(cancelled);
    expect(downloads.answer(`${scope}download/oldest`)!.status).toBe(404);
    expect(downloads.answer(`${scope}download/later-0`)!.status).toBe(200);
  });
});

describe('service worker', () => {
  /** A page under the service worker's scope, from which a download can be fetched and looked at. */
  async function controlledWindow(): Promise<Window> {
    const frame = document.createElement('iframe');
    frame.src = '/workers/nothing-here';
    document.body.append(frame);
    await new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }));
    return frame.contentWindow!;
  }

  test('[SINK-13] a registered download reaches the browser as a streamed attachment', async () => {
    const registration = await registerServiceWorker('/workers/service.worker.ts', { type: 'module', scope: '/workers/' });
    const addresses: string[] = [];
    const download = await saveStream(registration, meta, (url) => addresses.push(url));
    const page = await controlledWindow();
    download.start();
    expect(addresses).toEqual([expect.stringMatching(/\/workers\/download\/[0-9a-f-]{36}$/)]);

    const response = await page.fetch(addresses[0]!);
    for (const [header, value] of Object.entries(downloadHeaders(meta))) expect(response.headers.get(header), header).toBe(value);
    const sink = streamSink(download.port);
    const body = response.arrayBuffer();
    for (let i = 0; i < 3; i++) await sink.write(sampleBytes(1000, i));
    await sink.close();
    expectBytes(new Uint8Array(await body), concatBytes(sampleBytes(1000, 0), sampleBytes(1000, 1), sampleBytes(1000, 2)));
    await download.over;

    expect((await page.fetch(addresses[0]!)).status).toBe(404);
    expect(await registration.unregister()).toBe(true);
  });
});
