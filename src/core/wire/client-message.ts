import * as z from 'zod/mini';
import {
  candidateCharsMax,
  type ClientMessage,
  type IceServer,
  iceScheme,
  iceTextCharsMax,
  iceUrlsMax,
  idBytes,
  lineIndexMax,
  peerClasses,
  sdpCharsMax,
  sdpMidCharsMax,
  signalingVersion,
  signatureBytes,
} from './signaling.ts';

// Only the server reads these. A peer reads the few kinds of the server without zod, which would be a seventh of its worker.

const hex = (bytes: number) => z.string().check(z.regex(new RegExp(`^[0-9a-f]{${bytes * 2}}$`)));

const nodeId = hex(idBytes);
const publicKey = hex(idBytes);
const swarm = z.string().check(z.regex(/^[A-Za-z0-9._-]{1,64}$/));

const signalData = z.discriminatedUnion('type', [
  z.strictObject({ type: z.enum(['offer', 'answer']), sdp: z.string().check(z.minLength(1), z.maxLength(sdpCharsMax)) }),
  z.strictObject({
    type: z.literal('candidate'),
    candidate: z.string().check(z.maxLength(candidateCharsMax)),
    sdpMid: z.nullable(z.string().check(z.maxLength(sdpMidCharsMax))),
    sdpMLineIndex: z.nullable(z.int().check(z.minimum(0), z.maximum(lineIndexMax))),
  }),
]);

/** What a peer sends (SPEC SGN-2). */
export const clientMessage: z.ZodMiniType<ClientMessage> = z.discriminatedUnion('t', [
  z.strictObject({
    t: z.literal('join'),
    v: z.literal(signalingVersion),
    swarm,
    key: publicKey,
    hints: z.strictObject({ class: z.enum(peerClasses) }),
    signature: hex(signatureBytes),
  }),
  z.strictObject({ t: z.literal('knock'), to: nodeId }),
  z.strictObject({ t: z.literal('signal'), to: nodeId, data: signalData }),
  z.strictObject({ t: z.literal('alive') }),
  z.strictObject({ t: z.literal('leave') }),
]);

const urlText = z.string().check(z.regex(iceScheme), z.maxLength(iceTextCharsMax));

/** One STUN or TURN server, as an operator sets it. */
export const iceServer: z.ZodMiniType<IceServer> = z.object({
  urls: z.union([urlText, z.array(urlText).check(z.minLength(1), z.maxLength(iceUrlsMax))]),
  username: z.optional(z.string().check(z.maxLength(iceTextCharsMax))),
  credential: z.optional(z.string().check(z.maxLength(iceTextCharsMax))),
});
