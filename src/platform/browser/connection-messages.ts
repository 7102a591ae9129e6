import type { SignalData } from '../../peer/ports.ts';
import type { DtlsIdentity } from '../identity-check.ts';

/** What the worker asks the page for: one RTCPeerConnection. */
export interface ConnectionRequest {
  readonly initiator: boolean;
  /** STUN and TURN servers; always explicit, because simple-peer's default are third parties. */
  readonly iceServers: readonly RTCIceServer[];
}

/**
 * The page's side of the transport, called by the peer worker through comlink. Everything about one connection then travels over the
 * port given for it, in order, as `FromPage` and `FromWorker`: no ids, and the end of one connection cannot be taken for another's.
 */
export interface ConnectionFactory {
  open(request: ConnectionRequest, port: MessagePort): void;
}

/** Page to worker, about one connection. */
export type FromPage =
  /** Channel 100 itself: sent once, first, in the task that created it. */
  | { readonly type: 'channel'; readonly channel: RTCDataChannel }
  /** Instead of it where a channel cannot be transferred: the port its frames are pumped through. */
  | { readonly type: 'pump'; readonly port: MessagePort }
  | { readonly type: 'signal'; readonly data: SignalData }
  | ConnectionIdentity
  /** The other side said on simple-peer's channel that it leaves. */
  | { readonly type: 'bye' }
  /** The connection is destroyed; nothing follows. */
  | { readonly type: 'closed'; readonly reason: string };

/** What DTLS was set up with, told once it is connected. The worker judges it. */
export interface ConnectionIdentity extends DtlsIdentity {
  readonly type: 'identity';
}

/** Worker to page, about one connection. */
export type FromWorker = { readonly type: 'signal'; readonly data: SignalData } | { readonly type: 'close' };
