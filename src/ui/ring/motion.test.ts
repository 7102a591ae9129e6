import { describe, expect, test } from 'vitest';
import { peerView, snapshotView } from '../../../test/views.ts';
import type { PeerView } from '../../app/state.ts';
import { afterSnapshot, flowsOf, noTraffic, settled, totalRate, type Traffic, windowMs } from '../traffic.ts';
import { noPlaces, ringCells } from './cells.ts';
import { afterPeers, beadCount, beadsOf, fadeMs, fadeOf, frameMs, nextPaintMs, noMotion, scarMs, scarStrength } from './motion.ts';
import { afterSwarm, noPicture, settledPicture } from './picture.ts';
import { cellWords, ringSummary, walkTo } from './ring-words.ts';

const a = 'a'.repeat(64);
const b = 'b'.repeat(64);
const seen = { hidden: false, reduced: false };
const plain = (text: string): string => text.replaceAll('\u00a0', ' ');

describe('joins and leaves', () => {
  const together = afterPeers(noMotion, [peerView({ node: a }), peerView({ node: b })], 1000);

  test('[RING-5] who comes fades in; with reduced motion it is there at once', () => {
    expect(fadeOf(together, a, 1000, false)).toBe(0);
    expect(fadeOf(together, a, 1000 + fadeMs / 2, false)).toBe(0.5);
    expect(fadeOf(together, a, 1000 + fadeMs * 9, false)).toBe(1);
    expect(fadeOf(together, a, 1000, true)).toBe(1);
  });

  test.each([
    ['away', [peerView({ node: b }), peerView({ node: a, state: 'away' })]] as const,
    ['not known any more', [peerView({ node: b })]] as const,
  ])('[RING-5] who is %s leaves one scar for 60 s', (_, peers) => {
    const left = afterPeers(together, peers, 5000);
    expect(left.scars).toEqual([{ node: a, leftMs: 5000 }]);
    expect(scarStrength(left.scars[0]!, 5000)).toBe(1);
    expect(scarStrength(left.scars[0]!, 5000 + scarMs - 1)).toBeGreaterThan(0);
    expect(scarStrength(left.scars[0]!, 5000 + scarMs)).toBe(0);
    expect(afterPeers(left, peers, 6000).scars).toHaveLength(1);
    expect(afterPeers(left, peers, 5000 + scarMs).scars).toEqual([]);
  });

  test('[RING-5] the scar of who comes back is gone', () => {
    const left = afterPeers(together, [peerView({ node: b })], 5000);
    expect(afterPeers(left, [peerView({ node: a }), peerView({ node: b })], 6000).scars).toEqual([]);
  });
});

