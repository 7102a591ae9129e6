import * as z from 'zod/mini';
import { concatBytes } from '../bytes/compare.ts';
import { toUtf8 } from '../bytes/text.ts';
import { errorCodes } from '../errors.ts';

/**
 * Every message between a peer and the signaling server (SPEC SGN-*): JSON text over one WebSocket, `t` names the kind.
 *
 * What a peer sends is strict: an unknown key is refused. What the server sends may grow keys, which older peers drop.
 */

// zod would compile schemas with `new Function`, which the page's Content-Security-Policy forbids and reports.
z.config({ jitless: true });

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
/** The server pings this often, ms; a socket that answers none of two is dead. A peer that hears nothing for three reconnects. */
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

const hex = (bytes: number) => z.string().check(z.regex(new RegExp(`^[0-9a-f]{${bytes * 2}}$`)));

const nodeId = hex(32);
const publicKey = hex(32);
const swarm = z.string().check(z.regex(/^[A-Za-z0-9._-]{1,64}$/));
const peerClass = z.enum(['visitor', 'resident', 'anchor']);

/** One side's part of a WebRTC negotiation, carried unread. Assignable to and from the port's `SignalData`. */
export const signalData = z.discriminatedUnion('type', [
  z.strictObject({ type: z.enum(['offer', 'answer']), sdp: z.string().check(z.minLength(1), z.maxLength(sdpCharsMax)) }),
  z.strictObject({
    type: z.literal('candidate'),
    candidate: z.string().check(z.maxLength(candidateCharsMax)),
    sdpMid: z.nullable(z.string().check(z.maxLength(64))),
    sdpMLineIndex: z.nullable(z.int().check(z.minimum(0), z.maximum(65_535))),
  }),
]);

/** What a peer sends. */
export const clientMessage = z.discriminatedUnion('t', [
  z.strictObject({
    t: z.literal('join'),
    v: z.literal(signalingVersion),
    swarm,
    key: publicKey,
    hints: z.strictObject({ class: peerClass }),
    signature: hex(64),
  }),
  z.strictObject({ t: z.literal('knock'), to: nodeId }),
  z.strictObject({ t: z.literal('signal'), to: nodeId, data: signalData }),
  z.strictObject({ t: z.literal('leave') }),
]);

const introduced = z.object({
  node: nodeId,
  key: publicKey,
  class: peerClass,
  /** Keyed hash of the network prefix; absent for loopback and private networks. */
  domain: z.optional(hex(8)),
});

const urlText = z.string().check(z.regex(/^(stun|stuns|turn|turns):/), z.maxLength(512));

/** One STUN or TURN server, as RTCPeerConnection takes it. */
export const iceServer = z.object({
  urls: z.union([urlText, z.array(urlText).check(z.minLength(1), z.maxLength(8))]),
  username: z.optional(z.string().check(z.maxLength(512))),
  credential: z.optional(z.string().check(z.maxLength(512))),
});

/** What the server sends. */
export const serverMessage = z.discriminatedUnion('t', [
  z.object({ t: z.literal('challenge'), challenge: hex(challengeBytes) }),
  z.object({
    t: z.literal('peers'),
    /** The receiver's own NodeId. */
    you: nodeId,
    peers: z.array(introduced).check(z.maxLength(swarmPeersMax)),
    ice: z.array(iceServer).check(z.maxLength(16)),
  }),
  z.object({ t: z.literal('joined'), peer: introduced }),
  z.object({ t: z.literal('left'), node: nodeId }),
  z.object({ t: z.literal('knock'), from: nodeId }),
  z.object({ t: z.literal('signal'), from: nodeId, data: signalData }),
  z.object({
    t: z.literal('error'),
    code: z.enum(errorCodes),
    detail: z.string().check(z.maxLength(256)),
    /** The peer that the refused `knock` or `signal` named. */
    to: z.optional(nodeId),
  }),
]);

export type ClientMessage = z.infer<typeof clientMessage>;
export type ClientMessageKind = ClientMessage['t'];
export type JoinMessage = Extract<ClientMessage, { t: 'join' }>;
export type ServerMessage = z.infer<typeof serverMessage>;
export type SignalPayload = z.infer<typeof signalData>;
export type IntroducedPeer = z.infer<typeof introduced>;
export type IceServer = z.infer<typeof iceServer>;
export type PeerClass = z.infer<typeof peerClass>;

/** The kinds a peer may send; any other `t` is answered `too-new`. */
export const clientMessageKinds: readonly ClientMessageKind[] = ['join', 'knock', 'signal', 'leave'];

const joinLabel = 'shoal/join/1';

/** What a joining peer signs with its node key: "shoal/join/1" || 0x00 || challenge (32 bytes) || swarm in UTF-8. */
export function joinSigningBytes(challenge: Uint8Array, swarm: string): Uint8Array {
  return concatBytes(toUtf8(joinLabel), Uint8Array.of(0), challenge, toUtf8(swarm));
}
