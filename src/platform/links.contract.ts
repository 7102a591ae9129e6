import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Dialer, Dialing, Link, SignalData } from '../peer/ports.ts';

/** Two peers that can reach each other, and the way to wait in their world. */
export interface DialerPair {
  readonly dialers: readonly [Dialer, Dialer];
  /** Lets time pass until `done()` holds; rejects when it does not come to hold. */
  settle(done: () => boolean): Promise<void>;
  close(): Promise<void>;
}

const frameBytesMax = 65_536;
const nodes = ['aa'.repeat(32), 'bb'.repeat(32)] as const;

/** One end, with what it has heard. */
interface End {
  readonly dialing: Dialing;
  link?: Link;
  failure?: string;
  readonly frames: Uint8Array[];
  readonly closed: boolean[];
}

/**
 * What `src/peer/links` counts on from every Dialer and Link (SPEC PORT-*), run on the simulated network and on WebRTC. `make` gives a
 * fresh pair; nothing here assumes whose time it is.
 */
export function linkContract(name: string, make: () => Promise<DialerPair>): void {
  describe(`links: ${name}`, () => {
    let pair: DialerPair;
    beforeEach(async () => {
      pair = await make();
    });
    afterEach(() => pair.close());

    it('[PORT-1] both roles get one open link, without any data but through `signal`', async () => {
      const [a, b] = await connect(pair);
      expect([a.link, b.link]).not.toContain(undefined);
      expect([a.failure, b.failure]).toEqual([undefined, undefined]);
    });

    it('[PORT-2] frames arrive whole and in order, both ways', async () => {
      const [a, b] = await connect(pair);
      listen(a);
      listen(b);
      const sizes = [1, 12, 1_000, 65_535, 0x1234, 2];
      for (const [i, size] of sizes.entries()) {
        a.link!.send(pattern(size, i));
        b.link!.send(pattern(size, i + 100));
      }
      await pair.settle(() => a.frames.length === sizes.length && b.frames.length === sizes.length);
      for (const [i, size] of sizes.entries()) {
        expect(same(b.frames[i]!, pattern(size, i))).toBe(true);
        expect(same(a.frames[i]!, pattern(size, i + 100))).toBe(true);
      }
    });

    it('[PORT-2] a frame is copied when it is sent: its bytes may be used again', async () => {
      const [a, b] = await connect(pair);
      listen(b);
      const room = new Uint8Array(1_000);
      for (let i = 0; i < 3; i++) {
        room.set(pattern(room.length, i));
        a.link!.send(room);
      }
      await pair.settle(() => b.frames.length === 3);
      for (let i = 0; i < 3; i++) expect(same(b.frames[i]!, pattern(room.length, i))).toBe(true);
    });

    it('[PORT-3] a frame may have 65,536 bytes', async () => {
      const [a, b] = await connect(pair);
      listen(b);
      a.link!.send(pattern(frameBytesMax, 7));
      await pair.settle(() => b.frames.length === 1);
      expect(same(b.frames[0]!, pattern(frameBytesMax, 7))).toBe(true);
    });

    it('[PORT-4] frames that came before `listen` wait for it', async () => {
      const [a, b] = await connect(pair);
      listen(a);
      for (let i = 0; i < 5; i++) a.link!.send(pattern(100, i));
      // The answer shows that all five have come by now.
      b.link!.send(pattern(1, 0));
      await pair.settle(() => a.frames.length === 1 && a.link!.bufferedAmount === 0);
      listen(b);
      await pair.settle(() => b.frames.length === 5);
      expect(b.frames.map((frame) => frame[0])).toEqual([0, 1, 2, 3, 4].map((i) => pattern(1, i)[0]));
    });

    it('[PORT-5] bufferedAmount counts what was sent and falls to zero, and `drained` is told', async () => {
      const [a, b] = await connect(pair);
      const drained = listen(a);
      listen(b);
      // More than any transport takes into its own buffer at once: one takes a mebibyte.
      const frame = pattern(frameBytesMax, 0);
      for (let i = 0; i < 64; i++) a.link!.send(frame);
      expect(a.link!.bufferedAmount).toBeGreaterThan(32_768);
      // What is buffered may be read as zero a moment before the event of it comes.
      await pair.settle(() => a.link!.bufferedAmount === 0 && b.frames.length === 64 && drained.count > 0);
    });

    it('[PORT-6] each side sees its own certificate as the other one sees it', async () => {
      const [a, b] = await connect(pair);
      const [fromA, fromB] = await Promise.all([a.link!.fingerprints, b.link!.fingerprints]);
      expect(fromA.local).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
      expect(fromA).toEqual({ local: fromB.remote, remote: fromB.local });
      expect(fromA.local).not.toBe(fromA.remote);
    });

    it('[PORT-7] closing is seen once by both sides, after the frames that were sent before it', async () => {
      const [a, b] = await connect(pair);
      listen(a);
      listen(b);
      a.link!.send(pattern(10, 1));
      a.link!.close();
      a.link!.close();
      a.link!.send(pattern(10, 2));
      await pair.settle(() => a.closed.length > 0 && b.closed.length > 0);
      expect([a.closed, b.closed]).toEqual([[false], [false]]);
      expect(b.frames.map((frame) => frame[0])).toEqual([pattern(1, 1)[0]]);
    });

    it('[PORT-8] giving a dialing up closes the link that came of it', async () => {
      const [a, b] = await connect(pair);
      listen(b);
      a.dialing.close();
      await pair.settle(() => b.closed.length > 0);
      expect(b.closed).toHaveLength(1);
    });

    it('[PORT-9] a dialing that was given up takes late data and hands out no link', async () => {
      const [a, b] = dialBoth(pair, (from) => from === 'a');
      await pair.settle(() => a.signals.some(({ type }) => type === 'offer'));
      a.end.dialing.close();
      for (const data of a.signals) a.end.dialing.signal(data);
      b.end.dialing.close();
      expect([a.end.link, b.end.link]).toEqual([undefined, undefined]);
    });
  });
}

interface Party {
  readonly end: End;
  /** What it wanted to tell the other side. */
  readonly signals: SignalData[];
}

/** Starts a dial on both sides; `holdBack` keeps one side's data from the other. */
function dialBoth(pair: DialerPair, holdBack: (from: 'a' | 'b') => boolean): [Party, Party] {
  const parties: Party[] = [];
  for (const side of [0, 1] as const) {
    const signals: SignalData[] = [];
    const heard = { frames: [], closed: [] };
    const end: End = Object.assign(heard, {
      dialing: pair.dialers[side].dial(nodes[1 - side]!, side === 0, {
        signal(data) {
          signals.push(data);
          if (!holdBack(side === 0 ? 'a' : 'b')) parties[1 - side]?.end.dialing.signal(data);
        },
        link: (link) => Object.assign(heard, { link }),
        failed: (failure) => Object.assign(heard, { failure }),
      }),
    });
    parties.push({ end, signals });
  }
  return [parties[0]!, parties[1]!];
}

async function connect(pair: DialerPair): Promise<[End, End]> {
  const [a, b] = dialBoth(pair, () => false);
  await pair.settle(() => a.end.link !== undefined && b.end.link !== undefined);
  return [a.end, b.end];
}

function listen(end: End): { count: number } {
  const drained = { count: 0 };
  end.link!.listen({
    frame: (frame) => end.frames.push(frame),
    drained: () => drained.count++,
    closed: (bye) => end.closed.push(bye),
  });
  return drained;
}

/** `size` bytes that tell position and `seed`. */
function pattern(size: number, seed: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, i) => (i * 31 + seed * 7 + (i >> 8)) & 0xff);
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
