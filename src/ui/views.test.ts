import { describe, expect, test } from 'vitest';
import {
  capability,
  fileView as file,
  peerView as peer,
  receiveView as receive,
  selfView as self,
  snapshotView as snapshot,
} from '../../test/views.ts';
import type { ReplacingView, Snapshot } from '../app/state.ts';
import { announcements } from './announcements.ts';
import { diagnostics } from './diagnostics.ts';
import { anotherPeer, nextProfile } from './profile-link.ts';
import { shown } from './shown.ts';
import { fileMark, peerMark, receiveMark } from './status.ts';
import { strings } from './strings.ts';
import { isSameTitle, pageTitle, tabIcon } from './tab-state.ts';
import {
  downloadShare,
  hasLink,
  isAsBefore,
  isChangeable,
  isHopeless,
  isLeavingHarmful,
  isLost,
  isMoving,
  uploadShare,
  worstSegment,
} from './transfers.ts';

const plain = (text: string): string => text.replaceAll('\u00a0', ' ');

/** Somebody's file can spare nothing of what is held here. */
const needed = snapshot({ self: self({ needed: true }), files: [file()] });

/** What moves beside something older or newer that is well. */
const spreading = file({ id: '1', name: '1.bin', state: 'spreading', bytesStored: 630 });
const queued = file({ id: '50', name: '50.bin', state: 'queued', bytesStored: 0 });
const done = receive({ state: 'done' });

/** A stored file whose second version is in a state. */
const replacing = (state: ReplacingView['state']) =>
  file({
    replacing: { version: 2, name: 'next.pdf', size: 2000, state, sealed: 2000, bytesStored: 1290, bytesTotal: 3000, sentence: '' },
  });

describe('icon of the tab', () => {
  test.each([
    ['/icon.svg', undefined],
    ['/icon.svg', snapshot()],
    ['/icon-moving.svg', snapshot({ files: [file({ state: 'sealing' }), file({ health: 'At risk' })] })],
    ['/icon-moving.svg', snapshot({ receives: [receive()] })],
    ['/icon-keep-open.svg', snapshot({ files: [file({ state: 'waiting' })] })],
    ['/icon-moving.svg', snapshot({ files: [queued, spreading] })],
    ['/icon-moving.svg', snapshot({ files: [file()], receives: [done, receive({ id: 'r2' })] })],
    ['/icon-moving.svg', snapshot({ self: self({ needed: true }), receives: [receive()] })],
    ['/icon-keep-open.svg', snapshot({ files: [file(), queued] })],
    ['/icon-keep-open.svg', snapshot({ files: [file()], receives: [receive({ state: 'waiting' })] })],
    ['/icon-keep-open.svg', needed],
    ['/icon-at-risk.svg', snapshot({ files: [file(), file({ health: 'Lost', margin: -1 })] })],
    ['/icon-safe.svg', snapshot({ files: [file(), file({ state: 'cancelled' })] })],
    ['/icon.svg', snapshot({ files: [file(), file({ health: 'Thin', margin: 1 })] })],
  ])('[UI-5] is %s', (icon, view) => {
    expect(tabIcon(view)).toBe(icon);
  });
});

