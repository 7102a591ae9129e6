import { describe, expect, test } from 'vitest';
import { type LinkedPeer, linksWorld } from '../../test/links-world.ts';
import { sha256 } from '../core/crypto/hash.ts';
import { ShoalError } from '../core/errors.ts';
import { prove } from '../core/merkle/proof.ts';
import { parseClaim } from '../core/record/claim.ts';
import { headOf } from '../core/record/heads.ts';
import { kinds, readOk } from '../core/wire/kinds.ts';
import { connectMs } from '../core/wire/limits.ts';
import { inProcessCodec } from '../platform/memory/codec.ts';
import { nodeCrypto } from '../platform/node/crypto.ts';
import { sealObject, signClaim } from '../sim/sealed-object.ts';
import { readMs } from './fetch-leaves.ts';
import type { Links } from './links/exchange.ts';
import { createPace } from './pace.ts';
import { openReading } from './reading.ts';
import { createTask } from './task.ts';

/**
 * How one holder of a shard is to the reader: linked; linked, but a sender of wrong bytes, without the shard, or one that never answers; to
 * be linked; out of reach; or gone.
 */
type Holder = 'linked' | 'false' | 'empty' | 'silent' | 'there' | 'mute' | 'gone';

const linkedAtFirst: ReadonlySet<Holder> = new Set<Holder>(['linked', 'false', 'empty', 'silent']);

/** A link that was asked for by name, and what was linked then. */
interface Ask {
  readonly ms: number;
  readonly node: string;
  readonly shard: number;
  readonly manner: Holder;
  /** Shards of which an honest holder was linked. */
  readonly linked: readonly number[];
}

/** As often as a download looks again. */
const lookAgainMs = 3_000;
const crypto = nodeCrypto();

/**
 * Opens an object with a reader that has a link to nobody but those that are `linked`. Each holder has one shard: `holders` are the manners
 * of those of each shard, by rising NodeId. Gives what the reader asked for by name.
 */
async function read(k: number, holders: readonly (readonly Holder[])[]) {
  const manners = holders.flatMap((each, shard) => each.map((manner) => ({ shard, manner })));
  const mute = new Set<string>();
  const world = await linksWorld({
    peers: 1 + manners.length,
    bounds: { wanted: 0, max: 64 },
    failDial: (...between) => (between.some((node) => mute.has(node)) ? 'no route' : undefined),
  });
  const { clock } = world;
  const [reader, ...peers] = world.peers as [LinkedPeer, ...LinkedPeer[]];
  const held = new Map(peers.map((peer, i) => [peer.node, { ...peer, ...manners[i]! }]));
  const object = await sealObject(crypto, { seed: 'reached', k, m: holders.length - k, nowMs: clock.now() });
  const claims = await Promise.all(
    [...held.values()].map(async ({ signer, shard }) => {
      const signed = await signClaim(signer, object, { shards: [shard], nowMs: clock.now() });
      return { claim: parseClaim(signed).claim, signed };
    }),
  );
  const head = headOf(object.signed, object.descriptor, claims);
  // A head keeps so many a shard, not more.
  expect(head.claims.size).toBe(peers.length);

  reader.links.start();
  for (const { node, links, shard, manner } of held.values()) {
    links.handle(kinds.read, async (incoming) => {
      if (manner === 'empty') throw new ShoalError('not-found', 'It is not here.');
      if (manner === 'silent') await new Promise(() => {});
      const bytes = manner === 'false' ? new Uint8Array(object.shards[shard]!.length) : object.shards[shard]!;
      await incoming.send(bytes);
      // A shard so short is one leaf.
      return readOk.write({ proof: prove(sha256(bytes), 0, 1) });
    });
    if (manner === 'mute') mute.add(node);
    if (manner !== 'gone') links.start();
  }
  await world.pass(1_000);
  for (const { node, manner } of held.values()) {
    if (linkedAtFirst.has(manner)) await world.settled(reader.links.connect(node));
  }

  const startedMs = clock.now();
  const asks: Ask[] = [];
  const links: Links = {
    ...reader.links,
    connect(node) {
      const linked = reader.links.sessions().map((session) => held.get(session.node)!);
      const { shard, manner } = held.get(node)!;
      const shards = linked.filter((each) => each.manner === 'linked' || each.manner === 'there').map((each) => each.shard);
      asks.push({ ms: clock.now() - startedMs, node, shard, manner, linked: shards });
      return reader.links.connect(node);
    },
  };
  const task = createTask('given up');
  const reading = openReading(
    {
      ...{ clock, links, pace: createPace(), bad: new Set(), codec: inProcessCodec(crypto), readKey: object.readKey },
      known: () => undefined,
      readable: () => head,
      log() {},
      verdict() {},
      starved: (_band, waiting) => waiting.race(new Promise<void>((resolve) => void clock.timer(lookAgainMs, resolve))),
      fed() {},
    },
    task,
  );
  reading.catch(() => {});
  return { world, reading, asks, task };
}

