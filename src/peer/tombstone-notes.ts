import { encodeCbor } from '../core/bytes/cbor.ts';
import { formatted, type Infer, uint } from '../core/bytes/fields.ts';
import { readNotes, readOnce } from './notes.ts';
import type { Policy } from './policy.ts';
import type { Clock, Log, MetaStore } from './ports.ts';

const noteFields = formatted({
  /** When its tombstone was first kept here, ms. */
  keptMs: [2, uint()],
  /** Whether somebody had claimed a part of the object when the tombstone came: 1, else 0. */
  claimed: [3, uint(0, 1)],
});

type Note = Infer<typeof noteFields>;

/** What the tombstones kept here do not say themselves: since when they are, and what they took the place of (SPEC REC-12). */
export interface TombstoneNotes {
  /** A tombstone is kept; where it was before, nothing changes. Resolves when that is noted durably. */
  note(recordKey: string, isClaimed: boolean): Promise<void>;
  isClaimed(recordKey: string): boolean;
  /** It was kept for as long as a tombstone is. It counts for as long again, so that nobody brings it back who forgets it later. */
  isOver(recordKey: string): boolean;
  /** Those that are over. Of what was so for as long again nothing is known any more. */
  over(): Promise<readonly string[]>;
  /** It is not kept any more, for another reason than that it is over. */
  forget(recordKey: string): Promise<void>;
}

export function createTombstoneNotes(options: {
  readonly clock: Clock;
  readonly meta: MetaStore;
  readonly policy: Pick<Policy, 'tombstoneMs'>;
  readonly log: Log;
}): TombstoneNotes {
  const { clock, meta, policy } = options;
  const notes = new Map<string, Note>();
  const ageMs = ({ keptMs }: Note): number => clock.now() - keptMs;

  const isOver = (recordKey: string): boolean => {
    const note = notes.get(recordKey);
    return note !== undefined && ageMs(note) >= policy.tombstoneMs;
  };

  /** Takes in those of earlier runs; gives the keys of those that are not to be written. */
  const load = readOnce(async () => {
    const { notes: before, later } = await readNotes(options, 'tombstone', noteFields, 'note of a tombstone');
    for (const [recordKey, note] of before) notes.set(recordKey, note);
    return later;
  });
  // At once: whether a record was claimed is asked without waiting.
  load().catch(() => {});

  const forget = async (recordKey: string): Promise<void> => {
    const later = await load();
    if (notes.delete(recordKey) && !later.has(recordKey)) await meta.delete('tombstone', recordKey);
  };

  return {
    async note(recordKey, isClaimed) {
      const later = await load();
      if (notes.has(recordKey)) return;
      const note: Note = { keptMs: clock.now(), claimed: isClaimed ? 1 : 0 };
      notes.set(recordKey, note);
      if (!later.has(recordKey)) await meta.put('tombstone', recordKey, encodeCbor(noteFields.write(note)!));
    },
    isClaimed: (recordKey) => notes.get(recordKey)?.claimed === 1,
    isOver,
    async over() {
      await load();
      for (const [recordKey, note] of notes) if (ageMs(note) >= 2 * policy.tombstoneMs) await forget(recordKey);
      return [...notes.keys()].filter(isOver);
    },
    forget,
  };
}
