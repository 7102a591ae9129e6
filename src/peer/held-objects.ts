import { encodeCbor } from '../core/bytes/cbor.ts';
import { bytes, formatted, type Infer, uint } from '../core/bytes/fields.ts';
import { toHex } from '../core/bytes/text.ts';
import { recordKey as recordKeyOf } from '../core/crypto/keys.ts';
import type { OwnClaims } from './claims.ts';
import { readNotes, readOnce } from './notes.ts';
import type { Log, MetaStore, Place, ShardStore } from './ports.ts';
import type { Records } from './records.ts';

const heldFields = formatted({
  /** Public key of the object. */
  objectKey: [2, bytes(32)],
  version: [3, uint(1)],
  /** When its shards go because a newer version is stored, ms; 0 while none is. */
  goesMs: [4, uint()],
});

/** Whose an object version is of which something is held here, and which one. */
export type HeldVersion = Infer<typeof heldFields> & { readonly recordKey: string };

/** What went. */
export interface Freed {
  readonly shards: number;
  readonly bytes: number;
}

/** Object versions of which shards are held here, by contentRoot: also those that their record no longer names (SPEC HOLD-10). */
export interface HeldObjects {
  /** Reads what earlier runs noted, and notes what was stored before there were notes. */
  start(): Promise<void>;
  /** Resolves when it is noted durably: before the first shard of a version is. */
  note(contentRoot: string, version: Pick<HeldVersion, 'objectKey' | 'version'>): Promise<void>;
  get(contentRoot: string): HeldVersion | undefined;
  /** The contentRoots held of one object, or of all. */
  of(recordKey?: string): readonly string[];
  /** Its shards go at this time. */
  goesAt(contentRoot: string, goesMs: number): Promise<void>;
  /** Claims the shards of a version no more, frees their bytes and forgets it. */
  remove(contentRoot: string): Promise<Freed>;
}

export function createHeldObjects(options: {
  readonly meta: MetaStore;
  readonly shards: ShardStore;
  readonly claims: Pick<OwnClaims, 'places' | 'of' | 'remove'>;
  readonly records: Pick<Records, 'local'>;
  readonly log: Log;
  /** Shards went. */
  readonly freed: () => void;
  /** Something of this object is held now, or nothing any more. */
  readonly turned: (recordKey: string) => void;
}): HeldObjects {
  const { meta, shards, claims, records, freed, turned } = options;
  const held = new Map<string, HeldVersion>();
  const roots = new Map<string, Set<string>>();

  const know = (contentRoot: string, version: Infer<typeof heldFields>): void => {
    const recordKey = toHex(recordKeyOf(version.objectKey));
    held.set(contentRoot, { ...version, recordKey });
    const before = roots.get(recordKey);
    roots.set(recordKey, (before ?? new Set()).add(contentRoot));
    if (before === undefined) turned(recordKey);
  };

  /** Takes in what earlier runs noted; gives the contentRoots of which the notes are not to be written. */
  const load = readOnce(async () => {
    const { notes, later } = await readNotes(options, 'held', heldFields, 'note of what is held');
    for (const [contentRoot, version] of notes) if (claims.of(contentRoot).length > 0) know(contentRoot, version);
    return later;
  });

  const put = async (contentRoot: string, version: Infer<typeof heldFields>): Promise<void> => {
    const later = await load();
    // What a later version of Shoal noted goes with the shards alone: beside it what is known here lasts as long as this run.
    if (!later.has(contentRoot)) await meta.put('held', contentRoot, encodeCbor(heldFields.write(version)!));
    know(contentRoot, version);
  };

  const forget = async (contentRoot: string): Promise<void> => {
    const known = held.get(contentRoot);
    if (known !== undefined) {
      held.delete(contentRoot);
      roots.get(known.recordKey)?.delete(contentRoot);
      if (roots.get(known.recordKey)?.size === 0) {
        roots.delete(known.recordKey);
        turned(known.recordKey);
      }
    }
    await meta.delete('held', contentRoot);
  };

  /** Of a version stored before there were notes the shard knows the owner, and the record, where it is known, which one it is. */
  const noteBefore = async (place: Place): Promise<void> => {
    const objectKey = (await shards.meta(place))?.owner;
    if (objectKey === undefined || held.has(place.contentRoot)) return;
    const record = await records.local(toHex(recordKeyOf(objectKey)));
    const head = record?.heads.find(({ descriptor }) => toHex(descriptor.contentRoot) === place.contentRoot);
    await put(place.contentRoot, { objectKey, version: head?.descriptor.version ?? 1, goesMs: 0 });
  };

  return {
    async start() {
      const first = new Map(claims.places().map((place) => [place.contentRoot, place]));
      const later = await load();
      // What was noted and never came is forgotten, unless it is coming now.
      for (const key of await meta.keys('held')) if (!first.has(key) && !held.has(key) && !later.has(key)) await meta.delete('held', key);
      for (const [contentRoot, place] of first) if (!held.has(contentRoot)) await noteBefore(place);
    },
    async note(contentRoot, { objectKey, version }) {
      await load();
      if (!held.has(contentRoot)) await put(contentRoot, { objectKey, version, goesMs: 0 });
    },
    get: (contentRoot) => held.get(contentRoot),
    of: (recordKey) => (recordKey === undefined ? [...held.keys()] : [...(roots.get(recordKey) ?? [])]),
    async goesAt(contentRoot, goesMs) {
      const known = held.get(contentRoot);
      if (known !== undefined) await put(contentRoot, { ...known, goesMs });
    },
    async remove(contentRoot) {
      let bytesFreed = 0;
      const places = [...claims.of(contentRoot)];
      for (const place of places) {
        bytesFreed += (await shards.meta(place))?.length ?? 0;
        claims.remove(place);
        await shards.delete(place);
      }
      // Last: were this peer to end before, the next start finds what is left by it.
      await forget(contentRoot);
      if (places.length > 0) freed();
      return { shards: places.length, bytes: bytesFreed };
    },
  };
}
