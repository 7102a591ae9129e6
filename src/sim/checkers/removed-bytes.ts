import { toHex } from '../../core/bytes/text.ts';
import { recordKey } from '../../core/crypto/keys.ts';
import { readStored } from '../../core/record/stored.ts';
import type { Machine } from '../machines.ts';
import type { Checker } from './checker.ts';

/**
 * What is removed comes back as room: once all is quiet a peer counts as used what is on its disk, nothing is still promised, and of objects
 * of which it keeps the tombstone it has nothing.
 */
export const removedBytesReturn: Checker = {
  invariant: 'removed-bytes-return',
  watch: ({ check }) => ({
    ended(machines, honest) {
      for (const machine of machines) {
        if (machine.life === undefined || !honest(machine.node)) continue;
        const { used, reserved } = machine.life.peer.parts.shards.usage();
        const { held, staged } = machine.life.disk;
        const bytes = [...held.values()].reduce((sum, shard) => sum + shard.bytes.length, 0);
        check(used === bytes, () => `${used} bytes count as used where ${bytes} are kept`, machine.node);
        check(reserved > 0 === staged.size > 0, () => `${reserved} bytes are promised to ${staged.size} shards`, machine.node);
        for (const { meta } of held.values()) {
          const record = recordAt(machine, meta.owner);
          check(record?.tombstone === undefined, () => `a shard of ${meta.contentRoot.slice(0, 8)}, deleted, is still kept`, machine.node);
        }
      }
    },
  }),
};

function recordAt({ last }: Machine, owner: Uint8Array) {
  const encoded = last.values.get('record')?.get(toHex(recordKey(owner)));
  return encoded && readStored(encoded);
}
