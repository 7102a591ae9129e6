import type { FileView, PeerView, ReceiveView, SelfView, Snapshot } from '../src/peer/snapshot.ts';

/** Views of a small, healthy swarm; a test or a story names only what it is about. */

export const capability = 'R.secret-capability';

export const fileView = (part: Partial<FileView> = {}): FileView => ({
  id: '0123456789abcdef',
  name: 'report.pdf',
  size: 1000,
  addedMs: 0,
  state: 'stored',
  capability,
  k: 2,
  m: 1,
  segments: 1,
  bytesTotal: 1500,
  bytesStored: 1500,
  shards: [1, 1, 1],
  holders: [],
  leaseMs: 0,
  version: 1,
  equivocated: false,
  health: 'Safe',
  margin: 2,
  sentence: '',
  ...part,
});

export const receiveView = (part: Partial<ReceiveView> = {}): ReceiveView => ({
  id: 'r1',
  state: 'downloading',
  name: 'movie.mkv',
  size: 1000,
  announced: true,
  version: 1,
  shardsFound: 3,
  k: 2,
  n: 3,
  bytesDone: 420,
  bytesWanted: 1000,
  sentence: '',
  deleted: false,
  expired: false,
  equivocated: false,
  ...part,
});

export const peerView = (part: Partial<PeerView> = {}): PeerView => ({
  node: 'ab'.repeat(32),
  linked: true,
  state: 'live',
  capacity: 0,
  used: 0,
  sent: 0,
  received: 0,
  verdicts: [],
  ...part,
});

export const selfView = (part: Partial<SelfView> = {}): SelfView => ({
  node: 'cd'.repeat(32),
  signaling: 'joined',
  contributing: false,
  capacity: 0,
  used: 0,
  reserved: 0,
  headroom: 0,
  diskFull: false,
  persisted: false,
  check: { total: 0, checked: 0, lost: 0 },
  shards: 0,
  needed: false,
  ...part,
});

export const snapshotView = (part: Partial<Snapshot> = {}): Snapshot => ({
  self: selfView(),
  peers: [],
  files: [],
  receives: [],
  events: [],
  ...part,
});
