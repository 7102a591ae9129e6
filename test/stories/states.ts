import type { EventView, PageState, PeerView, Snapshot } from '../../src/app/state.ts';
import { capability, receiveView, selfView, snapshotView } from '../views.ts';
import { openedId } from './commands.ts';
import type { StoryState } from './list.ts';
import { day, hex, megabyte, peers, replacing, stored, unfinished, waiting } from './made-up.ts';

/** The whole page in a state, `nowMs` being the moment it shows. */
export function pageIn(state: StoryState, moreFiles: number, nowMs: number): PageState {
  const page = { profile: '', snapshot: undefined } as const;
  switch (state) {
    case 'starting':
    case 'elsewhere':
    case 'insecure':
      return { ...page, phase: state };
    case 'failed':
      return { ...page, phase: 'failed', failure: 'This browser gives no storage to this page. Leave private browsing, then try again.' };
    default:
      return { ...page, phase: 'running', snapshot: withMore(snapshots[state](nowMs), moreFiles, nowMs) };
  }
}

/** The link of the story; in state `error` its last characters are missing. */
export const linkText = (state: StoryState): string => (state === 'error' ? capability.slice(0, -4) : capability);

/** What every story began with; what came of it is its own. */
const events = (nowMs: number, among: readonly PeerView[]): EventView[] => [
  { ms: nowMs - 400_000, kind: 'signaling', state: 'joined' },
  ...among.slice(0, 6).map((peer, i): EventView => ({ ms: nowMs - 390_000 + i * 9_000, kind: 'peer', what: 'linked', node: peer.node })),
  { ms: nowMs - 200_000, kind: 'hold', what: 'stored', node: hex(2), segment: 0, shard: 4 },
];

const reportStored = (nowMs: number): EventView => ({
  ms: nowMs - 120_000,
  kind: 'upload',
  what: 'stored',
  id: hex(1).slice(0, 16),
  file: 'Quarterly report.pdf',
});
const linkLost = (nowMs: number, among: readonly PeerView[]): EventView[] =>
  among.filter(({ state }) => state === 'away').map(({ node }) => ({ ms: nowMs - 30_000, kind: 'peer', what: 'gone', node }));

function empty(): Snapshot {
  return snapshotView({ self: selfView({ node: hex(99), signaling: 'joined' }) });
}

function fresh(nowMs: number): Snapshot {
  // As after a first start of the server with its headless peers.
  const around = peers(
    Array.from({ length: 6 }, () => 'live' as const),
    () => 0.3,
  ).map((peer): PeerView => ({ ...peer, local: true }));
  return snapshotView({
    self: selfView({ node: hex(99) }),
    peers: around,
    files: [stored(1, 'Quarterly report.pdf', 2.4 * megabyte, nowMs - 130_000, around, 4, 2)],
    events: [...events(nowMs, around), reportStored(nowMs)],
  });
}

