import { decodeCbor, encodeCbor } from '../bytes/cbor.ts';
import { equalBytes } from '../bytes/compare.ts';
import { bytes, fields, type Infer, isLaterFormat, text, uint } from '../bytes/fields.ts';
import { type ErrorCode, ShoalError } from '../errors.ts';
import { parseSigned, type Signed } from '../object/signed.ts';
import { requestBytesMax, requestSkewMs, swarmTextMax } from './limits.ts';

export const requestLabel = 'shoal/request/1';
const version = 1;

const requestFields = fields({
  version: [1, uint(version, version)],
  /** Kind of the message that it rides in. */
  kind: [2, uint()],
  swarm: [3, text(swarmTextMax)],
  /** Object key (Pw) of the owner who asks. */
  from: [4, bytes(32)],
  /** NodeId of the peer that is asked, raw. */
  audience: [5, bytes(32)],
  sessionId: [6, bytes(32)],
  /** Rises within one session and object key. */
  sequence: [7, uint(1)],
  /** ms. */
  ts: [8, uint()],
  /** H of the canonical CBOR of the message body without this request (its key 1). */
  bodyHash: [9, bytes(32)],
});

/** A request in an owner's name, good for one peer, one session, one message (SPEC REQ-1). */
export type OwnerRequest = Omit<Infer<typeof requestFields>, 'version'>;

/** Canonical CBOR of the body: what is signed, under `requestLabel`. */
export function encodeRequestBody(request: OwnerRequest): Uint8Array {
  return encodeCbor(requestFields.write({ version, ...request })!);
}

/** Reads a signed request; the signature is not checked. Throws `bad-input`, or `too-new` for an unknown version. */
export function parseRequest(signed: Uint8Array): Signed & { readonly request: OwnerRequest } {
  if (signed.length > requestBytesMax) throw new ShoalError('bad-input', `A signed request has at most ${requestBytesMax} bytes.`);
  const { body, signature } = parseSigned(signed);
  const value = decodeCbor(body);
  if (isLaterFormat(value, version)) throw new ShoalError('too-new', 'The request is of a newer version of Shoal.');
  const { version: _, ...request } = requestFields.read(value, 'request');
  return { request, body, signature };
}

/** What the one who is asked knows by itself. */
export interface RequestContext {
  readonly nowMs: number;
  /** Kind of the message that carried the request. */
  readonly kind: number;
  readonly swarm: string;
  /** Own NodeId, raw. */
  readonly audience: Uint8Array;
  readonly sessionId: Uint8Array;
  /** Highest sequence accepted from this object key in this session; 0 before the first. */
  readonly lastSequence: number;
  /** H of the body that came with it, without the request. */
  readonly bodyHash: Uint8Array;
}

export type Acceptance = 'ok' | { readonly code: ErrorCode; readonly reason: string };

/** Whether a request, whose signature holds, may be acted on here and now (SPEC REQ-2). */
export function acceptRequest(request: OwnerRequest, context: RequestContext): Acceptance {
  const auth = (reason: string): Acceptance => ({ code: 'auth', reason });
  if (request.swarm !== context.swarm) return auth('The request is for another swarm.');
  if (!equalBytes(request.audience, context.audience)) return auth('The request is for another peer.');
  if (!equalBytes(request.sessionId, context.sessionId)) return auth('The request is for another session.');
  if (request.kind !== context.kind) return auth('The request is of another kind.');
  if (!equalBytes(request.bodyHash, context.bodyHash)) return auth('The request is for another message.');
  if (request.sequence <= context.lastSequence) return auth('The request was used before.');
  if (Math.abs(context.nowMs - request.ts) > requestSkewMs)
    return { code: 'stale', reason: 'The clocks of the two peers differ by more than 5 minutes.' };
  return 'ok';
}
