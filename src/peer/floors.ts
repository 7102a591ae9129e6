import { encodeCbor } from '../core/bytes/cbor.ts';
import { formatted, type Infer, uint } from '../core/bytes/fields.ts';
import { errorCode, ShoalError } from '../core/errors.ts';
import { readNotes, readOnce } from './notes.ts';
import type { Clock, Log, MetaStore } from './ports.ts';

/** Objects of which the version read last is remembered. */
export const floorsMax = 10_000;

const floorFields = formatted({
  version: [2, uint(1)],
  /** When it was first read, ms. */
  atMs: [3, uint()],
});
type Floor = Infer<typeof floorFields>;

/**
 * The newest version of each object that this client handed over: it never hands over an older one (SPEC VER-3). Both throw `too-new` where a
 * newer version of Shoal noted which one that is.
 */
export interface Floors {
  /** 0 where nothing of the object was handed over. */
  of(recordKey: string): Promise<number>;
  /**
   * Resolves when it is durable: before the first byte is handed over. What the disk does not take is known until the next start alone:
   * the file may go where there is room.
   */
  raise(recordKey: string, version: number): Promise<void>;
}

export function createFloors({ meta, clock, log }: { readonly meta: MetaStore; readonly clock: Clock; readonly log: Log }): Floors {
  const load = readOnce(async () => {
    const { notes, later } = await readNotes({ meta, log }, 'seen', floorFields, 'version read last');
    return { floors: new Map(notes), later };
  });
  /** The floors of all, where that of `recordKey` can be read. */
  const known = async (recordKey: string): Promise<Map<string, Floor>> => {
    const { floors, later } = await load();
    if (later.has(recordKey))
      throw new ShoalError('too-new', 'A newer version of Shoal has read this file here: this one cannot tell which version of it.');
    return floors;
  };

  const forgetOldest = async (floors: Map<string, Floor>): Promise<void> => {
    const oldest = [...floors].reduce((least, each) => (each[1].atMs < least[1].atMs ? each : least));
    floors.delete(oldest[0]);
    await meta.delete('seen', oldest[0]);
  };

  return {
    of: async (recordKey) => (await known(recordKey)).get(recordKey)?.version ?? 0,
    async raise(recordKey, version) {
      const floors = await known(recordKey);
      if (version <= (floors.get(recordKey)?.version ?? 0)) return;
      const floor = { version, atMs: clock.now() };
      try {
        if (floors.size >= floorsMax && !floors.has(recordKey)) await forgetOldest(floors);
        await meta.put('seen', recordKey, encodeCbor(floorFields.write(floor)!));
      } catch (error) {
        log('warn', 'version read last not kept', { code: errorCode(error) });
      }
      floors.set(recordKey, floor);
    },
  };
}
