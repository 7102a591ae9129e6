import { concatBytes } from '../bytes/compare.ts';
import { toUtf8 } from '../bytes/text.ts';
import type { ErrorCode } from '../errors.ts';

/**
 * Every message between a peer and the signaling server (SPEC SGN-*): JSON text over one WebSocket, `t` names the kind.
 *
 * What a peer sends is strict (`client-message.ts`): an unknown key is refused. What the server sends may grow keys, which older peers
 * drop (`server-message.ts`). Ids, keys and signatures are lower-case hex.
 */

/** Where the server listens, on the page's own origin. */
export const signalingPath = '/signaling';

/** The version of this protocol, sent in `join`. */
export const signalingVersion = 1;

/** Bytes of one message from a peer to the server. */
export const clientMessageBytesMax = 32_768;
/** Bytes of one message from the server to a peer; `peers` is the long one. */
export const serverMessageBytesMax = 524_288;
/** Characters of one session description (SDP is ASCII). */
export const sdpCharsMax = 16_384;
/** Characters of one ICE candidate. */
export const candidateCharsMax = 1_024;
/** Peers of one swarm that one server introduces to each other, and so the longest list it sends. */
export const swarmPeersMax = 1_000;
/** Bytes of a challenge. */
export const challengeBytes = 32;
/** How long a socket may stay open without a valid `join`, ms. */
export const joinDeadlineMs = 10_000;
/** The server pings this often, ms; a socket that answers none of two is dead. A page does not see these pings, its browser answers. */
export const pingEveryMs = 20_000;
export const pingsMissedMax = 2;

/** WebSocket close codes beside the standard ones (RFC 6455 §7.4.2: 4000-4999 are ours). */
export const closeCodes = {
  /** A newer socket joined with the same key: do not reconnect by itself. */
  replaced: 4_001,
  /** Repeated offence, or a join that was refused: the error message before it says why. */
  refused: 4_002,
  /** No room: the server, or this address's share of it, is full. Try later. */
  busy: 4_003,
  /** No valid join in time, or nothing said for too long. */
  idle: 4_004,
} as const;

export const peerClasses = ['visitor', 'resident', 'anchor'] as const;
export type PeerClass = (typeof peerClasses)[number];

/** One side's part of a WebRTC negotiation, carried unread. Assignable to and from the port's `SignalData`. */
export type SignalPayload =
  | { readonly type: 'offer' | 'answer'; readonly sdp: string }
  | {
      readonly type: 'candidate';
      readonly candidate: string;
      readonly sdpMid: string | null;
      readonly sdpMLineIndex: number | null;
    };

/** What a peer sends. */
export type ClientMessage =
  | {
      readonly t: 'join';
      readonly v: typeof signalingVersion;
      readonly swarm: string;
      readonly key: string;
      readonly hints: { readonly class: PeerClass };
      readonly signature: string;
    }
  | { readonly t: 'knock'; readonly to: string }
  | { readonly t: 'signal'; readonly to: string; readonly data: SignalPayload }
  /** Answered `alive`: whether the server is still there, which a page cannot see of its socket. */
  | { readonly t: 'alive' }
  | { readonly t: 'leave' };

export type ClientMessageKind = ClientMessage['t'];
export type JoinMessage = Extract<ClientMessage, { t: 'join' }>;

/** The kinds a peer may send; any other `t` is answered `too-new`. */
export const clientMessageKinds: readonly ClientMessageKind[] = ['join', 'knock', 'signal', 'alive', 'leave'];

export interface IntroducedPeer {
  readonly node: string;
  readonly key: string;
  readonly class: PeerClass;
  /** Keyed hash of the network prefix; absent for loopback and private networks. */
  readonly domain?: string | undefined;
  /** Its socket comes from the server's own machine. */
  readonly local?: true | undefined;
}

/** One STUN or TURN server, as RTCPeerConnection takes it. */
export interface IceServer {
  urls: string | string[];
  username?: string | undefined;
  credential?: string | undefined;
}

/** What the server sends. */
export type ServerMessage =
  | { readonly t: 'challenge'; readonly challenge: string }
  /** `you`: the receiver's own NodeId. */
  | { readonly t: 'peers'; readonly you: string; readonly peers: readonly IntroducedPeer[]; readonly ice: readonly IceServer[] }
  | { readonly t: 'joined'; readonly peer: IntroducedPeer }
  | { readonly t: 'left'; readonly node: string }
  | { readonly t: 'knock'; readonly from: string }
  | { readonly t: 'signal'; readonly from: string; readonly data: SignalPayload }
  | { readonly t: 'alive' }
  /** `to`: the peer that the refused `knock` or `signal` named. */
  | { readonly t: 'error'; readonly code: ErrorCode; readonly detail: string; readonly to?: string | undefined };

/** Characters of an error's detail, of an address of an ICE server, of its name and secret, and of an sdpMid. */
export const detailCharsMax = 256;
export const iceTextCharsMax = 512;
export const sdpMidCharsMax = 64;
/** ICE servers of one list, addresses of one server. */
export const iceServersMax = 16;
export const iceUrlsMax = 8;
export const lineIndexMax = 65_535;

/** Bytes of ids and keys, of a signature, and of a domain's hash; in hex twice as many characters. */
export const idBytes = 32;
export const signatureBytes = 64;
export const domainBytes = 8;

/** The scheme of an ICE server's address. */
export const iceScheme = /^(stun|stuns|turn|turns):/;

const joinLabel = 'shoal/join/1';

/** What a joining peer signs with its node key: "shoal/join/1" || 0x00 || challenge (32 bytes) || swarm in UTF-8. */
export function joinSigningBytes(challenge: Uint8Array, swarm: string): Uint8Array {
  return concatBytes(toUtf8(joinLabel), Uint8Array.of(0), challenge, toUtf8(swarm));
}
