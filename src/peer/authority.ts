import { type CborMap, encodeCbor } from '../core/bytes/cbor.ts';
import { equalBytes } from '../core/bytes/compare.ts';
import { fromHex, toHex } from '../core/bytes/text.ts';
import { ShoalError } from '../core/errors.ts';
import { encodeSigned, signingBytes } from '../core/object/signed.ts';
import { acceptRequest, encodeRequestBody, parseRequest, requestLabel } from '../core/wire/envelope.ts';
import type { Call, Session } from './links/exchange.ts';
import type { Clock, Crypto, Signer } from './ports.ts';

/** Key of the signed request in the body, or item, of every message that acts in an owner's name; the rest is what it covers. */
const requestKey = 1;
/** Key of the items in the body of a message that acts on several objects. */
const itemsKey = 1;

/** Owners whose last sequence is remembered per link. */
const ownersMax = 1_000;

/** Signs and accepts requests that act on an object in its owner's name (SPEC REQ-*): the link alone does not give that right. */
export interface Authority {
  /** Makes a request signed by the owner, for the peer at the other end of `session` and for no other. */
  call(session: Session, owner: Signer, kind: number, body: CborMap, options: { readonly deadlineMs: number }): Promise<Call>;
  /** The same for several objects in one message: an item of it is signed by the owner of its object. */
  callAll(
    session: Session,
    kind: number,
    items: readonly { readonly owner: Signer; readonly item: CborMap }[],
    options: { readonly deadlineMs: number },
  ): Promise<Call>;
  /**
   * Throws the typed refusal unless the owner of `objectKey` signed exactly this request, for us, on this link, just now. `covered` is
   * what it must be about: the body of a message of this kind, or one item in it, without the request.
   */
  require(session: Session, kind: number, request: Uint8Array, covered: CborMap, objectKey: Uint8Array): Promise<void>;
}

export function createAuthority(options: {
  readonly clock: Clock;
  readonly crypto: Crypto;
  readonly self: string;
  readonly swarm: string;
}): Authority {
  const { clock, crypto, self, swarm } = options;
  const sent = new WeakMap<Session, number>();
  const accepted = new WeakMap<Session, Sequences>();
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

  const check: Authority['require'] = async (session, kind, given, covered, objectKey) => {
    const { request, body: signedBody, signature } = parseRequest(given);
    if (!equalBytes(request.from, objectKey)) throw new ShoalError('auth', 'the request is not the owner’s');
    if (!(await crypto.verify(objectKey, signingBytes(requestLabel, signedBody), signature)))
      throw new ShoalError('auth', 'the signature of this request is not the owner’s');
    const sequences = accepted.get(session) ?? acceptedSequences(ownersMax);
    accepted.set(session, sequences);
    const owner = toHex(objectKey);
    const decision = acceptRequest(request, {
      nowMs: clock.now(),
      kind,
      swarm,
      audience: fromHex(self),
      sessionId: session.id,
      lastSequence: sequences.last(owner),
      bodyHash: await crypto.sha256(encodeCbor(covered)),
    });
    if (decision !== 'ok') throw new ShoalError(decision.code, decision.reason);
    sequences.accept(owner, request.sequence);
  };

  return {
    call: (session, owner, kind, body, limits) =>
      signing(session, async () => session.call(kind, await signed(session, owner, kind, body), limits)),
    callAll: (session, kind, items, limits) =>
      signing(session, async () => {
        const each: CborMap[] = [];
        for (const { owner, item } of items) each.push(await signed(session, owner, kind, item));
        return session.call(kind, new Map([[itemsKey, each]]), limits);
      }),
    require: (session, ...rest) => checking(session, () => check(session, ...rest)),
  };
}

/** A body, or an item of one, as its signed request covers it. */
export function withoutRequest(body: CborMap): CborMap {
  const covered = new Map(body);
  covered.delete(requestKey);
  return covered;
}

/** The items of a body that its format has read: each as its signed request covers it, and the request. */
export const itemsOf = (body: CborMap): readonly CborMap[] => body.get(itemsKey) as readonly CborMap[];

/** The highest sequence accepted of each owner on one link; gone with the link. */
export interface Sequences {
  last(owner: string): number;
  accept(owner: string, sequence: number): void;
}

/**
 * Remembers `most` owners. Of one that was forgotten, whose requests could be replayed otherwise, only sequences past every forgotten
 * one are accepted: a sender counts all its requests on a link together, so what it sends next is.
 */
export function acceptedSequences(most: number): Sequences {
  const byOwner = new Map<string, number>();
  let forgotten = 0;
  return {
    last: (owner) => byOwner.get(owner) ?? forgotten,
    accept(owner, sequence) {
      byOwner.delete(owner);
      byOwner.set(owner, sequence);
      const [oldest] = byOwner;
      if (byOwner.size <= most || oldest === undefined) return;
      byOwner.delete(oldest[0]);
      forgotten = Math.max(forgotten, oldest[1]);
    },
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
