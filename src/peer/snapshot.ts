/** What a peer shows of itself: plain data, made anew at most 10 times a second, 4 while only figures move (SPEC SNAP-1). */

export interface Snapshot {
  readonly self: SelfView;
  readonly peers: readonly PeerView[];
  /** Own files, newest first. */
  readonly files: readonly FileView[];
  /** Links opened here, newest first. */
  readonly receives: readonly ReceiveView[];
  /** Newest last; the last 200. */
  readonly events: readonly EventView[];
}

export interface SelfView {
  readonly node: string;
  readonly signaling: 'connecting' | 'joined' | 'lost';
  /** When signaling was lost: the time at which it is tried again, ms. */
  readonly signalingRetryMs?: number;
  readonly contributing: boolean;
  /** Bytes. */
  readonly capacity: number;
  readonly used: number;
  readonly reserved: number;
  /** Bytes of the capacity that stores leave free, for repair. */
  readonly headroom: number;
  /** The disk had less room than was lent: the capacity is what was used then, until it is set again. */
  readonly diskFull: boolean;
  /** The platform promised to keep what is stored. */
  readonly persisted: boolean;
  /** Background verification of the shards held, begun at start: how many of them were checked, and how many were lost. */
  readonly check: CheckView;
  /** Shards held for others. */
  readonly shards: number;
  /** Somebody's object would be At risk or worse without the shards held here, as far as is known. */
  readonly needed: boolean;
}

export interface CheckView {
  readonly total: number;
  readonly checked: number;
  readonly lost: number;
}

export interface PeerView {
  readonly node: string;
  /** There is a link to it; without one it is known by what others passed on. */
  readonly linked: boolean;
  /** Failure domain, where its operator or signaling could tell. */
  readonly domain?: string;
  readonly region?: string;
  /** Signaling saw it come from the server's own machine. */
  readonly local?: true;
  readonly state: 'connecting' | 'live' | 'suspect' | 'away';
  /** Bytes the peer lends and uses, as it last said; 0 lent = holds nothing for others. */
  readonly capacity: number;
  readonly used: number;
  readonly sent: number;
  readonly received: number;
  /** Verdicts against this peer, newest last. Not empty = marked. */
  readonly verdicts: readonly string[];
}

/** `queued`: its turn has not come, or not come again. */
export type FileState = 'queued' | 'sealing' | 'waiting' | 'spreading' | 'stored' | 'failed' | 'cancelled' | 'deleting';
export type Health = 'Safe' | 'Thin' | 'At risk' | 'Waiting' | 'Lost' | 'Spreading' | 'Repairing';

export interface FileView {
  /** First 16 hex digits of the record key. */
  readonly id: string;
  readonly name: string;
  readonly size: number;
  readonly addedMs: number;
  readonly state: FileState;
  /** The R capability, from the drop on; the page makes the link of it. It opens the file once its descriptor is signed. */
  readonly capability: string;
  readonly k: number;
  readonly m: number;
  readonly segments: number;
  /** Of ciphertext with parity: bytes to place, and bytes that holders reported as durable. */
  readonly bytesTotal: number;
  readonly bytesStored: number;
  /** Per segment and shard (segment × n + shard): how many live holders claim it. */
  readonly shards: readonly number[];
  readonly holders: readonly HolderView[];
  /** When its lease ends, ms, as last renewed; 0 while it is not stored. */
  readonly leaseMs: number;
  /** The newest version that was stored, which all figures here are of; 0 while none is known. */
  readonly version: number;
  /** A newer version on its way, or one that came to nothing; all else here is of the stored one meanwhile. */
  readonly replacing?: ReplacingView;
  /** Its owner signed two contents of that version. */
  readonly equivocated: boolean;
  readonly health: Health;
  /** How many holders (failure domains, where known) can vanish in the worst case and leave every segment with k shards. -1 when already below. */
  readonly margin: number;
  /** The one line of truth about the file, ready to show. */
  readonly sentence: string;
  readonly error?: string;
}

/** A version on its way to its holders, or what became of it: of a file `replacing`, where that is there, else the file itself. */
export type UploadView = Pick<FileView, 'state' | 'name' | 'bytesTotal' | 'bytesStored' | 'sentence' | 'error'>;

/** A version on its way to take the place of a stored one. */
export interface ReplacingView {
  /** Above that of the stored one; not always the next, since one that came to nothing may have been begun before. */
  readonly version: number;
  readonly name: string;
  readonly size: number;
  /** `failed` and `cancelled`: it came to nothing, and the file is as it was before. */
  readonly state: Exclude<FileState, 'stored' | 'deleting'>;
  /** Bytes of the file sealed by the first pass. */
  readonly sealed: number;
  /** Bytes that holders reported as durable, of `bytesTotal`, which is 0 until it is known. */
  readonly bytesStored: number;
  readonly bytesTotal: number;
  /** The one line of truth about it, ready to show. */
  readonly sentence: string;
  /** Code of core/errors.ts when it came to nothing. */
  readonly error?: string;
}

/** A peer that claims shards of a file. */
export interface HolderView {
  readonly node: string;
  /** `unknown`: never met here. */
  readonly state: PeerView['state'] | 'unknown';
  /** When it last was heard of here, ms; absent while it is live, and where that is not known. */
  readonly seenMs?: number;
  /** Its shards, as segment × n + shard. */
  readonly shards: readonly number[];
}

export type ReceiveState = 'looking' | 'waiting' | 'ready' | 'downloading' | 'done' | 'failed';

export interface ReceiveView {
  readonly id: string;
  readonly state: ReceiveState;
  /** Known once the first stripe was opened. */
  readonly name?: string;
  readonly size?: number;
  readonly media?: string;
  /** Somebody online has announced the file. */
  readonly announced: boolean;
  /** The version that is read, was read last, or is to be read; 0 while none is known. */
  readonly version: number;
  readonly shardsFound: number;
  readonly k: number;
  readonly n: number;
  /** Plaintext bytes verified and handed over, and how many were asked for: the size, or the length of a part. */
  readonly bytesDone: number;
  readonly bytesWanted: number;
  readonly sentence: string;
  /** Code of core/errors.ts when failed. */
  readonly error?: string;
  /** Its owner deleted it. */
  readonly deleted: boolean;
  /** Its lease is over, and what is left of it does not restore it. */
  readonly expired: boolean;
  /** Its owner signed two contents of the newest version. */
  readonly equivocated: boolean;
}

/** What happened; the page has the words. Names of files are the owner's own, or those of links opened here. */
export type EventDetail =
  | { readonly kind: 'peer'; readonly what: 'linked' | 'left' | 'gone'; readonly node: string }
  | { readonly kind: 'refused'; readonly node?: string; readonly code: string; readonly detail: string }
  | { readonly kind: 'hold'; readonly what: 'stored' | 'lost'; readonly node?: string; readonly segment: number; readonly shard: number }
  /** `id` is the FileView's: several files may have one name. `version` is there from the second one on. */
  | {
      readonly kind: 'upload';
      readonly what: 'stored' | 'failed';
      readonly id: string;
      readonly file: string;
      readonly version?: number;
      readonly code?: string;
    }
  | { readonly kind: 'deleted'; readonly id: string; readonly file: string }
  | { readonly kind: 'download'; readonly what: 'done' | 'failed'; readonly file?: string; readonly code?: string }
  | { readonly kind: 'verdict'; readonly node: string; readonly detail: string }
  | { readonly kind: 'signaling'; readonly state: SelfView['signaling'] };

export type EventView = { readonly ms: number } & EventDetail;
