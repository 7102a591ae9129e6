import { toHex } from '../core/bytes/text.ts';
import { recordKey as recordKeyOf } from '../core/crypto/keys.ts';
import { ShoalError } from '../core/errors.ts';
import type { Descriptor } from '../core/object/descriptor.ts';
import { isTooFarAhead, isVersionDeleted, leaseOf } from '../core/record/view.ts';
import type { HeldObjects } from './held-objects.ts';
import type { Policy } from './policy.ts';
import type { Clock } from './ports.ts';
import type { Records } from './records.ts';
import type { Removals } from './removals.ts';

/** Whether a shard that its owner asks to be kept may be. */
export interface Admission {
  /**
   * Throws `not-found` where its owner deleted this version, `bad-input` for a lease that is over or ends too far ahead (SPEC DEL-4,
   * LEASE-6). Leaves nothing behind: of many a store no byte comes.
   */
  admit(descriptor: Descriptor): Promise<void>;
  /** A whole shard of it came, and is about to be committed: notes durably whose it is (SPEC HOLD-10). */
  committing(descriptor: Descriptor): Promise<void>;
  /**
   * A shard of it was committed: takes it back and throws as `admit` does where word came meanwhile that it is deleted. Of a draft it
   * notes when it goes unless it has become a version by then (SPEC VER-6).
   */
  committed(descriptor: Descriptor, isDraft: boolean): Promise<void>;
}

export function createAdmission(options: {
  readonly clock: Clock;
  readonly records: Pick<Records, 'local'>;
  readonly held: HeldObjects;
  readonly removals: Pick<Removals, 'remove'>;
  readonly policy: Pick<Policy, 'olderMs'>;
}): Admission {
  const { clock, records, held, removals, policy } = options;
  const keyOf = ({ objectKey }: Descriptor): string => toHex(recordKeyOf(objectKey));
  const deleted = (): ShoalError => new ShoalError('not-found', 'This version was deleted by its owner.');

  const note = (descriptor: Descriptor): Promise<void> => held.note(toHex(descriptor.contentRoot), descriptor);

  return {
    async admit(descriptor) {
      const record = await records.local(keyOf(descriptor));
      if (record !== undefined && isVersionDeleted(record, descriptor.version)) throw deleted();
      if (leaseOf(record ?? {}, descriptor, clock.now()) <= clock.now())
        throw new ShoalError('bad-input', 'the lease of this object is over');
      if (isTooFarAhead(descriptor.leaseMs, clock.now())) throw new ShoalError('bad-input', 'the lease of this object ends too far ahead');
    },
    committing: note,
    async committed(descriptor, isDraft) {
      // Whatever removed the version before this shard was there took the note with it.
      await note(descriptor);
      if (isDraft) await held.goesAt(toHex(descriptor.contentRoot), clock.now() + policy.olderMs);
      const record = await records.local(keyOf(descriptor));
      if (record === undefined || !isVersionDeleted(record, descriptor.version)) return;
      await removals.remove(keyOf(descriptor));
      throw deleted();
    },
  };
}
