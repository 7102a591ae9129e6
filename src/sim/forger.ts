import type { CborMap } from '../core/bytes/cbor.ts';
import { concatBytes } from '../core/bytes/compare.ts';
import { errorCode, ShoalError } from '../core/errors.ts';
import { encodeDescriptorBody, parseDescriptor } from '../core/object/descriptor.ts';
import { encodeSigned } from '../core/object/signed.ts';
import { encodeStored, readStored } from '../core/record/stored.ts';
import { deleteBody, deleteOk, kinds, recordPutBody, renewBody, renewOk, storeBody, storeOk } from '../core/wire/kinds.ts';
import { itemsOf, withoutRequest } from '../peer/authority.ts';
import type { Incoming } from '../peer/links/exchange.ts';
import type { Random } from '../peer/ports.ts';
import { below } from './draw.ts';
import type { LedgerObject } from './ledger.ts';
import { signClaim } from './sealed-object.ts';
import { ask, type Speaker, type Speaking } from './speaker.ts';
import { signRenewal, signTombstone } from './statements.ts';

/** Requests that it remembers of those that owners made to it, and of those that it made in names of its own. */
const remembered = 50;
/** It lends so much by its own word, bytes: owners come to it with their requests. */
const capacity = 20_000_000;
const forgedLeaseMs = Date.UTC(2027, 0, 1);
const none = new Uint8Array();
/** Of so many stores it takes one, so that its owner comes again to renew and to delete. */
const takenOne = 4;

/** What a request is refused with that its owner did not sign for this peer, this link and this time. Whatever else failed says nothing. */
const refusals: ReadonlySet<string | undefined> = new Set(['auth', 'stale', 'bad-input']);

/** A signed request as it went over a link: whom it is for, and the message that it rode in. */
interface Captured {
  readonly target: string;
  readonly kind: number;
  readonly body: CborMap;
  /** The bytes that followed it. */
  readonly following?: Uint8Array;
}

/** One thing to try with `target`: whether it was obeyed, or refused for what it is. Undefined where there was nothing to try, or no answer to it. */
type Trick = (target: string, object: LedgerObject, random: Random) => Promise<boolean | undefined>;

/**
 * A peer that says in owners' names what they never said, and says again what they once said: to others than they said it to, and to the
 * same when that is over. Nothing of it may ever count.
 */
