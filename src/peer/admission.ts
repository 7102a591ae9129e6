import { toHex } from '../core/bytes/text.ts';
import { recordKey as recordKeyOf } from '../core/crypto/keys.ts';
import { ShoalError } from '../core/errors.ts';
import type { Descriptor } from '../core/object/descriptor.ts';
import { isVersionDeleted } from '../core/record/view.ts';
import { leaseAheadMaxMs } from '../core/wire/limits.ts';
import type { HeldObjects } from './held-objects.ts';
import type { Clock } from './ports.ts';
import type { Records } from './records.ts';
import type { Removals } from './removals.ts';

/** Whether a shard that its owner asks to be kept may be. */
export interface Admission {
  /**
   * Notes durably that something of this version is to be held. Throws `not-found` where its owner deleted it, `bad-input` for a lease that
   * is over or ends too far ahead (SPEC DEL-4, LEASE-6).
   */
  admit(descriptor: Descriptor): Promise<void>;
  /** A shard of it was committed: takes it back and throws as `admit` does where word came meanwhile that it is deleted. */
  committed(descriptor: Descriptor): Promise<void>;
}

export function createAdmission(options: {
  readonly clock: Clock;
  readonly records: Pick<Records, 'local'>;
  readonly held: HeldObjects;
  readonly removals: Pick<Removals, 'remove'>;
}): Admission {
  const { clock, records, held, removals } = options;
  const keyOf = ({ objectKey }: Descriptor): string => toHex(recordKeyOf(objectKey));
  const deleted = (): ShoalError => new ShoalError('not-found', 'This version was deleted by its owner.');

  return {
    async admit(descriptor) {
      const record = await records.local(keyOf(descriptor));
      if (record !== undefined && isVersionDeleted(record, descriptor.version)) throw deleted();
      const leftMs = Math.max(descriptor.leaseMs, record?.renewal?.renewal.leaseMs ?? 0) - clock.now();
      if (leftMs <= 0) throw new ShoalError('bad-input', 'the lease of this object is over');
      if (descriptor.leaseMs - clock.now() > leaseAheadMaxMs)
        throw new ShoalError('bad-input', 'the lease of this object ends too far ahead');
      await held.note(toHex(descriptor.contentRoot), descriptor);
    },
    async committed(descriptor) {
      // Whatever removed the version before this shard was there took the note with it.
      await held.note(toHex(descriptor.contentRoot), descriptor);
      const record = await records.local(keyOf(descriptor));
      if (record === undefined || !isVersionDeleted(record, descriptor.version)) return;
      await removals.remove(keyOf(descriptor));
      throw deleted();
    },
  };
}