describe('transfers', () => {
  const at = (sent: number, received = 0): PeerView[] => [peerView({ node: a, sent, received })];
  const moved = (bytes: number): Traffic => afterSnapshot(afterSnapshot(noTraffic, at(500), 0), at(500 + bytes), 100);

  test('[RING-6] a flow is what the counters of a link grew by; its first figures are none', () => {
    expect(flowsOf(afterSnapshot(noTraffic, at(1e9), 0))).toEqual([]);
    expect(flowsOf(moved(1e6))).toEqual([{ node: a, up: (1e6 * 1000) / windowMs, down: 0 }]);
    expect(totalRate(moved(1e6)).up).toBe((1e6 * 1000) / windowMs);
  });

  test('[RING-6] heartbeats are no transfer, and counters that begin anew count from nothing', () => {
    expect(flowsOf(moved(400))).toEqual([]);
    const anew = afterSnapshot(afterSnapshot(noTraffic, at(1e9), 0), at(50_000), 100);
    expect(totalRate(anew).up).toBe((50_000 * 1000) / windowMs);
  });

  test('[RING-6] a flow ends when nothing moved for the window', () => {
    const traffic = moved(1e6);
    expect(settled(traffic, 200)).toBe(traffic);
    expect(flowsOf(settled(traffic, 100 + windowMs))).toEqual([]);
    const picture = { ...noPicture, traffic };
    expect(settledPicture(picture, 200)).toBe(picture);
  });

  test('[RING-6] beads go out and come in along the chord, more for faster flows, none with reduced motion', () => {
    expect([0, 1, 1e5, 1e6, 1e12].map(beadCount)).toEqual([0, 1, 2, 3, 4]);
    const early = beadsOf({ up: 1, down: 1 }, 100, false);
    const later = beadsOf({ up: 1, down: 1 }, 200, false);
    expect(later.up[0]).toBeGreaterThan(early.up[0]!);
    expect(later.down[0]).toBeLessThan(early.down[0]!);
    expect(beadsOf({ up: 1e9, down: 1e9 }, 100, true)).toEqual({ up: [], down: [] });
  });

  test('[RING-8] frames only while something moves, at most 30 a second, none when hidden', () => {
    const idle = afterPeers(noMotion, at(0), 0);
    expect(nextPaintMs(idle, noTraffic, fadeMs, seen)).toBeUndefined();
    expect(nextPaintMs(idle, noTraffic, fadeMs - 1, seen)).toBe(frameMs);
    expect(nextPaintMs(idle, moved(1e6), fadeMs, seen)).toBe(frameMs);
    expect(frameMs).toBeGreaterThanOrEqual(1000 / 30);
    expect(nextPaintMs(idle, moved(1e6), 0, { ...seen, hidden: true })).toBeUndefined();
    expect(nextPaintMs(idle, moved(1e6), 0, { ...seen, reduced: true })).toBeUndefined();
  });

  test('[RING-8] a scar alone asks for a frame only when it pales', () => {
    const left = afterPeers(afterPeers(noMotion, at(0), 0), [], 5000);
    expect(nextPaintMs(left, noTraffic, 5000, seen)).toBe(10_000);
    expect(nextPaintMs(left, noTraffic, 5000 + scarMs, seen)).toBeUndefined();
  });
});

describe('in words', () => {
  test('[RING-9] the summary counts states, transfers and leaves, and no bytes', () => {
    const peers = [peerView({ node: a, sent: 1e9 }), peerView({ node: b, state: 'away' })];
    const first = afterSwarm(noPicture, 'c'.repeat(64), [peers[0]!, peerView({ node: b })], 0);
    const picture = afterSwarm(first, 'c'.repeat(64), [peerView({ node: a, sent: 2e9 }), peers[1]!], 1000);
    expect(ringSummary(peers, picture)).toBe('2 peers: 1 live, 1 away. Sending to 1 peer. 1 left in the last minute.');
    expect(ringSummary([], noPicture)).toBe('No other peer yet.');
  });

  test('[RING-9] a cell says what is painted of it', () => {
    const one = peerView({ node: a, capacity: 2e9, used: 1e9, linked: false, verdicts: ['bad leaf'], domain: 'home' });
    const [cell] = ringCells(snapshotView().self.node, [one], noPlaces).cells;
    expect(plain(cellWords(cell!))).toBe(
      'Peer aaaaaaaa, Live, marked: bad leaf, known through others, lends 2 GB, 1 GB in use, sent 0 B, received 0 B, domain home',
    );
  });

  test('[RING-10] arrow keys walk the ring around both ways; other keys do nothing', () => {
    const cells = [{ key: 'x' }, { key: 'y' }, { key: 'z' }];
    expect(walkTo(cells, 'z', 'ArrowRight')).toBe('x');
    expect(walkTo(cells, 'x', 'ArrowLeft')).toBe('z');
    expect(walkTo(cells, undefined, 'ArrowDown')).toBe('x');
    expect(walkTo(cells, 'x', 'End')).toBe('z');
    expect(walkTo(cells, 'y', 'Home')).toBe('x');
    expect(walkTo(cells, 'x', 'toString')).toBeUndefined();
    expect(walkTo([], 'x', 'ArrowRight')).toBeUndefined();
  });
});
