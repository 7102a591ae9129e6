import { equalBytes } from '../bytes/compare.ts';
import { bytes, formatted, type Infer, text, uint } from '../bytes/fields.ts';
import type { ErrorCode } from '../errors.ts';
import { encodeBody, parseStatement, type Signed, type Statement } from '../object/signed.ts';
import { requestBytesMax, requestSkewMs, swarmTextMax } from './limits.ts';

export const requestLabel = 'shoal/request/1';

const requestFields = formatted({
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
export type OwnerRequest = Infer<typeof requestFields>;

const statement: Statement<OwnerRequest> = { name: 'request', body: requestFields, bytesMax: requestBytesMax };

/** Canonical CBOR of the body: what is signed, under `requestLabel`. */
export const encodeRequestBody = (request: OwnerRequest): Uint8Array => encodeBody(statement, request);

/** Reads a signed request; the signature is not checked. Throws `bad-input`, or `too-new` for an unknown version. */
export function parseRequest(signed: Uint8Array): Signed & { readonly request: OwnerRequest } {
  const { stated: request, body, signature } = parseStatement(statement, signed);
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
