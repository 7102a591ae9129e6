import { callsMax, coldWindowBytes, incomingRequestsMax } from '../../core/wire/limits.ts';
import type { Checker } from './checker.ts';

/**
 * What is under way on a link stays bounded both ways: a peer makes no more requests at once than it may, and of those made to it works on
 * no more than it may: the others are answered at once, as soon as the link takes the answer.
 */
export const requestsAreBounded: Checker = {
  invariant: 'requests-never-passed',
  watch: ({ check }) => ({
    asked({ node, honest }, underWay) {
      if (honest) check(underWay <= callsMax, () => `${underWay} own requests are under way on one link`, node);
    },
    owed({ node, honest }, underWay, bufferedAmount) {
      if (!honest || bufferedAmount > coldWindowBytes / 2) return;
      check(underWay <= incomingRequestsMax, () => `${underWay} requests of one link are worked on at once`, node);
    },
  }),
};
