import type { FileView, HolderView, PeerView, ReplacingView } from '../../src/app/state.ts';
import { classifyHealth, healthSentence } from '../../src/core/durability/health.ts';
import { fileView, peerView } from '../views.ts';

/** What the states are made of: ids, peers, and files whose health is computed as the peer does. */

export const megabyte = 1_000_000;
export const day = 86_400_000;

/** An id as even as a hash (the finalizer of MurmurHash3), so that the peers stand all around the ring. */
export const hex = (seed: number): string =>
  Array.from({ length: 8 }, (_, i) => {
    let h = Math.imul(seed * 8 + i + 1, 0x9e3779b1);
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    return ((h ^ (h >>> 16)) >>> 0).toString(16).padStart(8, '0');
  }).join('');

/** A read capability as long as a real one; what it says is made up. */
const capabilityOf = (id: number): string => {
  const bytes = (hex(id + 200) + hex(id + 300)).match(/../g)!.map((byte) => Number.parseInt(byte, 16));
  const text = btoa(String.fromCharCode(1, ...bytes, 0, 0, 0, 0)).replaceAll('+', '-');
  return `R.${text.replaceAll('/', '_')}`;
};

/** Peers of all sizes, of which the eighth lends nothing. `fill`: share of what the i-th lends that is in use. */
export const peers = (states: readonly PeerView['state'][], fill: (i: number) => number, firstSeed = 0): PeerView[] =>
  states.map((state, i) =>
    peerView({
      node: hex(firstSeed + i),
      state,
      capacity: i === 7 ? 0 : (i + 1) * 500 * megabyte,
      used: i === 7 ? 0 : (i + 1) * 500 * megabyte * fill(i),
      ...(i % 2 === 0 ? {} : { domain: hex(400 + (i % 4)).slice(0, 16) }),
      sent: i * 41 * megabyte,
      received: i * 17 * megabyte,
    }),
  );

/** A stored file with one shard on each of the first n peers that lend, its health computed as the peer does. */
export function stored(
  id: number,
  name: string,
  size: number,
  addedMs: number,
  among: readonly PeerView[],
  k: number,
  m: number,
): FileView {
  const n = k + m;
  const lenders = among.filter(({ capacity }) => capacity > 0);
  const segments = Math.max(1, Math.ceil(size / (k * 8 * megabyte)));
  const holderOf = (shard: number): PeerView => lenders[shard % lenders.length]!;
  const holders: HolderView[] = lenders.slice(0, n).map(({ node, state }) => ({
    node,
    state,
    ...(state === 'live' ? {} : { seenMs: addedMs + 10_000 }),
    shards: Array.from({ length: segments * n }, (_, shard) => shard).filter((shard) => holderOf(shard % n).node === node),
  }));
  const live = Array.from({ length: segments }, () =>
    Array.from({ length: n }, (_, shard) => (holderOf(shard).state === 'live' ? [holderOf(shard).node] : [])),
  );
  const health = classifyHealth(k, live, { spreading: false, mayReturn: among.some(({ state }) => state === 'suspect') });
  return fileView({
    id: hex(id).slice(0, 16),
    capability: capabilityOf(id),
    name,
    size,
    addedMs,
    k,
    m,
    segments,
    shards: live.flat().map((nodes) => nodes.length),
    holders,
    bytesTotal: (size * n) / k,
    bytesStored: (size * n) / k,
    leaseMs: addedMs + 30 * day,
    health: health.word,
    margin: health.margin,
    sentence: healthSentence(
      k,
      n,
      health,
      health.holders,
      among.every(({ local }) => local === true),
    ),
  });
}

/** The same file before it was stored. */
export const unfinished = (file: FileView, part: Partial<FileView>): FileView => ({
  ...file,
  leaseMs: 0,
  health: 'Spreading',
  margin: -1,
  ...part,
});

/** A stored file with its next version, as large as it is and under the same name. */
export const replacing = (file: FileView, part: Pick<ReplacingView, 'state'> & Partial<ReplacingView>): FileView => ({
  ...file,
  replacing: {
    version: file.version + 1,
    name: file.name,
    size: file.size,
    sealed: file.size,
    bytesStored: 0,
    bytesTotal: file.bytesTotal,
    sentence: '',
    ...part,
  },
});

export const waiting = { k: 0, m: 0, segments: 0, shards: [], holders: [], bytesTotal: 0, bytesStored: 0 } as const;