function busy(nowMs: number): Snapshot {
  const around = peers(
    Array.from({ length: 10 }, () => 'live' as const),
    (i) => 0.12 + 0.08 * i,
  );
  const film = stored(2, 'Harbour at dawn, final cut.mp4', 187 * megabyte, nowMs - 65_000, around, 6, 3);
  const folder = stored(3, 'field notes/2026/November/observations.csv', 3.2 * megabyte, nowMs - 50_000, around, 6, 3);
  return snapshotView({
    self: selfView({
      node: hex(99),
      contributing: true,
      capacity: 5000 * megabyte,
      used: 1830 * megabyte,
      reserved: 42 * megabyte,
      headroom: 500 * megabyte,
      persisted: true,
      check: { total: 412, checked: 260, lost: 0 },
      shards: 412,
    }),
    peers: around,
    files: [
      unfinished(film, {
        state: 'spreading',
        bytesStored: film.bytesTotal * 0.42,
        // The first segment is out, the second under way.
        shards: film.shards.map((_, shard) => (shard < 9 + 6 ? 1 : 0)),
        sentence: 'Spreading: 6 of 9 shards online, any 6 restore it. Keep this tab open',
      }),
      unfinished(folder, { ...waiting, state: 'sealing', sentence: 'Encrypting: 64 %. Keep this tab open' }),
      stored(1, 'Quarterly report.pdf', 2.4 * megabyte, nowMs - 130_000, around, 6, 3),
      replacing(stored(4, 'aerial survey.tif', 912 * megabyte, nowMs - 2 * day, around, 6, 3), {
        state: 'spreading',
        bytesStored: 912 * 1.5 * 0.43 * megabyte,
        sentence: 'Storing: 43 %. Keep this tab open',
      }),
    ],
    receives: [
      receiveView({
        id: openedId,
        name: 'aerial survey.tif',
        size: 912 * megabyte,
        bytesWanted: 912 * megabyte,
        bytesDone: 402 * megabyte,
        k: 6,
        n: 9,
        shardsFound: 9,
        sentence: 'Downloading, every byte is verified',
      }),
      receiveView({
        id: 'before',
        state: 'done',
        name: 'minutes.txt',
        size: 4200,
        bytesDone: 4200,
        bytesWanted: 4200,
        k: 1,
        n: 3,
        shardsFound: 3,
        sentence: 'Downloaded and verified',
      }),
    ],
    events: [...events(nowMs, around), reportStored(nowMs), { ms: nowMs - 30_000, kind: 'download', what: 'done', file: 'minutes.txt' }],
  });
}

function degraded(nowMs: number): Snapshot {
  const around = peers(['live', 'live', 'live', 'live', 'suspect', 'away'], () => 0.97);
  const risky = stored(1, 'Quarterly report.pdf', 2.4 * megabyte, nowMs - 130_000, around, 4, 2);
  const film = stored(2, 'Harbour at dawn, final cut.mp4', 187 * megabyte, nowMs - 65_000, around, 4, 2);
  const old = stored(8, 'last year.tar', 31 * megabyte, nowMs - 9 * day, around, 4, 2);
  return snapshotView({
    self: selfView({
      node: hex(99),
      signaling: 'lost',
      signalingRetryMs: nowMs + 4_000,
      contributing: true,
      capacity: 1000 * megabyte,
      used: 1330 * megabyte,
      headroom: 100 * megabyte,
      check: { total: 96, checked: 96, lost: 0 },
      shards: 96,
      needed: true,
    }),
    peers: around,
    files: [
      unfinished(film, { ...waiting, state: 'waiting', sentence: 'Waiting for peers that lend storage. Keep this tab open' }),
      stored(4, 'aerial survey.tif', 912 * megabyte, nowMs - 2 * day, around.slice(0, 4), 2, 2),
      replacing({ ...risky, version: 2, equivocated: true }, { state: 'failed', error: 'timeout' }),
      { ...old, state: 'deleting', sentence: 'Deleting: its holders are being told' },
      stored(5, 'family.zip', 55 * megabyte, nowMs - 4 * day, around.slice(3), 2, 1),
    ],
    receives: [
      receiveView({
        id: openedId,
        state: 'waiting',
        name: 'aerial survey.tif',
        size: 912 * megabyte,
        bytesWanted: 912 * megabyte,
        bytesDone: 0,
        k: 6,
        n: 9,
        shardsFound: 4,
        sentence: '4 of 6 found, waiting for 2 more shards. It goes on by itself when they come',
      }),
      receiveView({
        id: 'expired',
        state: 'ready',
        name: 'summer 2024.zip',
        size: 55 * megabyte,
        bytesDone: 0,
        bytesWanted: 0,
        k: 4,
        n: 6,
        shardsFound: 1,
        expired: true,
        sentence: 'Nobody renewed it before its lease ended. Ask its sender for a new link',
      }),
    ],
    events: [
      ...events(nowMs, around),
      reportStored(nowMs),
      ...linkLost(nowMs, around),
      {
        ms: nowMs - 12_000,
        kind: 'upload',
        what: 'failed',
        id: hex(1).slice(0, 16),
        file: 'Quarterly report.pdf',
        version: 3,
        code: 'timeout',
      },
      { ms: nowMs - 9_000, kind: 'deleted', id: hex(9).slice(0, 16), file: 'first draft.odt' },
      { ms: nowMs - 5_000, kind: 'signaling', state: 'lost' },
    ],
  });
}