export function createForger(speaking: Speaking): Speaker {
  const { raw, crypto, nowMs, record, forged } = speaking;
  const { signer, node } = raw;
  const theirs: Captured[] = [];
  const own: Captured[] = [];

  const keep = (list: Captured[], captured: Captured): void => {
    list.push(captured);
    if (list.length > remembered) list.shift();
  };
  let asked = 0;
  raw.links.handle(kinds.store, async (incoming) => {
    const { kind, body } = incoming;
    keep(theirs, { target: node, kind, body, following: await allOf(incoming) });
    const { segment, shard, descriptor } = storeBody.read(body);
    if (segment > 0 || descriptor === undefined || ++asked % takenOne > 0) throw new ShoalError('full', 'there is no room left');
    return storeOk.write({ claim: await signClaim(signer, parseDescriptor(descriptor), { shards: [shard], nowMs: nowMs() }) });
  });
  raw.links.handle(kinds.delete, async ({ kind, body }) => {
    keep(theirs, { target: node, kind, body });
    return deleteOk.write({ freed: 0 });
  });
  raw.links.handle(kinds.renew, async ({ kind, body }) => {
    keep(theirs, { target: node, kind, body });
    return renewOk.write({ items: itemsOf(body).map(() => ({ code: 'full' })) });
  });

  /** Asks; whether it was done. Undefined where it was not, for a reason of another kind than that nobody may ask it. */
  const isObeyed = async (target: string, kind: number, body: CborMap, following?: Uint8Array): Promise<boolean | undefined> => {
    try {
      const answer = await ask(speaking, target, kind, body, following);
      const codes = kind === kinds.renew ? renewOk.read(answer).items.map(({ code }) => code) : [undefined];
      return codes.includes(undefined) || (codes.every((code) => refusals.has(code)) ? false : undefined);
    } catch (error) {
      return refusals.has(errorCode(error)) ? false : undefined;
    }
  };
  /** Covers the body by a request that names the owner and that the owner never signed. */
  const inNameOf = (target: string, objectKey: Uint8Array, kind: number, body: CborMap): Promise<CborMap> =>
    raw.signed(target, { ...signer, publicKey: objectKey }, kind, withoutRequest(body));
  const ownerOf = (objectKey: Uint8Array) => ({ ...signer, publicKey: objectKey });
  const again = ({ kind, body, following }: Captured, target: string): Promise<boolean | undefined> =>
    isObeyed(target, kind, body, following);

  const tricks: Readonly<Record<string, Trick>> = {
    async 'a delete that its owner did not sign'(target, { objectKey }) {
      const body = deleteBody.write({ request: none, tombstone: await signTombstone(ownerOf(objectKey), signer) });
      return isObeyed(target, kinds.delete, await inNameOf(target, objectKey, kinds.delete, body));
    },
    async 'a renewal that its owner did not sign'(target, { objectKey }) {
      const renewal = await signRenewal(ownerOf(objectKey), forgedLeaseMs, signer);
      const [item] = renewBody.write({ items: [{ request: none, renewal }] }).get(1) as CborMap[];
      return isObeyed(target, kinds.renew, new Map([[1, [await inNameOf(target, objectKey, kinds.renew, item!)]]]));
    },
    async 'a record with a tombstone that its owner did not sign'(target, { objectKey, recordKey }) {
      const known = record(recordKey);
      if (known === undefined) return undefined;
      const encoded = encodeStored({ ...readStored(known), tombstone: await signTombstone(ownerOf(objectKey), signer) });
      return isObeyed(target, kinds.recordPut, recordPutBody.write({ record: encoded }));
    },
    async 'a record in which a signature was changed'(target, { recordKey }) {
      const known = record(recordKey);
      const stored = known && readStored(known);
      const head = stored?.heads[0];
      if (stored === undefined || head === undefined) return undefined;
      const descriptor = concatBytes(head.descriptor);
      descriptor[descriptor.length - 1]! ^= 1;
      const encoded = encodeStored({ ...stored, heads: [{ ...head, descriptor }] });
      return isObeyed(target, kinds.recordPut, recordPutBody.write({ record: encoded }));
    },
    async 'a record in which a statement was changed'(target, { recordKey }) {
      const known = record(recordKey);
      const stored = known && readStored(known);
      const head = stored?.heads[0];
      if (stored === undefined || head === undefined) return undefined;
      const { descriptor, signature } = parseDescriptor(head.descriptor);
      const changed = encodeSigned(encodeDescriptorBody({ ...descriptor, leaseMs: descriptor.leaseMs + 1 }), signature);
      const encoded = encodeStored({ ...stored, heads: [{ ...head, descriptor: changed }] });
      return isObeyed(target, kinds.recordPut, recordPutBody.write({ record: encoded }));
    },
    async 'a request that was made to another peer'(target, _object, random) {
      const captured = theirs[below(Math.max(1, theirs.length), random)];
      return captured && again(captured, target);
    },
    async 'a request that was made before'(target, _object, random) {
      const before = own.filter((each) => each.target === target);
      const captured = before[below(Math.max(1, before.length), random)];
      if (captured !== undefined) return again(captured, target);
      await askOnce(target, random);
      // Next time over another link, perhaps.
      if (below(2, random) === 0) raw.session(target).close('to come back');
      return undefined;
    },
  };

  /** A request in the name of an owner that it is itself: good, and good once. */
  const askOnce = async (target: string, random: Random): Promise<void> => {
    const owner = await crypto.signer(random.bytes(32));
    const body = deleteBody.write({ request: none, tombstone: await signTombstone(owner) });
    const signed = await raw.signed(target, owner, kinds.delete, withoutRequest(body));
    await ask(speaking, target, kinds.delete, signed);
    keep(own, { target, kind: kinds.delete, body: signed });
  };

  return {
    node,
    stored: [],
    async act(target, random) {
      // Always just started: nobody takes it for a keeper.
      await raw.beat({ capacity, headroom: capacity / 10, incarnation: nowMs(), ts: nowMs() });
      const objects = speaking.ledger.objects();
      if (objects.length === 0 || raw.links.session(target) === undefined) return;
      const object = objects[below(objects.length, random)]!;
      const names = Object.keys(tricks);
      const name = names[below(names.length, random)]!;
      const obeyed = await tricks[name]!(target, object, random).catch(() => undefined);
      if (obeyed !== undefined) forged(target, name, obeyed);
    },
  };
}

/** All that follows on the stream of a request. */
async function allOf(incoming: Incoming): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for (let part = await incoming.receive(); part !== undefined; part = await incoming.receive()) parts.push(part.slice());
  return concatBytes(...parts);
}
