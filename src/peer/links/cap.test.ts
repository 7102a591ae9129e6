import { describe, expect, it } from 'vitest';
import { linkedPair, linksWorld, type LinksWorld } from '../../../test/links-world.ts';
import { emptyBody, kinds } from '../../core/wire/kinds.ts';
import { bandwidthMin } from '../../core/wire/limits.ts';
import type { Bandwidth } from './cap.ts';
import type { Incoming, Session } from './exchange.ts';

const kind = kinds.store;
const MiB = 1_048_576;
const noBytes = emptyBody.write({});
const never = { deadlineMs: 3_600_000 };

async function receiveAll(incoming: Incoming, heard: (bytes: number) => void = () => {}): Promise<typeof noBytes> {
  for (let next = await incoming.receive(); next !== undefined; next = await incoming.receive()) heard(next.length);
  return noBytes;
}

/** Sends `bytes` on one stream; resolves when the other side has taken them all. */
async function transfer(session: Session, bytes: number): Promise<void> {
  const call = session.call(kind, noBytes, never);
  await call.send(new Uint8Array(bytes));
  call.end();
  await call.result;
}

async function tookMs({ clock, settled }: LinksWorld, work: () => Promise<unknown>): Promise<number> {
  const beganMs = clock.now();
  await settled(work(), 600_000);
  return clock.now() - beganMs;
}

/** One peer in the middle with both others linked to it; each end serves. */
async function star(bandwidthOf: (index: number) => Bandwidth) {
  const world = await linksWorld({ peers: 3, bandwidthOf });
  for (const { links } of world.peers) links.start();
  await world.until(() => world.peers.every(({ opened }) => opened.length === 2));
  const [middle, ...others] = world.peers;
  return { ...world, middle: middle!, others };
}

const within = (share: number, got: number, wanted: number): void => {
  expect(got).toBeGreaterThan(wanted * (1 - share));
  expect(got).toBeLessThan(wanted * (1 + share));
};

describe('bandwidth limits', () => {
  it('[RATE-1] one below 65,536 bytes a second is refused', async () => {
    for (const bandwidth of [{ up: bandwidthMin - 1 }, { down: 0 }, { up: Number.NaN }])
      await expect(linksWorld({ peers: 1, bandwidthOf: () => bandwidth })).rejects.toMatchObject({ code: 'bad-input' });
  });

  for (const [perSecond, bytes] of [
    [MiB, 8 * MiB],
    [bandwidthMin, 8 * bandwidthMin],
    [4 * MiB, 20 * MiB],
  ] as const) {
    it(`[RATE-2] ${bytes} bytes take what they should at ${perSecond} a second, whichever side has the limit`, async () => {
      for (const [up, down] of [
        [perSecond, undefined],
        [undefined, perSecond],
        [perSecond, perSecond],
      ]) {
        const pair = await linkedPair({ bandwidthOf: (index) => (index === 0 ? { up } : { down }) });
        pair.b.links.handle(kind, receiveAll);
        within(0.15, await tookMs(pair, () => transfer(pair.fromA, bytes)), (bytes / perSecond) * 1_000);
      }
    });
  }

  it('[RATE-2] a limit on one direction leaves the other as it was', async () => {
    const pair = await linkedPair({ bandwidthOf: (index) => (index === 0 ? { down: bandwidthMin } : {}) });
    pair.b.links.handle(kind, receiveAll);
    expect(await tookMs(pair, () => transfer(pair.fromA, 8 * MiB))).toBeLessThan(5_000);
  });

  it('[RATE-2] many streams, each shorter than what is granted at once, keep to the limit too', async () => {
    const pair = await linkedPair({ bandwidthOf: (index) => (index === 1 ? { down: MiB } : {}) });
    pair.b.links.handle(kind, receiveAll);
    const streams = 64;
    const took = await tookMs(pair, () => Promise.all(Array.from({ length: streams }, () => transfer(pair.fromA, 70_000))));
    within(0.15, took, ((streams * 70_000) / MiB) * 1_000);
  });

  it('[RATE-3] two links share what one peer may send, by halves', async () => {
    const world = await star((index) => (index === 0 ? { up: MiB } : {}));
    const got = [0, 0];
    for (const [i, { links }] of world.others.entries())
      links.handle(kind, (incoming) => receiveAll(incoming, (bytes) => (got[i]! += bytes)));
    for (const session of world.middle.opened) void transfer(session, 8 * MiB).catch(() => {});
    await world.pass(4_000);
    for (const bytes of got) within(0.15, bytes, 2 * MiB);
  });

  it('[RATE-3] two links share what one peer may receive, by halves', async () => {
    const world = await star((index) => (index === 0 ? { down: MiB } : {}));
    const got = new Map<string, number>();
    world.middle.links.handle(kind, (incoming) => {
      const { node } = incoming.session;
      return receiveAll(incoming, (bytes) => got.set(node, (got.get(node) ?? 0) + bytes));
    });
    for (const { opened } of world.others) void transfer(opened.find(({ node }) => node === world.middle.node)!, 8 * MiB).catch(() => {});
    await world.pass(4_000);
    for (const { node } of world.others) within(0.15, got.get(node)!, 2 * MiB);
  });

  it('[RATE-3] a link that has gone does not hold up the others', async () => {
    const world = await star((index) => (index === 0 ? { up: MiB } : {}));
    let got = 0;
    for (const { links } of world.others) links.handle(kind, (incoming) => receiveAll(incoming, (bytes) => (got += bytes)));
    const [first, second] = world.middle.opened;
    transfer(first!, 8 * MiB).catch(() => {});
    void transfer(second!, 8 * MiB);
    await world.pass(1_000);
    first!.close('the test closes it');
    const before = got;
    await world.pass(4_000);
    within(0.15, got - before, 4 * MiB);
  });

  it('[RATE-4] requests are answered at once while bulk waits for its turn', async () => {
    const pair = await linkedPair({ bandwidthOf: () => ({ up: bandwidthMin, down: bandwidthMin }) });
    pair.b.links.handle(kind, receiveAll);
    pair.b.links.handle(kinds.recordGet, async () => noBytes);
    void transfer(pair.fromA, MiB).catch(() => {});
    for (let i = 0; i < 20; i++) {
      const took = await tookMs(pair, () => pair.fromA.call(kinds.recordGet, noBytes, { deadlineMs: 1_000 }).result);
      // There and back are 20 ms each.
      expect(took).toBeLessThan(60);
      await pair.pass(130);
    }
  });
});
