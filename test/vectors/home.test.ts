import { chmod, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { encodeCbor } from '../../src/core/bytes/cbor.ts';
import { toHex } from '../../src/core/bytes/text.ts';
import { decodeRecord } from '../../src/core/record/stored.ts';
import { createFloors, type Floors } from '../../src/peer/floors.ts';
import { createHeldObjects, type HeldObjects } from '../../src/peer/held-objects.ts';
import { createOwnFiles, type OwnFile } from '../../src/peer/own-files.ts';
import type { Clock, Log, MetaKind, MetaStore, Place, ShardMeta, ShardStore } from '../../src/peer/ports.ts';
import { createTombstoneNotes, type TombstoneNotes } from '../../src/peer/tombstone-notes.ts';
import { verifyRecord } from '../../src/peer/verify.ts';
import { seededRandom } from '../../src/platform/memory/random.ts';
import { memoryShardStore } from '../../src/platform/memory/shard-store.ts';
import { nodeCrypto } from '../../src/platform/node/crypto.ts';
import { loadNodeIdentity } from '../../src/platform/node/identity.ts';
import { sqliteMetaStore } from '../../src/platform/node/meta-store.ts';
import { decodeHeader, fileNameOf } from '../../src/platform/node/shard-file.ts';
import { fileShardStore } from '../../src/platform/node/shard-store.ts';
import { copied, fixture } from './fixtures.ts';
import { vectors } from './vectors.ts';

interface Home {
  readonly publicKey: Uint8Array;
  readonly capacity: number;
  readonly shard: { readonly meta: ShardMeta; readonly bytes: Uint8Array };
  /** Oldest first. */
  readonly own: readonly { readonly id: string; readonly file: OwnFile }[];
  readonly record: { readonly key: string };
  readonly held: { readonly contentRoot: string; readonly objectKey: Uint8Array; readonly version: number; readonly goesMs: number };
  /** The version of an object that was read last. */
  readonly seen: { readonly key: string; readonly version: number };
  /** Since when a tombstone is kept. */
  readonly tombstone: { readonly key: string; readonly keptMs: number };
}

const home = fixture<Home>('home');
const wire = vectors<{ record: { heads: { claims: string[] }[]; renewal: string; tombstone: string } }>('wire');
const crypto = nodeCrypto();

describe('format-1/home', () => {
  let copy: Awaited<ReturnType<typeof copied>>;
  const path = (...names: string[]): string => join(copy.path, ...names);
  let open: { close(): void } | undefined;
  beforeEach(async () => {
    copy = await copied('home');
    // A checkout has no such modes.
    await chmod(path('node.key'), 0o600);
  });
  afterEach(() => {
    open?.close();
    open = undefined;
    return copy.remove();
  });

  async function openValues(native: boolean): Promise<MetaStore> {
    const without = native ? undefined : vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined);
    const store = await sqliteMetaStore(path('values.sqlite')).finally(() => without?.mockRestore());
    open = store;
    return store;
  }

  test('[FMT-2, IDENT-5] node.key', async () => {
    const { node } = await loadNodeIdentity(path('node.key'), crypto);
    expect(node.publicKey).toEqual(home.publicKey);
  });

  test('[FMT-2, FILE-2, FILE-6] the shard and what is lent', async () => {
    const { meta, bytes } = home.shard;
    const store = fileShardStore(path('shards'));
    await store.start();
    expect(store.usage()).toMatchObject({ capacity: home.capacity, used: bytes.length, reserved: 0, diskFull: false });
    expect(await store.list()).toEqual([placeOf(meta)]);
    expect(await store.meta(meta)).toEqual(meta);
    expect(await store.read(meta, 0, bytes.length)).toEqual(bytes);
  });

  describe.each([
    ["Node's own SQLite, where there is one", true],
    ['its WASM', false],
  ])('values.sqlite by %s', (_, native) => {
    test('[FMT-2, META-11, OWN-1] own files in every state', async () => {
      const { vault } = await loadNodeIdentity(path('node.key'), crypto);
      const files = createOwnFiles(await openValues(native), vault, seededRandom(''), unexpected);
      expect(await files.list()).toEqual(home.own);
    });

    test('[FMT-2, META-11, REC-2] a record', async () => {
      const encoded = (await (await openValues(native)).get('record', home.record.key))!;
      const record = await verifyRecord(crypto, encoded, unexpected, async () => undefined, Number.MAX_SAFE_INTEGER);
      expect(record).toEqual(decodeRecord(encoded));
      expect(record.heads.map(({ claims }) => claims.size)).toEqual(wire.record.heads.map(({ claims }) => claims.length));
      expect([toHex(record.renewal!.signed), toHex(record.tombstone!.signed)]).toEqual([wire.record.renewal, wire.record.tombstone]);
    });

    test('[FMT-2, META-10, META-11] notes of what is held, read and deleted; of every kind there is a row', async () => {
      const store = await openValues(native);
      const { held, seen, tombstone } = home;
      const { contentRoot, ...note } = held;
      expect((await heldIn(store, unexpected)).get(contentRoot)).toMatchObject(note);
      expect(await floorsIn(store, unexpected).of(seen.key)).toBe(seen.version);
      expect(await overIn(store, unexpected, tombstone.keptMs + tombstoneMs - 1)).toEqual([]);
      expect(await overIn(store, unexpected, tombstone.keptMs + tombstoneMs)).toEqual([tombstone.key]);
      for (const kind of kinds) expect(await store.keys(kind), kind).not.toEqual([]);
    });
  });

  test.each<[MetaKind, string, (store: MetaStore, log: Log) => Promise<void>]>([
    [
      'held',
      home.held.contentRoot,
      async (store, log) => {
        const shards = fileShardStore(path('shards'));
        await shards.start();
        const held = await heldIn(store, log, shards);
        // What the shard says of it serves for as long as this run.
        expect(held.get(home.held.contentRoot)).toMatchObject({ objectKey: home.held.objectKey, goesMs: 0 });
        await held.note(home.held.contentRoot, { objectKey: home.held.objectKey, version: 7 });
        await held.goesAt(home.held.contentRoot, 5);
      },
    ],
    [
      'seen',
      home.seen.key,
      async (store, log) => {
        const floors = floorsIn(store, log);
        for (const work of [floors.of(home.seen.key), floors.raise(home.seen.key, 9)])
          await expect(work).rejects.toMatchObject({ code: 'too-new', message: expect.stringContaining('newer version of Shoal') });
      },
    ],
    [
      'tombstone',
      home.tombstone.key,
      async (store, log) => {
        const notes = tombstonesIn(store, log, Number.MAX_SAFE_INTEGER);
        expect(await notes.over()).toEqual([]);
        await notes.note(home.tombstone.key, true);
        await notes.forget(home.tombstone.key);
      },
    ],
  ])('[FMT-1] a note of a later format is left alone, whatever is to be noted, and said: %s', async (kind, key, use) => {
    const store = await openValues(true);
    const later = encodeCbor(new Map([[1, 2]]));
    await store.put(kind, key, later);
    const told: unknown[] = [];
    await use(store, (_, event, fields) => told.push(event, fields));
    expect(told).toEqual([expect.stringContaining('not read'), { code: 'too-new' }]);
    expect(await store.get(kind, key)).toEqual(later);
  });

  test('[FMT-1, FILE-2] a header of a later format is refused in words', async () => {
    const { meta } = home.shard;
    const file = new Uint8Array(await readFile(path('shards', fileNameOf({ place: meta, length: meta.length }))));
    expect(decodeHeader(file)).toEqual(meta);
    file[11] = 2;
    const words = expect.stringContaining('newer Shoal');
    expect(() => decodeHeader(file)).toThrow(expect.objectContaining({ code: 'too-new', message: words }));
  });
});

