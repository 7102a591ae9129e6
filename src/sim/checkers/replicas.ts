import { equalBytes } from '../../core/bytes/compare.ts';
import { keepersOf, keeperView } from '../../core/placement/keepers.ts';
import { readStored } from '../../core/record/stored.ts';
import { parseTombstone } from '../../core/record/tombstone.ts';
import type { Machine } from '../machines.ts';
import type { Checker } from './checker.ts';

/**
 * Once all is quiet, the keepers of a record that are there, by the simulation's own list of who is, have one state of it, byte for byte: also
 * where nobody has it but an owner or a holder. What its owner deleted, and anybody there knows to be, is deleted in that state.
 */
export const replicasAreEqual: Checker = {
  invariant: 'replicas-equal',
  watch: ({ ledger, nowMs, startedMs, check }) => ({
    ended(machines, honest) {
      const up = machines.filter(({ life }) => life !== undefined);
      const view = keeperView(up.map(({ node }) => ({ node, upMs: nowMs() - startedMs(node) })));
      // Of one that runs an older version nothing is known to sync.
      const sound = up.filter(({ node, older }) => honest(node) && !older);
      for (const { objectKey, recordKey } of ledger.objects()) {
        const asked = keepersOf(view, recordKey);
        const keepers = sound.filter(({ node }) => asked.includes(node));
        const rows = [...keepers, ...sound].flatMap((each) => rowOf(each, recordKey) ?? []);
        const wanted = wantedOf(rows, ledger.deletedUpTo(objectKey));
        if (wanted === undefined) continue;
        const without = keepers.filter((each) => !equalBytes(rowOf(each, recordKey) ?? nothing, wanted));
        const words = () => `of ${keepers.length} keepers of ${recordKey.slice(0, 8)} ${without.length} have another state of it, or none`;
        check(without.length === 0, words, ...without.map(({ node }) => node));
      }
    },
  }),
};

const nothing = new Uint8Array();

const rowOf = ({ last }: Machine, recordKey: string): Uint8Array | undefined => last.values.get('record')?.get(recordKey);

/** The state that all keepers are to have: one with the tombstone, where its owner signed one that is known; else the first that others hear of. */
function wantedOf(rows: readonly Uint8Array[], deletedUpTo: number): Uint8Array | undefined {
  const deleted = deletedUpTo === 0 ? undefined : rows.find((row) => upToOf(row) >= deletedUpTo);
  return deleted ?? rows.find(isAnnounced);
}

function upToOf(row: Uint8Array): number {
  const { tombstone } = readStored(row);
  return tombstone === undefined ? 0 : parseTombstone(tombstone).tombstone.upTo;
}

/** Before it has a claim nobody but its owner hears of a file. */
function isAnnounced(row: Uint8Array): boolean {
  const { heads, tombstone } = readStored(row);
  return tombstone !== undefined || heads.some(({ claims }) => claims.length > 0);
}
