import type { Excerpt } from '../core/object/excerpt.ts';

/**
 * Everything a peer reaches outside itself. `src/peer` uses no global for time, randomness, network, storage or cryptography,
 * so the same code runs in a tab, in Node and in the simulator. Each port is the subset that is really used.
 *
 * Ids (NodeId, record key, contentRoot) are lower-case hex text in memory and raw bytes in formats and messages.
 */

/** Wall clock in ms since 1970 and timers. Replaceable by a virtual clock. */
export interface Clock {
  now(): number;
  /** Calls `run` once after `ms`; the returned function cancels it. */
  timer(ms: number, run: () => void): () => void;
}

/** Cryptographic randomness; seeded in the simulator. */
export interface Random {
  bytes(length: number): Uint8Array;
}

/** Bulk cryptography: WebCrypto where there is one, noble in the simulator. */
export interface Crypto {
  sha256(bytes: Uint8Array): Promise<Uint8Array>;
  /** AES-256-GCM with a raw 32-byte key, 12-byte nonces, 16-byte tags, empty additional data. */
  aesGcm(key: Uint8Array): Promise<Aead>;
  /** Ed25519 key pair of a 32-byte seed. */
  signer(seed: Uint8Array): Promise<Signer>;
  /** Shoal's one signature rule (SPEC SIG-*): the same verdict on every engine. Never throws. */
  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean>;
}

/** A nonce is the caller's again as soon as the call returns its promise. */
export interface Aead {
  /** Ciphertext and tag, 16 bytes more than the plaintext: written to `target`, which is as long, where one is given. */
  seal(nonce: Uint8Array, plaintext: Uint8Array, target?: Uint8Array): Promise<Uint8Array>;
  /** The plaintext, or undefined when the tag does not match. */
  open(nonce: Uint8Array, ciphertext: Uint8Array): Promise<Uint8Array | undefined>;
}

export interface Signer {
  readonly publicKey: Uint8Array;
  sign(message: Uint8Array): Promise<Uint8Array>;
}

/** What this device is: made at first start, kept by the platform (non-extractable in a tab). */
export interface Identity {
  /** The node key; NodeId = H(public key). */
  readonly node: Signer;
  /** Encrypts the list of own files at rest under a key of this profile. */
  readonly vault: Aead;
}

// --- Network -------------------------------------------------------------------------------------------------------------------

/** What one side of a WebRTC negotiation tells the other, carried by signaling, opaque to it. */
export type SignalData =
  | { readonly type: 'offer' | 'answer'; readonly sdp: string }
  | { readonly type: 'candidate'; readonly candidate: string; readonly sdpMid: string | null; readonly sdpMLineIndex: number | null };

/** The server's view of one peer. */
export interface Introduction {
  readonly node: string;
  /** Failure-domain hint: a keyed hash of the network prefix; absent for loopback and private networks. */
  readonly domain?: string | undefined;
  /** It comes from the server's own machine, as far as the server can see. */
  readonly local?: true | undefined;
}

export interface SignalingEvents {
  /** `retryMs`: where it was lost, when it is tried again, ms by the clock. */
  state(state: 'connecting' | 'joined' | 'lost', retryMs?: number): void;
  /** The whole list of other peers, after each (re)join. */
  peers(peers: readonly Introduction[]): void;
  joined(peer: Introduction): void;
  left(node: string): void;
  /** `from` asks us to dial it: it has the higher NodeId. */
  knock(from: string): void;
  signal(from: string, data: SignalData): void;
}

/** Introduces peers and carries their negotiation; rejoins by itself with backoff. Learns nothing else. */
export interface Signaling {
  start(events: SignalingEvents): void;
  knock(to: string): void;
  signal(to: string, data: SignalData): void;
  stop(): void;
}

/** Opens raw links. A tab does it by RTCPeerConnections on its page, Node by its own connector, tests in memory. */
export interface Dialer {
  /** Starts one negotiation with `node`; nothing is sent but through `events.signal`. */
  dial(node: string, initiator: boolean, events: DialEvents): Dialing;
}

export interface DialEvents {
  signal(data: SignalData): void;
  /** The channel has opened. Called at most once. */
  link(link: Link): void;
  /** The negotiation ended without a link. Called at most once, never after `link`. */
  failed(reason: string): void;
}

export interface Dialing {
  signal(data: SignalData): void;
  /** Gives up; a link already handed out is closed too. */
  close(): void;
}

