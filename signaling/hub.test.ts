import { expect, test } from 'vitest';
import type { IntroducedPeer, ServerMessage } from '../src/core/wire/signaling.ts';
import { memoryBus } from './bus.ts';
import { createHub } from './hub.ts';
import type { Member } from './room.ts';

const peer = (name: string): IntroducedPeer => ({ node: name.repeat(64), key: name.repeat(64), class: 'visitor' });

function member(name: string): Member & { readonly got: ServerMessage[]; readonly ends: string[] } {
  const [got, ends]: [ServerMessage[], string[]] = [[], []];
  return { peer: peer(name), got, ends, send: (message) => void got.push(message), replaced: () => void ends.push('replaced') };
}

test('[SGN-23] a peer that moved to another server is not said to have left by news from the one it was on', async () => {
  const bus = memoryBus();
  const hub = createHub(bus, 10);
  const watcher = member('a');
  hub.join('one', watcher);
  bus.publish('one', { server: 'x', kind: 'joined', peer: peer('b') });
  bus.publish('one', { server: 'y', kind: 'joined', peer: peer('b') });
  bus.publish('one', { server: 'x', kind: 'left', node: peer('b').node });
  await Promise.resolve();
  expect(watcher.got.map(({ t }) => t)).toEqual(['joined', 'joined']);
  bus.publish('one', { server: 'y', kind: 'left', node: peer('b').node });
  await Promise.resolve();
  expect(watcher.got.at(-1)).toEqual({ t: 'left', node: peer('b').node });
});

test('[SGN-23] a server that opens a swarm later learns who is there, and its own newer sockets are not replaced by old news', async () => {
  const bus = memoryBus();
  const [early, late] = [createHub(bus, 10), createHub(bus, 10)];
  early.join('one', member('a'));
  const newcomer = member('b');
  expect(late.join('one', newcomer)).toEqual([]);
  await Promise.resolve();
  await Promise.resolve();
  expect(newcomer.got).toEqual([{ t: 'joined', peer: peer('a') }]);
  bus.publish('one', { server: 'x', kind: 'present', peer: peer('b') });
  await Promise.resolve();
  expect(newcomer.ends).toEqual([]);
});

test('[SGN-18] the bound of a swarm holds over all servers', async () => {
  const bus = memoryBus();
  const [here, there] = [createHub(bus, 2), createHub(bus, 2)];
  here.join('one', member('a'));
  there.join('one', member('b'));
  await Promise.resolve();
  await Promise.resolve();
  expect(() => there.join('one', member('c'))).toThrow('2 peers');
  expect([here.peers, there.peers]).toEqual([1, 1]);
});
