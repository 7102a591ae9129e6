import type { CborMap } from '../../core/bytes/cbor.ts';
import type { ErrorCode, Verdict } from '../../core/errors.ts';
import type { Introduction } from '../ports.ts';

/** Body of a control message: a CBOR map, read and written by the formats of core/wire/kinds.ts. */
export type Body = CborMap;

/**
 * One end of a request. Bulk bytes flow on its stream, each way, under the receiver's credit.
 * Every method throws ShoalError: `cancelled` after the exchange has ended, `timeout` past the deadline, `not-found` when the link is lost.
 */
export interface Exchange {
  /**
   * Sends bytes on the stream. Resolves when the last of them went to the link: awaiting it is the sender's backpressure.
   * The bytes may not change before that.
   */
  send(bytes: Uint8Array): Promise<void>;
  /** No more bytes will come from this end. */
  end(): void;
  /** The next bytes from the other end, undefined after the last. The first call asks the other end to begin; each one frees credit. */
  receive(): Promise<Uint8Array | undefined>;
}

/** A request that we made. */
export interface Call extends Exchange {
  /**
   * The body of the `ok` answer; rejects with the typed error of the other side, `timeout`, `cancelled` or `not-found`.
   * Bytes that came before it can still be received. A rejection that nobody awaits is not an unhandled one.
   */
  readonly result: Promise<Body>;
  /** Sets who is told of progress messages. */
  onProgress(handler: (body: Body) => void): void;
  /** Gives up: tells the other side, rejects everything pending with `cancelled`, drops bytes not received. */
  cancel(): void;
}

/** A request that the other side made. It lasts until its handler settles. */
export interface Incoming extends Exchange {
  readonly kind: number;
  readonly body: Body;
  readonly session: Session;
  progress(body: Body): void;
  /** Resolves when the other side gave up or the link was lost; stays pending otherwise. */
  readonly cancelled: Promise<void>;
}

/**
 * Answers one request with the body of its `ok`. A thrown ShoalError becomes the typed error answer; any other throw is answered `internal`.
 * The answer follows all bytes sent; a stream that was not ended is ended with it.
 */
export type Handler = (incoming: Incoming) => Promise<Body>;

/** One authenticated link to one peer. */
export interface Session {
  /** NodeId of the other side, lower-case hex. */
  readonly node: string;
  readonly publicKey: Uint8Array;
  /** Session id, 32 bytes: signed requests are bound to it. */
  readonly id: Uint8Array;
  /** Whether our NodeId is the lower one. */
  readonly initiator: boolean;
  /** Makes a request. Throws nothing: a call that cannot start (`busy`, link lost) rejects its result. */
  call(kind: number, body: Body, options: { readonly deadlineMs: number }): Call;
  /** Sends a message that has no answer, made by `noticeOf`; nothing when the link is lost. */
  notify(notice: readonly Uint8Array[]): void;
  close(reason: string): void;
  /** Bytes of frames since the link opened. */
  readonly stats: { readonly sent: number; readonly received: number };
}

/** How a session ended: the other side said that it leaves (`bye`), one of the two needed the room (`spared`), or the link broke or was closed. */
export type SessionEnd = 'bye' | 'spared' | 'lost';

export interface LinksEvents {
  opened(session: Session): void;
  closed(node: string, end: SessionEnd): void;
  /** Every peer that signaling knows of, after each change. */
  peers(peers: readonly Introduction[]): void;
  /** `retryMs`: where signaling was lost, when it is tried again. */
  signaling(state: 'connecting' | 'joined' | 'lost', retryMs?: number): void;
  /** A link came up and was not accepted. */
  refused(node: string | undefined, code: ErrorCode, reason: string): void;
  /** A peer broke the protocol; its session was closed. */
  verdict(verdict: Verdict): void;
}

/** The sessions of this peer: opened, kept and renewed by themselves from `start` to `stop`. */
export interface Links {
  /** Our own NodeId. */
  readonly self: string;
  start(): void;
  /** Says `bye` on every link and closes it. */
  stop(): Promise<void>;
  sessions(): readonly Session[];
  session(node: string): Session | undefined;
  /** The session with `node`, opened if need be. Throws `not-found` (unknown peer), `busy` (too many links), `timeout`. */
  connect(node: string): Promise<Session>;
  /** Sets who answers requests of `kind`; unknown kinds are answered `too-new`. */
  handle(kind: number, handler: Handler): void;
  onNotify(kind: number, handler: (session: Session, body: Body) => void): void;
}
