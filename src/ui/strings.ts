import type { EventView, FileState, Health, PeerView, ReceiveState, SelfView } from '../app/state.ts';
import { counted } from './counted.ts';
import { removalStrings } from './removal-strings.ts';
import { swarmStrings } from './swarm-strings.ts';
import { versionStrings } from './version-strings.ts';

const fileStates: Record<FileState, string> = {
  queued: 'Queued',
  sealing: 'Encrypting',
  waiting: 'Waiting',
  spreading: 'Spreading',
  stored: 'Stored',
  failed: 'Failed',
  cancelled: 'Cancelled',
  deleting: 'Deleting',
};

const healths: Record<Health, string> = {
  Safe: 'Safe',
  Thin: 'Thin',
  'At risk': 'At risk',
  Waiting: 'Waiting',
  Lost: 'Lost',
  Spreading: 'Spreading',
  Repairing: 'Repairing',
};

const receiveStates: Record<ReceiveState, string> = {
  looking: 'Looking for peers',
  waiting: 'Waiting for peers',
  ready: 'Ready',
  downloading: 'Downloading',
  done: 'Done',
  failed: 'Failed',
};

const peerStates: Record<PeerView['state'], string> = {
  connecting: 'Connecting',
  live: 'Live',
  suspect: 'Suspect',
  away: 'Away',
};

const signalingStates: Record<SelfView['signaling'], string> = {
  connecting: 'Connecting',
  joined: 'Joined',
  lost: 'Lost',
};

const eventKinds: Record<EventView['kind'], string> = {
  peer: 'Peer',
  refused: 'Refused',
  hold: 'Hold',
  upload: 'Upload',
  deleted: 'Deleted',
  download: 'Download',
  verdict: 'Verdict',
  signaling: 'Signaling',
};

function lenders(live: number, lending: number): string {
  if (lending === live) return live === 1 ? 'and it lends storage' : 'all of them lend storage';
  if (lending === 0) return live === 1 ? 'but it lends no storage' : 'but none of them lends storage';
  return `${lending} of them ${lending === 1 ? 'lends' : 'lend'} storage`;
}

