/** What a peer shows of itself: plain data, made anew at most 10 times a second, sent to the page whole. */

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
  readonly contributing: boolean;
  /** Bytes. */
  readonly capacity: number;
  readonly used: number;
  readonly reserved: number;
  /** Shards held for others. */
  readonly shards: number;
}

export interface PeerView {
  readonly node: string;
  readonly state: 'connecting' | 'live' | 'suspect' | 'away';
  /** Bytes the peer lends and uses, as it last said; 0 lent = holds nothing for others. */
  readonly capacity: number;
  readonly used: number;
  readonly sent: number;
  readonly received: number;
  /** Verdicts against this peer, newest last. Not empty = marked. */
  readonly verdicts: readonly string[];
}

export type FileState = 'sealing' | 'waiting' | 'spreading' | 'stored' | 'failed' | 'cancelled';
export type Health = 'Safe' | 'Thin' | 'At risk' | 'Waiting' | 'Lost' | 'Spreading' | 'Repairing';

export interface FileView {
  /** First 16 hex digits of the record key. */
  readonly id: string;
  readonly name: string;
  readonly size: number;
  readonly addedMs: number;
  readonly state: FileState;
  /** The R capability; the page makes the link of it. Empty until it is valid. */
  readonly capability: string;
  readonly k: number;
  readonly m: number;
  readonly segments: number;
  /** Of ciphertext with parity: bytes to place, and bytes that holders reported as durable. */
  readonly bytesTotal: number;
  readonly bytesStored: number;
  /** Per segment and shard (segment × n + shard): how many live holders claim it. */
  readonly shards: readonly number[];
  readonly holders: readonly string[];
  readonly health: Health;
  /** How many holders can vanish in the worst case and leave every segment with k shards. -1 when already below. */
  readonly margin: number;
  /** The one line of truth about the file, ready to show. */
  readonly sentence: string;
  readonly error?: string;
}

export type ReceiveState = 'looking' | 'waiting' | 'ready' | 'downloading' | 'done' | 'failed';

export interface ReceiveView {
  readonly id: string;
  readonly state: ReceiveState;
  /** Known once the first stripe was opened. */
  readonly name?: string;
  readonly size?: number;
  readonly media?: string;
  readonly shardsFound: number;
  readonly k: number;
  readonly n: number;
  /** Plaintext bytes verified and handed over. */
  readonly bytesDone: number;
  readonly sentence: string;
  /** Code of core/errors.ts when failed. */
  readonly error?: string;
}

export interface EventView {
  readonly ms: number;
  readonly kind: 'peer' | 'store' | 'upload' | 'download' | 'verdict' | 'signaling' | 'error';
  readonly text: string;
}
