import { keepersCount } from '../../core/placement/keepers.ts';
import { forgottenAfterMs } from '../../peer/peer-state.ts';
import type { Machine } from '../machines.ts';
import type { Checker } from './checker.ts';

/**
 * Whoever looks for the record of a file that is looked after finds it, unless as many of those that kept it as it has keepers vanished within one
 * grace. Whether enough shards are there to read the file, too, is another question.
 */
export const recordsAreFound: Checker = {
  invariant: 'records-found',
  watch: ({ machines, startedMs, check }) => ({
    lookedUp({ node }, { recordKey, begunMs }, found) {
      if (found) return check(true, () => '', node);
      const hasVanished = ({ node, life, last }: Machine): boolean =>
        life === undefined || life.clock.isFrozen || (last.life > 0 && startedMs(node) > begunMs - forgottenAfterMs);
      const others = machines().filter((each) => each.node !== node);
      const kept = others.filter(({ last }) => last.values.get('record')?.has(recordKey) === true);
      // What was on a disk that was wiped nobody knows.
      const vanished = others.filter((each) => hasVanished(each) && (each.wipes > 0 || kept.includes(each)));
      const enough = Math.min(keepersCount, kept.length > 0 ? kept.length : others.length);
      const words = () =>
        `the record ${recordKey.slice(0, 8)}, which ${kept.length} others keep, was not found; ${vanished.length} vanished`;
      check(others.length === 0 || vanished.length >= enough, words, node);
    },
  }),
};
