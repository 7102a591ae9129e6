import { toHex } from '../../core/bytes/text.ts';
import { recordKey } from '../../core/crypto/keys.ts';
import { readStored } from '../../core/record/stored.ts';
import { parseTombstone } from '../../core/record/tombstone.ts';
import type { Checker } from './checker.ts';

/** The highest tombstone that a disk ever had in the record of one object. */
interface Kept {
  readonly upTo: number;
  /** When the first one came, ms. */
  readonly sinceMs: number;
}

/**
 * A tombstone is final: a record that has one never loses it, not even forgotten and taken anew, and who keeps one is handed nothing of the
 * object any more. What a disk once had counts until it is wiped.
 */
export const tombstonesAreFinal: Checker = {
  invariant: 'tombstone-final',
  watch({ machine, nowMs, check }) {
    const highest = new Map<string, Kept>();
    const nameOf = (node: string, key: string): string => `${node} ${machine(node)?.wipes ?? 0} ${key}`;
    return {
      kept({ node, honest }, kind, key, value) {
        if (kind !== 'record' || !honest) return;
        const name = nameOf(node, key);
        const before = highest.get(name);
        const upTo = upToOf(value);
        if (before !== undefined) check(upTo >= before.upTo, () => `the record ${key.slice(0, 8)} lost its tombstone`, node);
        if (upTo > (before?.upTo ?? 0)) highest.set(name, { upTo, sinceMs: before?.sinceMs ?? nowMs() });
      },
      read({ node, honest }, { objectKey, begunMs }) {
        if (!honest) return;
        const key = toHex(recordKey(objectKey));
        const kept = highest.get(nameOf(node, key));
        const knewNothing = kept === undefined || kept.sinceMs >= begunMs;
        check(knewNothing, () => `the file ${key.slice(0, 8)} was read where its tombstone was kept`, node);
      },
      ended(machines, honest) {
        for (const { node, life, last } of machines) {
          if (life === undefined || !honest(node)) continue;
          const prefix = nameOf(node, '');
          for (const [name, { upTo }] of highest) {
            if (!name.startsWith(prefix)) continue;
            const key = name.slice(prefix.length);
            const row = last.values.get('record')?.get(key);
            check(row !== undefined && upToOf(row) >= upTo, () => `the tombstone of ${key.slice(0, 8)} was forgotten`, node);
          }
        }
      },
    };
  },
};

function upToOf(record: Uint8Array): number {
  const { tombstone } = readStored(record);
  return tombstone === undefined ? 0 : parseTombstone(tombstone).tombstone.upTo;
}