describe('title', () => {
  const title = (route: string, view: Snapshot | undefined): string => plain(pageTitle(route, view, 'r1'));

  test('[UI-5] names the page where nothing moves', () => {
    expect(title('/', undefined)).toBe('Shoal');
    expect(title('/files', snapshot())).toBe('Files - Shoal');
    expect(title('/swarm', snapshot())).toBe('Swarm - Shoal');
    expect(title('/r/', snapshot())).toBe('Receive - Shoal');
    expect(title('/constructor', snapshot())).toBe('Shoal');
  });

  test('[UI-5] shows how far an upload is on every page, and its end on the first', () => {
    expect(title('/swarm', snapshot({ files: [spreading] }))).toBe('42 % - 1.bin');
    expect(title('/', snapshot({ files: [file()] }))).toBe('Safe - report.pdf');
    expect(title('/swarm', snapshot({ files: [file()] }))).toBe('Swarm - Shoal');
  });

  test('[UI-5] shows what moves before all else, whatever the page is about', () => {
    // Files are newest first.
    expect(title('/', snapshot({ files: [queued, spreading] }))).toBe('42 % - 1.bin');
    expect(title('/files', snapshot({ files: [file({ name: '2.bin', state: 'sealing' }), spreading] }))).toBe('42 % - 1.bin');
    expect(title('/', snapshot({ files: [file()], receives: [receive()] }))).toBe('42 % - movie.mkv');
    expect(title('/swarm', snapshot({ files: [queued], receives: [receive()] }))).toBe('42 % - movie.mkv');
    expect(title('/r/', snapshot({ files: [spreading], receives: [done] }))).toBe('42 % - 1.bin');
    expect(title('/files/0123456789abcdef', snapshot({ files: [spreading, file()] }))).toBe('42 % - 1.bin');
    expect(title('/', snapshot({ self: self({ needed: true }), files: [spreading] }))).toBe('42 % - 1.bin');
  });

  test('[UI-5] of several that move, shows the opened one', () => {
    const other = file({ id: '2', name: '2.bin', state: 'spreading', bytesStored: 150 });
    const both = snapshot({ files: [other, spreading], receives: [receive({ id: 'r2', name: 'other.mkv' }), receive()] });
    expect(title('/files/1', both)).toBe('42 % - 1.bin');
    expect(title('/r/', both)).toBe('42 % - movie.mkv');
    expect(title('/', both)).toBe('10 % - 2.bin');
  });

  test('[UI-5, UI-33] shows how far the next version of a stored file is, and its end no more', () => {
    expect(title('/', snapshot({ files: [replacing('spreading')] }))).toBe('43 % - next.pdf');
    expect(title('/', snapshot({ files: [replacing('waiting')] }))).toBe('Keep open - next.pdf');
    expect(title('/', snapshot({ files: [replacing('failed')] }))).toBe('Safe - report.pdf');
  });

  test('[UI-5] says when what was stored is in trouble', () => {
    expect(title('/files/0123456789abcdef', snapshot({ files: [file({ health: 'At risk' })] }))).toBe('At risk - report.pdf');
  });

  test('[UI-5] asks to keep the tab open for what waits, whatever else is well', () => {
    expect(title('/', snapshot({ files: [file(), queued] }))).toBe('Keep open - 50.bin');
    expect(title('/r/', snapshot({ files: [queued], receives: [done] }))).toBe('Keep open - 50.bin');
    expect(title('/', snapshot({ files: [file()], receives: [receive({ state: 'waiting' })] }))).toBe('Keep open - movie.mkv');
    expect(title('/files/0123456789abcdef', snapshot({ files: [file({ id: '2', name: '2.bin', state: 'waiting' }), file()] }))).toBe(
      'Keep open - 2.bin',
    );
  });

  test('[UI-5] asks to keep the tab open while others need it, whatever the page is about', () => {
    expect(title('/files', needed)).toBe('Keep open - Files');
    expect(title('/', needed)).toBe('Keep open - Shoal');
    expect(title('/files/0123456789abcdef', needed)).toBe('Keep open - Files');
    expect(title('/r/', { ...needed, receives: [done] })).toBe('Keep open - Receive');
  });

  test('[UI-5] two titles that differ by their share alone are told apart from others', () => {
    expect(isSameTitle('9 % - 1.bin', '42 % - 1.bin')).toBe(true);
    expect(isSameTitle('42 % - 1.bin', '42 % - 2.bin')).toBe(false);
    expect(isSameTitle('42 % - 1.bin', 'Safe - 1.bin')).toBe(false);
  });

  test('[UI-5] shows the opened link where it is received', () => {
    expect(title('/r/', snapshot({ receives: [receive()] }))).toBe('42 % - movie.mkv');
    expect(title('/r/', snapshot({ receives: [done] }))).toBe('Done - movie.mkv');
  });
});

describe('marks', () => {
  test('[UI-6] a stored file shows its health; any other shows its state', () => {
    expect(fileMark(file({ health: 'Thin' })).word).toBe('Thin');
    expect(fileMark(file({ state: 'spreading', health: 'At risk' })).word).toBe('Spreading');
  });

  test('[UI-6] no two states of one kind share shape and colour, but for those with the same meaning', () => {
    const looks = (['Safe', 'Thin', 'At risk', 'Waiting', 'Lost', 'Spreading', 'Repairing'] as const).map(
      (health) => fileMark(file({ health })).shape,
    );
    expect(new Set(looks).size).toBe(looks.length);
    const peers = (['connecting', 'live', 'suspect', 'away'] as const).map((state) => peerMark(state).shape);
    expect(new Set(peers).size).toBe(peers.length);
    expect(receiveMark(receive({ state: 'failed' })).shape).toBe('cross');
    expect(receiveMark(receive({ state: 'looking', announced: false })).word).toBe('Not announced yet');
  });
});

