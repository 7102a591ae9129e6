import { decodeCbor, encodeCbor } from '../core/bytes/cbor.ts';
import { formatted, type Infer, uint } from '../core/bytes/fields.ts';
import { errorCode } from '../core/errors.ts';
import type { Clock, Log, MetaStore } from './ports.ts';

/** Objects of which the version read last is remembered. */
export const floorsMax = 10_000;

const floorFields = formatted({
  version: [2, uint(1)],
  /** When it was first read, ms. */
  atMs: [3, uint()],
});
type Floor = Infer<typeof floorFields>;

/** The newest version of each object that this client handed over: it never hands over an older one (SPEC VER-3). */
export interface Floors {
  /** 0 where nothing of the object was handed over. */
  of(recordKey: string): Promise<number>;
  /** Resolves when it is durable: before the first byte is handed over. */
  raise(recordKey: string, version: number): Promise<void>;
}

export function createFloors({ meta, clock, log }: { readonly meta: MetaStore; readonly clock: Clock; readonly log: Log }): Floors {
  let loading: Promise<Map<string, Floor>> | undefined;

  const load = async (): Promise<Map<string, Floor>> => {
    const floors = new Map<string, Floor>();
    for (const { key, value } of await meta.list('seen')) {
      try {
        floors.set(key, floorFields.read(decodeCbor(value), 'version read last'));
      } catch (error) {
        log('warn', 'version read last not read', { code: errorCode(error) });
      }
    }
    return floors;
  };
  const known = (): Promise<Map<string, Floor>> => {
    loading ??= load();
    // A disk that fails once does not for ever.
    loading.catch(() => (loading = undefined));
    return loading;
  };

  const forgetOldest = async (floors: Map<string, Floor>): Promise<void> => {
    const oldest = [...floors].reduce((least, each) => (each[1].atMs < least[1].atMs ? each : least));
    floors.delete(oldest[0]);
    await meta.delete('seen', oldest[0]);
  };

  return {
    of: async (recordKey) => (await known()).get(recordKey)?.version ?? 0,
    async raise(recordKey, version) {
      const floors = await known();
      if (version <= (floors.get(recordKey)?.version ?? 0)) return;
      if (floors.size >= floorsMax && !floors.has(recordKey)) await forgetOldest(floors);
      const floor = { version, atMs: clock.now() };
      await meta.put('seen', recordKey, encodeCbor(floorFields.write(floor)!));
      floors.set(recordKey, floor);
    },
  };
}