/** Every text a person can see, but for figures (`format.ts`), errors (`error-words.ts`) and the sentences that the peer computes. */
export const strings = {
  app: 'Shoal',
  skip: 'Skip to content',
  nav: {
    label: 'Pages',
    drop: 'Drop',
    files: 'Files',
    receive: 'Receive',
    contribute: 'Contribute',
    swarm: 'Swarm',
    activity: 'Activity',
    settings: 'Settings',
  },
  fileStates,
  healths,
  receiveStates,
  peerStates,
  signalingStates,
  eventKinds,

  presence: {
    starting: 'Starting',
    stopped: 'Not running',
    connecting: 'Connecting',
    lost: 'Signaling lost',
    peers: (live: number): string => `${counted(live, 'peer', 'peers')} online`,
    lending: (live: number, lending: number): string => `${counted(live, 'peer', 'peers')} online, ${lenders(live, lending)}`,
    oneMachine: 'All are on one machine.',
    lostLong: 'Signaling lost. Transfers go on; it reconnects by itself.',
    replacedLong: 'Signaling lost: another window runs this same peer. Transfers go on; close the other one and reload this page.',
    first: 'You are the first peer.',
    unlinked: (known: number): string =>
      `${counted(known, 'peer', 'peers')} known, none linked yet. Links come by themselves as they are online.`,
    another: 'Open another peer here',
  },

  drop: {
    title: 'Drop a file. It\u00a0leaves\u00a0encrypted.',
    target: 'Drop files or folders here',
    hint: 'Anywhere on this page works, and so does paste.',
    chooseFiles: 'Choose files',
    chooseFolder: 'Choose a folder',
    over: 'Let go to encrypt and send',
    recent: 'Last files',
    all: (count: number): string => `All ${count} files`,
    gathering: 'Looking through the folders',
    unreadable: (names: readonly string[], more: number): string =>
      `Could not be read: ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}. Check that you may open them, then drop them again; all else was taken.`,
    more: (max: string): string => `Only the first ${max} files were taken. Drop the rest in smaller parts.`,
    nothing: 'No file was in it.',
    held: (count: number): string => `${counted(count, 'file waits', 'files wait')} until Shoal has started.`,
    afterwards: 'Other peers keep it, in shards that none of them can read. The link opens it after this tab is closed.',
  },

  files: {
    title: 'Files',
    empty: 'No files yet. What you drop appears here.',
    list: 'Your files',
    count: (shown: number, all: number): string =>
      shown === all ? counted(all, 'file', 'files') : `${shown} of ${counted(all, 'file', 'files')}`,
    search: 'Search by name',
    noMatch: 'No file has this in its name.',
    clearSearch: 'Show all files',
    stored: (stored: string, total: string): string => `${stored} of ${total} stored`,
    progress: (name: string): string => `${name}: stored by other peers`,
    lostNext: 'It comes back only with peers that held it. If you still have the file, drop it again.',
    waitingNext: 'Lend storage in another peer or invite someone: the file goes out as soon as there is room.',
    cancel: 'Cancel',
    cancelOf: (name: string): string => `Cancel ${name}`,
    retry: 'Try again',
    retryOf: (name: string): string => `Try again: ${name}`,
    remove: 'Remove',
    removeOf: (name: string): string => `Remove ${name} from this list`,
  },

  transfer: {
    speed: (bytes: string): string => `${bytes}/s`,
    left: (duration: string): string => `${duration} left`,
    still: 'nothing moves right now',
  },

  file: {
    back: 'All files',
    unknown: 'No such file',
    unknownHint: 'This peer has no file with this id. It may belong to another profile.',
    shards: 'Shards',
    code: (k: number, m: number): string => `${k} data and ${m} parity shards in each segment; any ${k} restore it`,
    segments: (count: number): string => counted(count, 'segment', 'segments'),
    segment: (index: number): string => `Segment ${index + 1}`,
    moreSegments: (count: number): string => `and ${counted(count, 'more segment', 'more segments')}`,
    holders: 'Holders',
    holdersCaption: 'Peers that hold shards of this file',
    columns: { peer: 'Peer', state: 'State', shards: 'Shards' },
    dataShard: (number: number): string => `data ${number}`,
    parityShard: (number: number): string => `parity ${number}`,
    shardsOf: (count: number, all: number): string => `${count} of ${all}`,
    unmet: 'Never met',
    seen: (ago: string): string => `last seen ${ago}`,
    noHolders: 'No peer holds a shard of it yet.',
    link: 'Link',
    linkOf: (name: string): string => `Link to ${name}`,
    linkHint: 'Whoever has this link can read the file.',
    linkLost: 'It opens the file again only if enough of its shards come back.',
    linkGone: 'It opens nothing any more.',
    linkEarly: 'It opens the file once it is stored. Keep this tab open until then.',
    neverLink: 'It was not stored, so its link leads nowhere. Sent again, it gets a new one.',
    size: 'Size',
    added: 'Added',
    lease: 'Kept until',
    leaseEnds: 'Lease ends',
    renewed: 'It is renewed by itself while one of your devices is online.',
    signedTwice:
      'Signed twice: two devices of yours stored different contents as the same version. Everyone reads the same one of the two.',
    margin: 'Can vanish',
    marginOf: (margin: number): string => (margin < 0 ? 'below what is needed' : counted(margin, 'holder', 'holders')),
    history: 'History',
    noHistory: 'Nothing has happened to it since this tab was opened.',
  },

  qr: {
    open: 'QR code',
    openOf: (name: string): string => `QR code of the link to ${name}`,
    title: 'Scan to open',
    close: 'Close',
  },

  shards: {
    strip: (held: number, data: number, parity: number): string =>
      `${held} of ${data + parity} shards held; ${data} data, ${parity} parity`,
    none: 'Shards are not chosen yet',
  },

  receive: {
    title: 'Receive',
    titleUnnamed: 'A file for you',
    intro: 'Open a link that someone sent you.',
    placeholder: 'Paste a Shoal link',
    open: 'Open',
    notAnnounced: 'Not announced yet',
    found: (found: number, n: number): string => `${found} of ${n} shards found`,
    needed: (k: number): string => (k === 1 ? 'any 1 restores it' : `any ${k} restore it`),
    download: 'Download',
    downloadOf: (name: string): string => `Download: ${name}`,
    again: 'Download again',
    retry: 'Try again',
    cancel: 'Cancel',
    progress: (name: string): string => `${name}: downloaded and verified`,
    of: (done: string, size: string): string => `${done} of ${size}`,
    others: 'Opened before',
    unnamed: 'Unnamed file',
    deleted: 'Deleted',
    expired: 'Not kept any more',
    signedTwice: 'Its owner signed two different contents as this version. Everyone who opens the link gets the same one of the two.',
    part: 'Download a part',
    partFrom: 'From byte',
    partBytes: 'Bytes',
    partDownload: 'Download part',
    partBounds: (size: string): string => `The file has ${size} bytes, counted from 0. Only what the part needs is fetched.`,
    partWrong: 'This part lies outside the file. Choose one inside it.',
  },

  contribute: {
    title: 'Contribute',
    intro: 'Lend a part of this disk. You keep shards of others that you cannot read, and others keep yours.',
    toggle: 'Store shards for others',
    on: 'On',
    off: 'Off',
    capacity: 'Storage to lend',
    capacityUnit: 'GB',
    capacityNumber: 'Storage to lend in GB',
    effect: (stores: string, headroom: string): string => `Others can store up to ${stores} here; ${headroom} stay free as headroom.`,
    use: 'What is lent',
    used: 'Used',
    reserved: 'Reserved',
    headroom: 'Headroom',
    free: 'Free',
    lent: 'Lent',
    shards: 'Shards held',
    bar: (used: string, reserved: string, capacity: string): string => `${used} used and ${reserved} reserved of ${capacity}`,
    below: 'This is below what is held. Nothing is thrown away, and nothing new is accepted. Lend more to take part again.',
    offWithShards: 'Nothing new is accepted. What is held stays until it is no longer needed.',
    full: 'It is full: what others want to store is refused, and they turn to another peer. Lend more to take part again.',
    diskFull: (lent: string): string =>
      `This disk ran out of room. What came last was refused, and the storage lent is now ${lent}. Free some room on the disk, then lend more.`,
    needed: 'Keep this tab open: somebody’s file needs what is held here.',
    keeping: 'How safe it is here',
    persisted: 'Kept by the browser',
    persistedText: 'This browser promised to delete nothing of it by itself.',
    evictable: 'May be evicted',
    evictableText: 'This browser may delete it when the disk runs low, and the files in question would lose these shards.',
    evictableNext: 'Ask it to keep the storage. If it refuses, install Shoal or bookmark it, and ask again.',
    persist: 'Ask to keep it',
    checking: (checked: number, total: number): string => `Verifying what is held: ${checked} of ${counted(total, 'shard', 'shards')}`,
    checked: (total: number): string => `${counted(total, 'shard', 'shards')} verified since the start, none lost`,
    lost: (lost: number, total: number): string =>
      `${lost} of ${counted(total, 'shard', 'shards')} were lost or damaged here. This peer says so to the others, and serves them no more.`,
    verified: 'Verification',
  },

  ...removalStrings,

  ...versionStrings,

  lendingOffer: {
    title: 'Lend some storage, too?',
    text: 'Other peers keep your files. You can keep shards for them in this browser, as much as you choose, and stop at any time.',
    lend: 'Choose how much',
    dismiss: 'No, thanks',
  },

  ...swarmStrings,

  phases: {
    starting: 'Starting the peer',
    elsewhere: 'Shoal runs in another tab',
    elsewhereText:
      'Each profile has one peer. Use it here, which stops what the other tab is sending or downloading, or open another peer.',
    elsewhereLink: 'The link you opened waits for your choice: it works with either.',
    useHere: 'Use it here',
    takingOver: 'Taking over',
    another: 'Open another peer',
    insecure: 'Shoal needs a secure page',
    insecureText: 'Browsers give encryption and storage only to pages that came over https, or from this machine itself.',
    insecureNext: 'Open this page by https, or as http://localhost on the machine that serves it.',
    failed: 'The peer could not start',
    failedUnknown: 'No reason was given.',
    retry: 'Try again',
    broken: 'Something broke in the page',
    brokenText: 'Your files are not touched by this. Reload the page; if it happens again, copy the diagnostics and report them.',
    reload: 'Reload',
  },

  copy: {
    link: 'Copy link',
    linkOf: (name: string): string => `Copy link to ${name}`,
    id: 'Copy id',
    diagnostics: 'Copy diagnostics',
    done: 'Copied',
    failed: 'Copy it by hand',
  },

  announce: {
    file: (name: string, word: string): string => `${name}: ${word}`,
    signaling: (word: string): string => `Signaling: ${word}`,
    marked: (peer: string): string => `Peer ${peer} is marked`,
  },

  title: {
    keepOpen: 'Keep open',
    of: (word: string, name: string): string => `${word} - ${name}`,
    page: (page: string): string => `${page} - Shoal`,
  },
} as const;