describe('transfers', () => {
  test('[UI-7] leaving is asked about while bytes are on their way', () => {
    expect(isLeavingHarmful(undefined)).toBe(false);
    expect(isLeavingHarmful(snapshot({ files: [file(), file({ state: 'failed' }), file({ state: 'cancelled' })] }))).toBe(false);
    for (const state of ['queued', 'sealing', 'waiting', 'spreading'] as const) {
      expect(isLeavingHarmful(snapshot({ files: [file({ state })] }))).toBe(true);
    }
    expect(isLeavingHarmful(snapshot({ receives: [receive()] }))).toBe(true);
    const { name: _, ...unopened } = receive({ state: 'waiting' });
    expect(isLeavingHarmful(snapshot({ receives: [receive({ state: 'ready' }), unopened] }))).toBe(false);
    // A download that waits for peers would lose what it has.
    expect(isLeavingHarmful(snapshot({ receives: [receive({ state: 'waiting' })] }))).toBe(true);
  });

  test('[UI-7, UI-28, UI-33] the next version of a file is on its way as a first one is, and the file is not replaced or deleted meanwhile', () => {
    for (const state of ['queued', 'sealing', 'waiting', 'spreading'] as const)
      expect([state, isLeavingHarmful(snapshot({ files: [replacing(state)] })), isChangeable(replacing(state))]).toEqual([
        state,
        true,
        false,
      ]);
    for (const state of ['failed', 'cancelled'] as const)
      expect([state, isLeavingHarmful(snapshot({ files: [replacing(state)] })), isChangeable(replacing(state))]).toEqual([
        state,
        false,
        true,
      ]);
    expect([isMoving(snapshot({ files: [replacing('spreading')] })), isMoving(snapshot({ files: [replacing('waiting')] }))]).toEqual([
      true,
      false,
    ]);
  });

  test('[UI-33] the version before is said to be as it was where it is known and can be opened: not of a file deleted elsewhere, or lost', () => {
    const file = replacing('failed');
    expect([isAsBefore(file), isAsBefore({ ...file, version: 0 }), isAsBefore({ ...file, health: 'Lost' })]).toEqual([true, false, false]);
  });

  test('[UI-28] what waits does not move', () => {
    for (const state of ['queued', 'waiting', 'stored', 'failed', 'cancelled'] as const)
      expect(isMoving(snapshot({ files: [file({ state })], receives: [receive({ state: 'waiting' })] }))).toBe(false);
    for (const state of ['sealing', 'spreading'] as const) expect(isMoving(snapshot({ files: [file({ state })] }))).toBe(true);
    expect(isMoving(snapshot({ receives: [receive()] }))).toBe(true);
  });

  test("[UI-7] leaving is asked about while somebody's file needs what is held here", () => {
    expect(isLeavingHarmful(snapshot({ self: self({ needed: true }) }))).toBe(true);
    expect(isLeavingHarmful(snapshot({ self: self({ shards: 3 }), files: [file({ health: 'At risk', margin: 0 })] }))).toBe(false);
  });

  test('[UI-8] shares are unknown until their whole is known; an empty file is whole', () => {
    expect(uploadShare(file({ state: 'sealing', bytesTotal: 10, bytesStored: 0 }))).toBeUndefined();
    expect(uploadShare(file({ state: 'spreading', bytesTotal: 10, bytesStored: 4 }))).toBe(0.4);
    const { size: _, ...unknown } = receive();
    expect(downloadShare(unknown)).toBeUndefined();
    expect(downloadShare(receive({ size: 0, bytesWanted: 0, bytesDone: 0 }))).toBe(1);
    expect(downloadShare(receive({ size: 1000, bytesWanted: 100, bytesDone: 50 }))).toBe(0.5);
  });

  test('[UI-9] the strip of an object is that of its worst segment', () => {
    expect(worstSegment(file({ shards: [1, 1, 2, 0, 3, 1, 1, 1, 0] }))).toEqual([0, 3, 1]);
    expect(worstSegment(file({ k: 0, m: 0, shards: [] }))).toEqual([]);
    expect(worstSegment(file({ state: 'spreading', shards: [1, 1, 1, 0, 1, 0, 0, 0, 0] }))).toEqual([0, 1, 0]);
    expect(worstSegment(file({ state: 'stored', shards: [1, 1, 1, 0, 1, 0, 0, 0, 0] }))).toEqual([0, 0, 0]);
  });
});

