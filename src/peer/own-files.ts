import { decodeCbor, encodeCbor } from '../core/bytes/cbor.ts';
import { concatBytes } from '../core/bytes/compare.ts';
import { bytes, fields, type Infer, text, uint } from '../core/bytes/fields.ts';
import type { Aead, Log, MetaStore, Random } from './ports.ts';

const nonceBytes = 12;

const ownFile = fields({
  writeSeed: [1, bytes(32)],
  name: [2, text(1_024)],
  size: [3, uint()],
  addedMs: [4, uint()],
  /** Whether every shard was claimed once: 1, else 0. */
  stored: [5, uint(0, 1)],
});

/** What this profile remembers of a file it owns: enough to read, renew and delete it. */
export type OwnFile = Infer<typeof ownFile>;

/** The list of own files at rest, encrypted under the profile's vault key. */
export interface OwnFiles {
  put(id: string, file: OwnFile): Promise<void>;
  delete(id: string): Promise<void>;
  /** Every readable entry, oldest first; one that does not decrypt is left alone and said. */
  list(): Promise<readonly { readonly id: string; readonly file: OwnFile }[]>;
}

export function createOwnFiles(meta: MetaStore, vault: Aead, random: Random, log: Log): OwnFiles {
  return {
    async put(id, file) {
      const nonce = random.bytes(nonceBytes);
      await meta.put('own', id, concatBytes(nonce, await vault.seal(nonce, encodeCbor(ownFile.write(file)!))));
    },
    delete: (id) => meta.delete('own', id),
    async list() {
      const files: { id: string; file: OwnFile }[] = [];
      for (const { key, value } of await meta.list('own')) {
        const plain = await vault.open(value.subarray(0, nonceBytes), value.subarray(nonceBytes));
        if (plain === undefined) log('error', 'own file does not decrypt');
        else files.push({ id: key, file: ownFile.read(decodeCbor(plain), 'own file') });
      }
      return files.sort((a, b) => a.file.addedMs - b.file.addedMs);
    },
  };
}
