import type { EventView, FileState, Health, PeerView, ReceiveState, SelfView } from '../app/state.ts';

/** A count with its noun. */
function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

const fileStates: Record<FileState, string> = {
  sealing: 'Sealing',
  waiting: 'Waiting',
  spreading: 'Spreading',
  stored: 'Stored',
  failed: 'Failed',
  cancelled: 'Cancelled',
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
  download: 'Download',
  verdict: 'Verdict',
  signaling: 'Signaling',
};

/** Every text a person can see, but for figures (`format.ts`), errors (`error-words.ts`) and the sentences that the peer computes. */
export const strings = {
  app: 'Shoal',
  skip: 'Skip to content',
  nav: { label: 'Pages', drop: 'Drop', files: 'Files', receive: 'Receive', contribute: 'Contribute', swarm: 'Swarm' },
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
    lending: (live: number, lending: number): string =>
      `${counted(live, 'peer', 'peers')} online, ${lending} of them ${lending === 1 ? 'lends' : 'lend'} storage`,
    lostLong: 'Signaling lost. Transfers go on; it reconnects by itself.',
    first: 'You are the first peer.',
    another: 'Open another peer here',
  },

  drop: {
    title: 'Drop a file. It leaves encrypted.',
    target: 'Drop files anywhere on this page',
    targetHint: 'or click to choose, or paste',
    over: 'Let go to encrypt and send',
    recent: 'Last files',
    all: 'All files',
    folders: 'Folders cannot be sent yet. Drop the files in them.',
    held: (count: number): string => `${counted(count, 'file waits', 'files wait')} until Shoal has started.`,
    afterwards: 'Other peers keep it, in shards that none of them can read. The link opens it after this tab is closed.',
  },

  files: {
    title: 'Files',
    empty: 'No files yet. What you drop appears here.',
    dropOne: 'Drop a file',
    list: 'Your files',
    added: (ago: string): string => `added ${ago}`,
    stored: (stored: string, total: string): string => `${stored} of ${total} stored`,
    progress: (name: string): string => `${name}: stored by other peers`,
    cancel: 'Cancel',
    cancelOf: (name: string): string => `Cancel ${name}`,
    retry: 'Try again',
    retryOf: (name: string): string => `Try again: ${name}`,
    remove: 'Remove',
    removeOf: (name: string): string => `Remove ${name} from this list`,
  },

  file: {
    back: 'All files',
    unknown: 'No such file',
    unknownHint: 'This peer has no file with this id. It may belong to another profile.',
    shards: 'Shards',
    code: (k: number, m: number): string => `${k} data and ${m} parity shards per segment; any ${k} restore it`,
    segments: (count: number): string => counted(count, 'segment', 'segments'),
    segment: (index: number): string => `Segment ${index + 1}`,
    moreSegments: (count: number): string => `and ${counted(count, 'more segment', 'more segments')}`,
    holders: 'Holders',
    noHolders: 'No peer holds a shard of it yet.',
    link: 'Link',
    linkOf: (name: string): string => `Link to ${name}`,
    linkHint: 'Whoever has this link can read the file.',
    noLink: 'The link appears as soon as it is valid.',
    neverLink: 'It was not sent, so there is no link.',
    size: 'Size',
    added: 'Added',
    margin: 'Margin',
    marginOf: (margin: number): string =>
      margin < 0 ? 'Below what is needed to restore it' : `${counted(margin, 'holder', 'holders')} can vanish`,
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
    linkLabel: 'Link',
    placeholder: 'Paste a Shoal link',
    open: 'Open',
    found: (found: number, n: number): string => `${found} of ${n} shards found`,
    needed: (k: number): string => `any ${k} restore it`,
    download: 'Download',
    downloadOf: (name: string): string => `Download: ${name}`,
    again: 'Download again',
    retry: 'Try again',
    cancel: 'Cancel',
    progress: (name: string): string => `${name}: downloaded and verified`,
    of: (done: string, size: string): string => `${done} of ${size}`,
    others: 'Opened before',
    verified: 'Every byte was verified.',
    unnamed: 'Unnamed file',
  },

  contribute: {
    title: 'Contribute',
    intro: 'Lend a part of this disk. Others’ shards are stored here encrypted; you cannot read them, and they can never read yours.',
    toggle: 'Store shards for others',
    on: 'On',
    off: 'Off',
    capacity: 'Storage to lend',
    capacityUnit: 'GB',
    capacityNumber: 'Storage to lend in GB',
    use: 'What is lent',
    used: 'Used',
    reserved: 'Reserved',
    free: 'Free',
    lent: 'Lent',
    shards: 'Shards held',
    bar: (used: string, reserved: string, capacity: string): string => `${used} used and ${reserved} reserved of ${capacity}`,
    below: 'More is held than you lend now: nothing is thrown away, but nothing new is accepted.',
    offWithShards: 'Nothing new is accepted. What is held stays until it is no longer needed.',
  },

  swarm: {
    title: 'Swarm',
    self: 'This peer',
    id: 'Id',
    signaling: 'Signaling',
    profile: 'Profile',
    unnamedProfile: 'unnamed',
    peers: 'Peers',
    peersCaption: 'Peers this one knows, live ones first',
    columns: { peer: 'Peer', state: 'State', lends: 'Lends', uses: 'In use', sent: 'Sent', received: 'Received' },
    lendsNothing: 'nothing',
    marked: (reasons: string): string => `marked: ${reasons}`,
    nobody: 'No other peer is known yet.',
    events: 'Events',
    noEvents: 'Nothing has happened yet.',
    diagnostics: 'Diagnostics',
    diagnosticsHint: 'What this peer knows about its own state, without keys, links or file names.',
  },

  phases: {
    starting: 'Starting the peer',
    elsewhere: 'Shoal runs in another tab',
    elsewhereText: 'Each profile has one peer. Use it here, or open another peer.',
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
    of: (word: string, name: string): string => `${word} - ${name}`,
    page: (page: string): string => `${page} - Shoal`,
  },
} as const;