describe('announcements', () => {
  test('[UI-10, UI-33] tell changes of state, not of figures', () => {
    const before = snapshot({ files: [file({ state: 'spreading', bytesStored: 1 })], peers: [peer()] });
    expect(announcements(undefined, before)).toEqual([]);
    expect(announcements(before, snapshot({ files: [file({ state: 'spreading', bytesStored: 2 })], peers: [peer()] }))).toEqual([]);
    expect(announcements(before, snapshot({ files: [file()], peers: [peer({ verdicts: ['bad-leaf'] })] }))).toEqual([
      'report.pdf: Safe',
      'Peer abababab is marked',
    ]);
    const [next, failed, second] = [[replacing('spreading')], [replacing('failed')], [file({ version: 2 })]].map((files) =>
      snapshot({ files }),
    );
    expect(announcements(snapshot({ files: [file()] }), next)).toEqual(['report.pdf, version 2: Spreading']);
    expect(announcements(next, failed)).toEqual(['report.pdf, version 2: Failed']);
    expect(announcements(next, second)).toEqual(['report.pdf, version 2: Safe']);
  });
});

describe('diagnostics', () => {
  test('[UI-11] hold no capability and no file name', () => {
    const view = snapshot({
      files: [file()],
      receives: [receive()],
      events: [
        { ms: 0, kind: 'upload', what: 'stored', id: 'a1', file: 'report.pdf' },
        { ms: 0, kind: 'verdict', node: 'ab'.repeat(32), detail: 'a wrong leaf' },
      ],
    });
    const text = diagnostics({ phase: 'running', profile: '', snapshot: view }, 'Browser/1', new Error('broken'));
    expect(text).toContain('error Error: broken');
    expect(text).toContain('a wrong leaf');
    for (const secret of [capability, 'report.pdf', 'movie.mkv']) expect(text).not.toContain(secret);
  });
});

test.each([
  ['', 'peer-2'],
  ['peer-2', 'peer-3'],
  ['anna', 'anna-2'],
  ['a-b-9', 'a-b-10'],
])('[UI-12] the peer beside profile "%s" is "%s"', (profile, next) => {
  expect(nextProfile(profile)).toBe(next);
});

test('[UI-12] another peer joins the same swarm', () => {
  expect(anotherPeer('', '?swarm=test&profile=x')).toBe('?swarm=test&profile=peer-2#/');
});

test('[UI-13] only a running peer is shown', () => {
  const state = { profile: '', snapshot: snapshot() };
  expect(shown({ ...state, phase: 'running' })).toBe(state.snapshot);
  for (const phase of ['starting', 'elsewhere', 'insecure', 'failed'] as const) expect(shown({ ...state, phase })).toBeUndefined();
});

test('[UI-19] a link is offered from the drop on, and not where it leads nowhere', () => {
  for (const state of ['queued', 'sealing', 'waiting', 'spreading', 'stored'] as const)
    expect([state, hasLink(file({ state }))]).toEqual([state, true]);
  for (const state of ['cancelled', 'failed'] as const) expect([state, hasLink(file({ state }))]).toEqual([state, false]);
});

test('[UI-19] only a stored file without enough shards is lost', () => {
  expect(isLost(file({ health: 'Lost', margin: -1 }))).toBe(true);
  expect(isLost(file({ state: 'cancelled', health: 'Lost', margin: -1 }))).toBe(false);
  expect(isLost(file({ health: 'Waiting', margin: -1 }))).toBe(false);
});

test('[UI-25] another try is offered where it may end otherwise', () => {
  for (const error of ['integrity', 'too-large', 'bad-input'] as const) expect([error, isHopeless({ error })]).toEqual([error, true]);
  for (const error of ['full', 'busy', 'timeout', 'cancelled', undefined] as const)
    expect([error, isHopeless({ error })]).toEqual([error, false]);
});

test.each([
  [1, 0, '1 peer online, but it lends no storage'],
  [1, 1, '1 peer online, and it lends storage'],
  [3, 0, '3 peers online, but none of them lends storage'],
  [3, 1, '3 peers online, 1 of them lends storage'],
  [3, 2, '3 peers online, 2 of them lend storage'],
  [3, 3, '3 peers online, all of them lend storage'],
])('of %i peers %i lend', (live, lending, words) => {
  expect(plain(strings.presence.lending(live, lending))).toBe(words);
});
