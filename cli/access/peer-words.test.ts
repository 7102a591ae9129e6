import { expect, test } from 'vitest';
import { peerView } from '../../test/views.ts';
import { domainName, withoutVisitors } from './peer-words.ts';

test('[CLI-10] who lent nothing and left is not listed; holders and whoever misbehaved are', () => {
  const visitor = peerView({ node: 'a', state: 'away', capacity: 0, used: 0 });
  const present = peerView({ node: 'b', state: 'live', capacity: 0, used: 0 });
  const holder = peerView({ node: 'c', state: 'away', capacity: 1, used: 0 });
  const liar = peerView({ node: 'd', state: 'away', capacity: 0, used: 0, verdicts: ['it sent wrong bytes'] });
  expect(withoutVisitors([visitor, present, holder, liar]).map(({ node }) => node)).toEqual(['b', 'c', 'd']);
});

test('[CLI-10] a failure domain shows as its operator called it', () => {
  expect([undefined, 'label:cellar', '0123456789abcdef'].map(domainName)).toEqual(['-', 'cellar', '01234567']);
});