/** What was asked for though a linked peer has the same. */
const needless = (asks: readonly Ask[]): Ask[] => asks.filter(({ shard, linked }) => linked.includes(shard));

describe('links that a download asks for', () => {
  const cases: readonly (readonly [words: string, k: number, holders: readonly (readonly Holder[])[], missing: number])[] = [
    ['one of three shards is linked nowhere', 3, [['linked', 'there'], ['there', 'linked'], ['there', 'there'], [], []], 1],
    ['parity is linked', 3, [['there', 'there'], [], ['there'], ['linked', 'there'], ['linked', 'there', 'there']], 1],
    ['both linked peers hold the same', 3, [['there'], ['linked', 'linked', 'there'], ['there', 'there'], [], ['there']], 2],
    ['nobody is linked', 3, [['there', 'there'], ['there'], [], ['there', 'there', 'there'], []], 3],
    ['k shards are linked', 2, [['there'], ['linked', 'there'], ['linked']], 0],
  ];

  test.each(cases)('[READ-11] where %s, they are to holders of what is missing, one for each shard', async (_, k, holders, missing) => {
    const { world, reading, asks } = await read(k, holders);
    await expect(world.settled(reading, lookAgainMs)).resolves.toMatchObject({ header: { name: 'reached.bin' } });
    const atOnce = asks.filter(({ ms }) => ms === 0);
    expect(atOnce).toHaveLength(missing);
    expect(new Set(atOnce.map(({ shard }) => shard)).size).toBe(missing);
    expect(needless(asks)).toEqual([]);
    // Nor of others when the first of the links is there.
    expect(asks).toHaveLength(missing);
  });

  test.each([
    ['has not got it', 'empty'],
    ['never answers', 'silent'],
  ] as const)('[READ-7] a linked holder that %s gives way to one that is not linked', async (_, manner) => {
    const { world, reading, asks } = await read(2, [
      [manner, 'there'],
      ['linked', 'there'],
    ]);
    await expect(world.settled(reading, readMs + lookAgainMs)).resolves.toMatchObject({ header: { name: 'reached.bin' } });
    expect(asks.map(({ shard, manner: asked }) => ({ shard, manner: asked }))).toEqual([{ shard: 0, manner: 'there' }]);
  });

  test('[READ-11] one that cannot be reached gives way to the next holder of its shard, before its time is over', async () => {
    const { world, reading, asks } = await read(2, [
      ['linked', 'there', 'there'],
      ['there', 'mute', 'gone'],
    ]);
    await world.settled(reading, connectMs / 2);
    // At each look one, by falling NodeId.
    expect(asks.map(({ shard, manner }) => ({ shard, manner }))).toEqual([
      { shard: 1, manner: 'gone' },
      { shard: 1, manner: 'mute' },
      { shard: 1, manner: 'there' },
    ]);
  });

  test('[READ-11] a linked peer whose bytes were wrong counts for none: another holder of its shard is asked for', async () => {
    const { world, reading, asks } = await read(2, [
      ['false', 'there'],
      ['linked', 'there'],
    ]);
    await world.settled(reading, lookAgainMs);
    expect(asks.map(({ shard, manner }) => ({ shard, manner }))).toEqual([{ shard: 0, manner: 'there' }]);
  });

  test('[READ-11] nobody is asked for again before all others were', async () => {
    const others: readonly Holder[][] = [
      ['mute', 'gone', 'mute'],
      ['gone', 'mute'],
    ];
    const { world, reading, asks, task } = await read(2, [['linked', 'there'], ...others]);
    await world.pass(60_000);
    expect(needless(asks)).toEqual([]);
    const { length } = others.flat();
    const rounds = [0, 1, 2].map((round) => asks.slice(round * length, (round + 1) * length).map(({ node }) => node));
    for (const round of rounds) expect(new Set(round).size).toBe(length);
    task.end();
    await expect(world.settled(reading)).rejects.toMatchObject({ code: 'cancelled' });
  });
});
