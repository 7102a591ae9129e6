import { compareBytes } from '../../core/bytes/compare.ts';
import type { Checker } from './checker.ts';

/** Whatever a reader is handed is, byte for byte, a version that the owner of that object stored. */
export const readsAreStored: Checker = {
  invariant: 'read-equals-stored',
  watch: ({ ledger, check }) => ({
    read({ node }, objectKey, bytes) {
      const versions = ledger.object(objectKey)?.versions ?? [];
      check(
        versions.some((each) => compareBytes(each.bytes, bytes) === 0),
        () => `${bytes.length} bytes were read that nobody stored`,
        node,
      );
    },
  }),
};
