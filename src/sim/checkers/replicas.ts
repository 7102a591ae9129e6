import { equalBytes } from '../../core/bytes/compare.ts';
import { keepersOf, keeperView } from '../../core/placement/keepers.ts';
import { readStored } from '../../core/record/stored.ts';
import type { Machine } from '../machines.ts';
import type { Checker } from './checker.ts';

/** Once all is quiet, the keepers of a record that are there, by the simulation's own list of who is, have one state of it, byte for byte. */
export const replicasAreEqual: Checker = {
  invariant: 'replicas-equal',
  watch: ({ ledger, nowMs, startedMs, check }) => ({
    ended(machines, honest) {
      const up = machines.filter(({ life }) => life !== undefined);
      const view = keeperView(up.map(({ node }) => ({ node, upMs: nowMs() - startedMs(node) })));
      for (const { recordKey } of ledger.objects()) {
        const asked = keepersOf(view, recordKey);
        // Of one that runs an older version nothing is known to sync.
        const keepers = up.filter(({ node, older }) => asked.includes(node) && honest(node) && !older);
        const rows = keepers.map((each) => rowOf(each, recordKey));
        const stored = rows.find((row) => row !== undefined && isAnnounced(row));
        if (stored === undefined) continue;
        const without = keepers.filter((_, i) => rows[i] === undefined || !equalBytes(rows[i], stored));
        const words = () => `of ${keepers.length} keepers of ${recordKey.slice(0, 8)} ${without.length} have another state of it, or none`;
        check(without.length === 0, words, ...without.map(({ node }) => node));
      }
    },
  }),
};

const rowOf = ({ last }: Machine, recordKey: string): Uint8Array | undefined => last.values.get('record')?.get(recordKey);

/** Before it has a claim nobody but its owner hears of a file. */
function isAnnounced(row: Uint8Array): boolean {
  const { heads, tombstone } = readStored(row);
  return tombstone !== undefined || heads.some(({ claims }) => claims.length > 0);
}
