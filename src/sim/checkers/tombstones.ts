import { toHex } from '../../core/bytes/text.ts';
import { recordKey } from '../../core/crypto/keys.ts';
import { readStored } from '../../core/record/stored.ts';
import { parseTombstone } from '../../core/record/tombstone.ts';
import type { Checker } from './checker.ts';

/** A tombstone is final: a record that has one never loses it, and who keeps one is handed nothing of the object any more. */
export const tombstonesAreFinal: Checker = {
  invariant: 'tombstone-final',
  watch({ machine, nowMs, check }) {
    /** When the record of an object at a peer first had its tombstone, ms. */
    const since = new Map<string, number>();
    return {
      kept({ node, honest }, kind, key, value, before) {
        if (kind !== 'record' || !honest) return;
        const has = upToOf(value);
        if (has === 0) since.delete(`${node} ${key}`);
        else if (!since.has(`${node} ${key}`)) since.set(`${node} ${key}`, nowMs());
        const had = before === undefined ? 0 : upToOf(before);
        if (had > 0) check(has >= had, () => `the record ${key.slice(0, 8)} lost its tombstone`, node);
      },
      read({ node, honest }, { objectKey, begunMs }) {
        const key = toHex(recordKey(objectKey));
        const sinceMs = since.get(`${node} ${key}`);
        // Of a disk that was wiped meanwhile nobody remembers.
        const remembers = machine(node)?.last.values.get('record')?.has(key) === true;
        const knewNothing = sinceMs === undefined || sinceMs >= begunMs || !remembers;
        if (honest) check(knewNothing, () => `the file ${key.slice(0, 8)} was read where its tombstone was kept`, node);
      },
    };
  },
};

function upToOf(record: Uint8Array): number {
  const { tombstone } = readStored(record);
  return tombstone === undefined ? 0 : parseTombstone(tombstone).tombstone.upTo;
}
