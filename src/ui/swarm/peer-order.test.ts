import { expect, test } from 'vitest';
import { peerView } from '../../../test/views.ts';
import { rowsStep, tableOrder, tableRows } from './peer-order.ts';

test('[SWARM-1] live peers come first, linked before known through others, then by id', () => {
  const peers = [
    peerView({ node: '1', state: 'away' }),
    peerView({ node: '2', linked: false }),
    peerView({ node: '4' }),
    peerView({ node: '3' }),
    peerView({ node: '5', state: 'suspect' }),
  ];
  expect(tableOrder(peers).map(({ node }) => node)).toEqual(['3', '4', '2', '5', '1']);
});

test('[SWARM-1] the table shows 50 rows until more are asked for, and one chosen on the ring besides', () => {
  const peers = tableOrder(Array.from({ length: 1000 }, (_, index) => peerView({ node: String(index).padStart(4, '0') })));
  expect(tableRows(peers, rowsStep, undefined)).toHaveLength(rowsStep);
  expect(tableRows(peers, rowsStep, '0003')).toHaveLength(rowsStep);
  expect(tableRows(peers, rowsStep, '0900').at(-1)?.node).toBe('0900');
});
