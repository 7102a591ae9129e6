import { compareBytes } from '../../core/bytes/compare.ts';
import type { Checker } from './checker.ts';

/** Whatever a reader is handed is, byte for byte, what the owner of that object stored as that version of it. */
export const readsAreStored: Checker = {
  invariant: 'read-equals-stored',
  watch: ({ ledger, check }) => ({
    read({ node }, { objectKey, version, bytes }) {
      const versions = ledger.object(objectKey)?.versions.filter((each) => each.version === version) ?? [];
      check(
        versions.some((each) => compareBytes(each.bytes, bytes) === 0),
        () => `${bytes.length} bytes were read as version ${version} that nobody stored as that`,
        node,
      );
    },
  }),
};
