import { compareBytes } from '../../core/bytes/compare.ts';
import { toHex } from '../../core/bytes/text.ts';
import type { Checker } from './checker.ts';

/** No client is handed an older version of an object than it was handed before. */
export const versionsNeverGoBack: Checker = {
  invariant: 'version-never-back',
  watch({ ledger, check }) {
    const newest = new Map<string, number>();
    return {
      read({ node }, objectKey, bytes) {
        const found = ledger.object(objectKey)?.versions.filter((each) => compareBytes(each.bytes, bytes) === 0) ?? [];
        if (found.length === 0) return;
        // Two versions may have the same bytes: then it may have been the newer one.
        const version = Math.max(...found.map((each) => each.version));
        const key = `${node} ${toHex(objectKey)}`;
        const before = newest.get(key) ?? 0;
        check(version >= before, () => `version ${version} was read after version ${before}`, node);
        newest.set(key, Math.max(version, before));
      },
    };
  },
};