/** One open, ordered, reliable channel of frames to one peer; not authenticated yet. */
export interface Link {
  /** DTLS certificate fingerprints (sha-256, upper-case hex with colons), own and the remote one really used. */
  readonly fingerprints: Promise<{ readonly local: string; readonly remote: string }>;
  /** Bytes handed to `send` that have not left yet. */
  readonly bufferedAmount: number;
  /** Sets who is told; frames that came before wait. Call once. */
  listen(events: LinkEvents): void;
  /** Queues one frame of at most 65,536 bytes, copied: the caller may use them again. Silently nothing when closed. */
  send(frame: Uint8Array): void;
  close(): void;
}

export interface LinkEvents {
  frame(frame: Uint8Array): void;
  /** `bufferedAmount` fell to 32 KiB or less. May be missing on some stacks: never rely on it alone. */
  drained(): void;
  /** The link is gone, by either side. Called once; `bye` when the other side said that it leaves. */
  closed(bye: boolean): void;
}

// --- Storage -------------------------------------------------------------------------------------------------------------------

/** A shard's name: its place, never its root (equal roots are normal). */
export interface Place {
  readonly contentRoot: string;
  readonly segment: number;
  readonly shard: number;
}

export interface ShardMeta extends Place {
  /** Bytes of the shard. */
  readonly length: number;
  /** Merkle root, 32 bytes. */
  readonly root: Uint8Array;
  /** H of each leaf, 32 bytes each, joined. */
  readonly digests: Uint8Array;
  /** Public key of the object (Pw), 32 bytes. */
  readonly owner: Uint8Array;
  /** End of the lease, ms. */
  readonly lease: number;
}

/** Bytes: stores are admitted while used + reserved ≤ capacity - headroom. */
export interface Usage {
  readonly capacity: number;
  readonly headroom: number;
  readonly used: number;
  readonly reserved: number;
  /** The disk had less room than was lent: what was used became the capacity, until that is set again. */
  readonly diskFull: boolean;
}

/** Shards at rest. Bytes and metadata change in one durable transaction; what is not committed counts as reserved and is swept at start. */
export interface ShardStore {
  /** Opens and sweeps what was staged by an earlier run. */
  start(): Promise<void>;
  usage(): Usage;
  /** Sets how much may be lent, in bytes; below `used` only stops further stores. */
  setCapacity(capacity: number): Promise<void>;
  /** Reserves `length` bytes and starts a shard. Throws `full`, or `busy` when the place is already being staged. */
  stage(place: Place, length: number): Promise<StagedShard>;
  meta(place: Place): Promise<ShardMeta | undefined>;
  /** `length` bytes of a committed shard from `offset`; undefined when it is not held in full. */
  read(place: Place, offset: number, length: number): Promise<Uint8Array | undefined>;
  /** The place of every committed shard. */
  list(): Promise<readonly Place[]>;
  /** Removes a shard and frees its bytes; nothing when absent. */
  delete(place: Place): Promise<void>;
}

export interface StagedShard {
  /** Writes the next block (262,144 bytes but for the last ones of the shard). Resolves when it is durable: not changed before then. */
  write(block: Uint8Array): Promise<void>;
  /** Makes the shard visible, in one transaction with its metadata. Resolves when durable. */
  commit(meta: ShardMeta): Promise<void>;
  /** Gives the bytes and the reservation back. */
  discard(): Promise<void>;
}

/**
 * Kinds of small values a peer keeps: records it keeps for others, own files (encrypted), settings, peers' scores, whose each object
 * version held is, and which version of an object was read last.
 */
export type MetaKind = 'record' | 'own' | 'setting' | 'score' | 'held' | 'seen' | 'tombstone';

/** Small durable values by kind and key. */
export interface MetaStore {
  get(kind: MetaKind, key: string): Promise<Uint8Array | undefined>;
  put(kind: MetaKind, key: string, value: Uint8Array): Promise<void>;
  delete(kind: MetaKind, key: string): Promise<void>;
  /** The keys of one kind, ascending. */
  keys(kind: MetaKind): Promise<readonly string[]>;
  list(kind: MetaKind): Promise<readonly { readonly key: string; readonly value: Uint8Array }[]>;
}

// --- Codec ---------------------------------------------------------------------------------------------------------------------

/** The file to seal: in a tab a `File`, handed on unread to the codec worker, which alone reads it. */
export interface FileHandle {
  readonly size: number;
}