const placeOf = ({ contentRoot, segment, shard }: Place): Place => ({ contentRoot, segment, shard });

const unexpected: Log = (...said) => expect.fail(said.join(' '));

const kinds: readonly MetaKind[] = ['record', 'own', 'setting', 'score', 'held', 'seen', 'tombstone'];

/** How long a tombstone is kept here. */
const tombstoneMs = 1_000;
const at = (ms: number): Clock => ({ now: () => ms, timer: () => () => {} });

const floorsIn = (meta: MetaStore, log: Log): Floors => createFloors({ meta, clock: at(0), log });

const tombstonesIn = (meta: MetaStore, log: Log, nowMs: number): TombstoneNotes =>
  createTombstoneNotes({ meta, log, clock: at(nowMs), policy: { tombstoneMs } });

/** The records whose tombstone was kept for long enough at `nowMs`. */
const overIn = (meta: MetaStore, log: Log, nowMs: number): Promise<readonly string[]> => tombstonesIn(meta, log, nowMs).over();

/** What is noted of the one version of which something is held. */
async function heldIn(meta: MetaStore, log: Log, shards: ShardStore = memoryShardStore()): Promise<HeldObjects> {
  const { place, ...none } = { place: placeOf(home.shard.meta), remove() {}, freed() {}, turned() {} };
  const claims = { places: () => [place], of: () => [place], remove: none.remove };
  const records = { local: async () => undefined };
  const held = createHeldObjects({ meta, shards, claims, records, log, freed: none.freed, turned: none.turned });
  await held.start();
  return held;
}
