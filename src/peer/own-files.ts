import { type CborMap, type CborValue, decodeCbor, encodeCbor } from '../core/bytes/cbor.ts';
import { concatBytes } from '../core/bytes/compare.ts';
import { bytes, fields, formatted, type Infer, list, optional, text, uint } from '../core/bytes/fields.ts';
import { errorCode } from '../core/errors.ts';
import { claimsMax, headsMax } from '../core/wire/limits.ts';
import type { Aead, Log, MetaStore, Random } from './ports.ts';

const nonceBytes = 12;
/** Who is remembered to be told of a deletion: all that can claim something of an object. */
export const untoldMax = headsMax * claimsMax;

/** How far an own file is: begun, stored once whole, or deleted and perhaps not yet everywhere. */
export const ownStates = { begun: 0, stored: 1, deleted: 2 } as const;

const ownFile = formatted({
  writeSeed: [2, bytes(32)],
  name: [3, text(1_024)],
  size: [4, uint()],
  addedMs: [5, uint()],
  /** One of `ownStates`. */
  state: [6, uint(0, ownStates.deleted)],
  /** The newest version that was stored whole; of one that was not yet, the one begun. */
  version: [7, uint(1)],
  /** Of a deleted one: who held something of it and has not confirmed that it is gone, and until when that matters, ms. */
  deletion: [8, optional(fields({ untilMs: [1, uint()], untold: [2, list(bytes(32), untoldMax)] }))],
  /** The highest version of which somebody was sent a whole shard, and so may hold it; absent where nobody was. */
  sent: [9, optional(uint(1))],
  /** A newer version that was begun, and is neither stored nor forgotten. */
  replacing: [10, optional(fields({ name: [1, text(1_024)], size: [2, uint()] }))],
});

/** The form before it had a format: without it the right to delete what it names would be lost. */
const ownFileBefore = fields({
  writeSeed: [1, bytes(32)],
  name: [2, text(1_024)],
  size: [3, uint()],
  addedMs: [4, uint()],
  state: [5, uint(0, 1)],
});

/** What this profile remembers of a file it owns: enough to read, renew and delete it. */
export type OwnFile = Infer<typeof ownFile>;

/** The list of own files at rest, encrypted under the profile's vault key. */
export interface OwnFiles {
  put(id: string, file: OwnFile): Promise<void>;
  delete(id: string): Promise<void>;
  /** Every readable entry, oldest first; one that does not decrypt, or is of a later format, is left alone and said. */
  list(): Promise<readonly { readonly id: string; readonly file: OwnFile }[]>;
}

/** @param brief whether what is begun is not noted before it is stored */
export function createOwnFiles(meta: MetaStore, vault: Aead, random: Random, log: Log, brief = false): OwnFiles {
  return {
    async put(id, file) {
      if (brief && file.state === ownStates.begun) return;
      const nonce = random.bytes(nonceBytes);
      await meta.put('own', id, concatBytes(nonce, await vault.seal(nonce, encodeCbor(ownFile.write(file)!))));
    },
    delete: (id) => meta.delete('own', id),
    async list() {
      const files: { id: string; file: OwnFile }[] = [];
      for (const { key, value } of await meta.list('own')) {
        const plain = await vault.open(value.subarray(0, nonceBytes), value.subarray(nonceBytes));
        if (plain === undefined) log('error', 'own file does not decrypt');
        else {
          try {
            files.push({ id: key, file: readOwnFile(decodeCbor(plain)) });
          } catch (error) {
            log('error', 'own file not read', { code: errorCode(error) });
          }
        }
      }
      return files.sort((a, b) => a.file.addedMs - b.file.addedMs);
    },
  };
}

function readOwnFile(value: CborValue): OwnFile {
  const first = value instanceof Map ? (value as CborMap).get(1) : undefined;
  return first instanceof Uint8Array ? { ...ownFileBefore.read(value, 'own file'), version: 1 } : ownFile.read(value, 'own file');
}