function broken(nowMs: number): Snapshot {
  const around = peers(['live', 'live', 'away'], () => 0.3).map(
    (peer, i): PeerView => ({
      ...peer,
      local: true,
      ...(i === 1 ? { verdicts: ['bad-leaf: sent a leaf that its owner did not sign'] } : {}),
    }),
  );
  const gone = peers(['away', 'away', 'away'], () => 0.3, 20);
  const failed = unfinished(stored(1, 'Quarterly report.pdf', 2.4 * megabyte, nowMs - 130_000, around, 2, 1), {
    ...waiting,
    state: 'failed',
    error: 'integrity',
  });
  const { name: _name, size: _size, ...unknown } = receiveView();
  return snapshotView({
    self: selfView({
      node: hex(99),
      contributing: true,
      capacity: 640 * megabyte,
      used: 640 * megabyte,
      headroom: 64 * megabyte,
      diskFull: true,
      check: { total: 80, checked: 80, lost: 3 },
      shards: 77,
    }),
    peers: around,
    files: [
      failed,
      unfinished(failed, { id: hex(7).slice(0, 16), name: 'disk image.iso', size: 48_000 * megabyte, error: 'too-large' }),
      stored(5, 'family.zip', 55 * megabyte, nowMs - 4 * day, gone, 2, 1),
    ],
    receives: [
      receiveView({
        id: 'wrong',
        state: 'failed',
        name: 'contract.docx',
        size: 88_000,
        bytesDone: 0,
        bytesWanted: 88_000,
        error: 'integrity',
      }),
      {
        ...unknown,
        id: 'deleted',
        state: 'failed',
        shardsFound: 0,
        k: 0,
        n: 0,
        bytesDone: 0,
        bytesWanted: 0,
        sentence: 'This file was deleted by its owner.',
        error: 'not-found',
        deleted: true,
      },
      {
        ...unknown,
        id: 'unknown',
        state: 'looking',
        announced: false,
        shardsFound: 0,
        k: 0,
        n: 0,
        bytesDone: 0,
        bytesWanted: 0,
        sentence: 'Not announced yet: nobody online knows this file. Keep this page open, or ask the sender to open theirs.',
      },
    ],
    events: [
      ...events(nowMs, around),
      ...linkLost(nowMs, around),
      { ms: nowMs - 9_000, kind: 'refused', code: 'auth', detail: 'the certificate is not the one that was signed' },
      { ms: nowMs - 7_000, kind: 'verdict', node: hex(1), detail: 'sent a leaf that its owner did not sign' },
      { ms: nowMs - 4_000, kind: 'upload', what: 'failed', id: hex(1).slice(0, 16), file: 'Quarterly report.pdf', code: 'integrity' },
    ],
  });
}

const snapshots = { empty, fresh, busy, degraded, error: broken } as const;

function withMore(snapshot: Snapshot, count: number, nowMs: number): Snapshot {
  const around = snapshot.peers.filter(({ state }) => state === 'live');
  if (count === 0 || around.length === 0) return snapshot;
  const more = Array.from({ length: count }, (_, i) =>
    stored(1000 + i, `archive/${String(i).padStart(5, '0')}.tar`, (1 + (i % 97)) * megabyte, nowMs - day - i * 60_000, around, 2, 1),
  );
  return { ...snapshot, files: [...snapshot.files, ...more] };
}
