import { type CborMap, encodeCbor } from '../core/bytes/cbor.ts';
import { equalBytes } from '../core/bytes/compare.ts';
import { fromHex, toHex } from '../core/bytes/text.ts';
import { ShoalError } from '../core/errors.ts';
import { encodeSigned, signingBytes } from '../core/object/signed.ts';
import { acceptRequest, encodeRequestBody, parseRequest, requestLabel } from '../core/wire/envelope.ts';
import type { Call, Incoming, Session } from './links/exchange.ts';
import type { Clock, Crypto, Signer } from './ports.ts';

/** Key of the signed request in the body of every message that acts in an owner's name; the rest of the body is what it covers. */
const requestKey = 1;

/** Signs and accepts requests that act on an object in its owner's name (SPEC REQ-*): the link alone does not give that right. */
export interface Authority {
  /** Makes a request signed by the owner, for the peer at the other end of `session` and for no other. */
  call(session: Session, owner: Signer, kind: number, body: CborMap, options: { readonly deadlineMs: number }): Promise<Call>;
  /** Throws the typed refusal unless the owner of `objectKey` signed exactly this request, for us, on this link, just now. */
  require(incoming: Incoming, objectKey: Uint8Array): Promise<void>;
}

export function createAuthority(options: {
  readonly clock: Clock;
  readonly crypto: Crypto;
  readonly self: string;
  readonly swarm: string;
}): Authority {
  const { clock, crypto, self, swarm } = options;
  const sent = new WeakMap<Session, number>();
  /** Highest sequence accepted, per session and object key; gone with the session. */
  const accepted = new WeakMap<Session, Map<string, number>>();
  /** Sequences must rise on the wire and where they are checked, and signing and verifying take time: one after another per session. */
  const signing = inTurn();
  const checking = inTurn();

  const signed = async (session: Session, owner: Signer, kind: number, body: CborMap): Promise<CborMap> => {
    const sequence = (sent.get(session) ?? 0) + 1;
    sent.set(session, sequence);
    const signedBody = encodeRequestBody({
      kind,
      swarm,
      from: owner.publicKey,
      audience: fromHex(session.node),
      sessionId: session.id,
      sequence,
      ts: clock.now(),
      bodyHash: await crypto.sha256(encodeCbor(body)),
    });
    const signature = await owner.sign(signingBytes(requestLabel, signedBody));
    return new Map([...body, [requestKey, encodeSigned(signedBody, signature)]]);
  };

  const check = async ({ session, kind, body }: Incoming, objectKey: Uint8Array): Promise<void> => {
    const given = body.get(requestKey);
    if (!(given instanceof Uint8Array)) throw new ShoalError('auth', 'the request is not signed');
    const { request, body: signedBody, signature } = parseRequest(given);
    if (!equalBytes(request.from, objectKey)) throw new ShoalError('auth', 'the request is not from the owner of this object');
    if (!(await crypto.verify(objectKey, signingBytes(requestLabel, signedBody), signature)))
      throw new ShoalError('auth', 'the signature of this request is not the owner’s');
    const covered = new Map(body);
    covered.delete(requestKey);
    const sequences = accepted.get(session) ?? new Map<string, number>();
    accepted.set(session, sequences);
    const owner = toHex(objectKey);
    const decision = acceptRequest(request, {
      nowMs: clock.now(),
      kind,
      swarm,
      audience: fromHex(self),
      sessionId: session.id,
      lastSequence: sequences.get(owner) ?? 0,
      bodyHash: await crypto.sha256(encodeCbor(covered)),
    });
    if (decision !== 'ok') throw new ShoalError(decision.code, decision.reason);
    sequences.set(owner, request.sequence);
  };

  return {
    call: (session, owner, kind, body, limits) =>
      signing(session, async () => session.call(kind, await signed(session, owner, kind, body), limits)),
    require: (incoming, objectKey) => checking(incoming.session, () => check(incoming, objectKey)),
  };
}

/** Runs what it is given one after another per session. */
function inTurn(): <T>(session: Session, run: () => Promise<T>) => Promise<T> {
  const last = new WeakMap<Session, Promise<unknown>>();
  return (session, run) => {
    const result = (last.get(session) ?? Promise.resolve()).then(run);
    last.set(
      session,
      result.catch(() => {}),
    );
    return result;
  };
}
