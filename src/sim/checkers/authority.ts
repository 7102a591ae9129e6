import { equalBytes } from '../../core/bytes/compare.ts';
import { toHex } from '../../core/bytes/text.ts';
import { descriptorLabel, parseDescriptor } from '../../core/object/descriptor.ts';
import { claimLabel, parseClaim } from '../../core/record/claim.ts';
import { parseRenewal, renewalLabel } from '../../core/record/renewal.ts';
import { readStored } from '../../core/record/stored.ts';
import { parseTombstone, tombstoneLabel } from '../../core/record/tombstone.ts';
import { kinds } from '../../core/wire/kinds.ts';
import type { Checker, World } from './checker.ts';

/**
 * Nothing of an object changes at a peer but by its owner's word: a shard comes because they asked this peer to keep it, it goes because they
 * deleted or replaced it, let its lease end or because it was broken, every statement in a record was signed by whom it says, and what is forged, or was
 * meant for somebody else or for another link, is refused.
 */
export const nothingWithoutAuthority: Checker = {
  invariant: 'no-change-without-authority',
  watch(world) {
    const { ledger, check, nowMs } = world;
    const good: Good = new Map();
    return {
      committed({ node, honest }, { owner, contentRoot }) {
        if (!honest) return;
        const asked = ledger.asked(owner, kinds.store, node);
        check(asked, () => `a shard of ${contentRoot.slice(0, 8)} came that its owner did not store here`, node);
      },
      removed({ node, honest }, { owner, lease, contentRoot }, sound) {
        if (!honest) return;
        const ended = Math.max(lease, ledger.renewedTo(owner)) <= nowMs();
        const allowed = !sound || ended || ledger.deletedUpTo(owner) > 0 || ledger.replaced(contentRoot);
        check(allowed, () => `a sound shard of ${contentRoot.slice(0, 8)} went that its owner neither deleted nor replaced`, node);
      },
      forged({ node, honest }, what, obeyed) {
        if (honest) check(!obeyed, () => `${what} was obeyed`, node);
      },
      kept({ node, honest }, kind, key, value) {
        if (kind !== 'record' || !honest) return;
        const wrong = wrongIn(value, world, good);
        check(wrong === undefined, () => `the record ${key.slice(0, 8)} has a ${wrong} that nobody signed`, node);
      },
    };
  },
};

/** Statements that were found good, whole, by label and signature: a record is written anew with each claim. */
type Good = Map<string, Uint8Array>;

/** Which statement of a record nobody signed. */
function wrongIn(encoded: Uint8Array, { ledger }: World, good: Good): string | undefined {
  const { heads, renewal, tombstone } = readStored(encoded);
  const isGood = (label: string, signed: Uint8Array, publicKeyOf: () => Uint8Array): boolean => {
    const name = `${label} ${toHex(signed.subarray(signed.length - 64))}`;
    const before = good.get(name);
    if (before !== undefined && equalBytes(before, signed)) return true;
    if (!ledger.said(publicKeyOf(), label, signed)) return false;
    good.set(name, signed.slice());
    return true;
  };
  for (const { descriptor, claims } of heads) {
    if (!isGood(descriptorLabel, descriptor, () => parseDescriptor(descriptor).descriptor.objectKey)) return 'descriptor';
    if (!claims.every((claim) => isGood(claimLabel, claim, () => parseClaim(claim).claim.holder))) return 'claim';
  }
  if (renewal !== undefined && !isGood(renewalLabel, renewal, () => parseRenewal(renewal).renewal.objectKey)) return 'renewal';
  if (tombstone !== undefined && !isGood(tombstoneLabel, tombstone, () => parseTombstone(tombstone).tombstone.objectKey))
    return 'tombstone';
  return undefined;
}