export interface SealJob {
  readonly file: FileHandle;
  readonly name: string;
  readonly media: string;
  /** ms, 0 if unknown. */
  readonly mtime: number;
  /** Object public key Pw (32), read key rk (32), salt (24). */
  readonly objectKey: Uint8Array;
  readonly readKey: Uint8Array;
  readonly salt: Uint8Array;
  readonly version: number;
  readonly k: number;
  readonly m: number;
}

export interface Commitment {
  readonly ciphertextLength: number;
  /** Shard roots, 32 bytes each, segment by segment, data shards first. */
  readonly roots: Uint8Array;
}

export interface OpenJob {
  /** Signed descriptor (already verified) and the read key. */
  readonly descriptor: Uint8Array;
  readonly readKey: Uint8Array;
}

/** Leaves of one shard with their multi-leaf proof. */
export interface LeafRange {
  readonly segment: number;
  readonly shard: number;
  /** Index of the first leaf. */
  readonly first: number;
  readonly bytes: Uint8Array;
  /** Joined 32-byte roots of the largest subtrees without a wanted leaf, left to right. */
  readonly proof: Uint8Array;
}

export interface PlainHeader {
  readonly name: string;
  readonly media: string;
  readonly size: number;
  readonly mtime: number;
}

/** Sealing and opening, off the peer's thread: codec workers in a tab, in-process elsewhere. */
export interface Codec {
  seal(job: SealJob): Promise<Sealer>;
  open(job: OpenJob): Promise<Opener>;
}

/** Seals one file twice. Stateless between stripes, so any stripe can be sealed again at any time. */
export interface Sealer {
  /** First pass. `progress` gets file bytes done. Throws `cancelled` after `close`. */
  commit(progress: (bytes: number) => void): Promise<Commitment>;
  /**
   * Second pass: the blocks of the wanted shards in one stripe (counted over the whole object), in the order asked for. `spare` are blocks
   * given before that are done with: they are the sealer's again, and the next blocks are written into them.
   * Throws `integrity` when a leaf differs from the first pass: the file changed and nothing of it may leave.
   */
  stripe(stripe: number, shards: readonly number[], spare?: readonly Uint8Array[]): Promise<Uint8Array[]>;
  close(): void;
}

/** Verifies, decodes and decrypts excerpts of one object, one at a time: first its head, which has the header, then what was begun last. */
export interface Opener {
  /** Turns to an excerpt once the head was opened; leaves that were added for another are forgotten. */
  begin(excerpt: Excerpt): Promise<void>;
  /** Checks leaves against the signed root and keeps those that the excerpt needs. False: whoever sent them sent wrong bytes. */
  add(leaves: LeafRange): Promise<boolean>;
  /**
   * Decodes and decrypts the excerpt's next stripe, for which the wanted leaves were added or those of any k shards; gives the file bytes
   * that it completes, in the memory of `spare`, an answer that is done with, where they fit. Throws `integrity`, `not-enough-shards`.
   */
  next(spare?: Uint8Array): Promise<Uint8Array>;
  /** The header, once the first chunk was opened. */
  header(): Promise<PlainHeader>;
  close(): void;
}

// --- The rest ------------------------------------------------------------------------------------------------------------------

/** Where verified plaintext goes: a service-worker stream, a Blob, a file. */
export interface Sink {
  /** So many bytes will come. Called once, before anything else; throws `too-large` when the sink cannot take them. */
  begin(length: number): Promise<void>;
  /** Resolves when more may come, and `bytes`, unless moved, are the caller's again. Throws `cancelled` when the receiving side gave up. */
  write(bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
  /** The download failed: whatever was handed over must not look finished. */
  abort(reason: string): Promise<void>;
}

/** Told by links what they carry and what is asked over them, by the numbers of core/wire/kinds.ts; peer/metered.ts makes figures of it. */
export interface LinkMeter {
  /** A frame of `bytes`; `kind`: of the request that has this stream now. */
  carried(direction: 'sent' | 'received', stream: number, kind: number | undefined, bytes: number): void;
  /** A request has begun; `served` ends when its answer is made. */
  request(kind: number, side: 'asked' | 'served', ended: Promise<unknown>): void;
}

/** Structured log without secrets, names or addresses. */
export type Log = (level: 'debug' | 'info' | 'warn' | 'error', event: string, fields?: Readonly<Record<string, string | number>>) => void;
