import { toHex } from '../../core/bytes/text.ts';
import type { Checker } from './checker.ts';

/** No client is handed an older version of an object than it was handed before, whatever became of it meanwhile but the loss of its disk. */
export const versionsNeverGoBack: Checker = {
  invariant: 'version-never-back',
  watch({ machine, check }) {
    const newest = new Map<string, number>();
    return {
      read({ node }, { objectKey, version }) {
        const key = `${node} ${machine(node)?.wipes ?? 0} ${toHex(objectKey)}`;
        const before = newest.get(key) ?? 0;
        check(version >= before, () => `version ${version} was read after version ${before}`, node);
        newest.set(key, Math.max(version, before));
      },
    };
  },
};
