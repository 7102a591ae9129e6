import { type CborMap, type CborValue, encodeCbor } from '../core/bytes/cbor.ts';
import { fromHex } from '../core/bytes/text.ts';
import { nodeId } from '../core/crypto/keys.ts';
import { encodeSigned, signingBytes } from '../core/object/signed.ts';
import { encodeRequestBody, type OwnerRequest, requestLabel } from '../core/wire/envelope.ts';
import { encodeHeartbeatBody, type Heartbeat, heartbeatLabel } from '../core/wire/heartbeat.ts';
import { heartbeatBody, kinds, storeBody } from '../core/wire/kinds.ts';
import { noticeOf } from '../core/wire/message.ts';
import type { Call, Links, Session } from '../peer/links/exchange.ts';
import { createLinks } from '../peer/links/links.ts';
import type { Clock, Crypto, Random, Signer } from '../peer/ports.ts';
import type { MemoryNetwork } from '../platform/memory/network.ts';
import type { SealedObject } from './sealed-object.ts';

const deadlineMs = 600_000;

/** What a signed request says; a test changes what it wants to be wrong. */
export interface RequestOverrides {
  /** Fields of the signed request. */
  readonly request?: Partial<OwnerRequest>;
  /** Who signs it. */
  readonly signer?: Signer;
  /** Changes the finished body, or item: what the signature no longer covers. */
  readonly tamper?: (body: Map<number, CborValue>) => void;
}

/** What a store says beside. */
export interface StoreOverrides extends RequestOverrides {
  readonly segment?: number;
  readonly shard?: number;
  readonly length?: number;
  readonly contentRoot?: Uint8Array;
  /** `undefined` leaves the descriptor out. */
  readonly descriptor?: Uint8Array | undefined;
}

/** A peer that has links and nothing else: tests speak for it, the truth or lies. */
export interface RawPeer {
  readonly node: string;
  readonly signer: Signer;
  readonly links: Links;
  /** The open session with a peer. */
  session(node: string): Session;
  /** Sends a heartbeat to everyone linked: by default one that lends a lot. */
  beat(stated?: Partial<Heartbeat>): Promise<void>;
  /** A body, or an item of one, with a request to `to` that its owner signed. */
  signed(to: string, owner: Signer, kind: number, covered: CborMap, overrides?: RequestOverrides): Promise<CborMap>;
  /** Asks `to` to keep a shard of `object`. Sends no bytes. */
  store(to: string, object: SealedObject, overrides?: StoreOverrides): Promise<Call>;
}

export async function rawPeer(options: {
  readonly clock: Clock;
  readonly network: MemoryNetwork;
  readonly crypto: Crypto;
  readonly random: Random;
  readonly swarm: string;
}): Promise<RawPeer> {
  const { clock, network, crypto, random, swarm } = options;
  const signer = await crypto.signer(random.bytes(32));
  const node = nodeId(signer.publicKey);
  const links = createLinks({
    ...network.peer({ node }),
    clock,
    random,
    crypto,
    identity: { node: signer },
    log: () => {},
    swarm,
    events: { opened() {}, closed() {}, peers() {}, signaling() {}, refused() {}, verdict() {} },
  });
  links.start();
  let beats = 0;
  let requests = 0;

  const session = (to: string): Session => {
    const found = links.session(to);
    if (found === undefined) throw new Error('the raw peer has no such link');
    return found;
  };

  const signed: RawPeer['signed'] = async (to, owner, kind, covered, overrides = {}) => {
    const { request, signer: by = owner, tamper } = overrides;
    const body = new Map(covered);
    body.delete(1);
    const signedBody = encodeRequestBody({
      kind,
      swarm,
      from: owner.publicKey,
      audience: fromHex(to),
      sessionId: session(to).id,
      sequence: ++requests,
      ts: clock.now(),
      bodyHash: await crypto.sha256(encodeCbor(body)),
      ...request,
    });
    body.set(1, encodeSigned(signedBody, await by.sign(signingBytes(requestLabel, signedBody))));
    tamper?.(body);
    return body;
  };

  return {
    node,
    signer,
    links,
    session,
    signed,
    async beat(stated = {}) {
      const capacity = 100_000_000;
      const counts = { class: 0, capacity, used: 0, reserved: 0, headroom: capacity / 10 };
      const body = encodeHeartbeatBody({ node: signer.publicKey, incarnation: 1, seq: ++beats, ...counts, ts: clock.now(), ...stated });
      const signed = encodeSigned(body, await signer.sign(signingBytes(heartbeatLabel, body)));
      const notice = noticeOf(kinds.heartbeat, heartbeatBody.write({ signed }));
      for (const each of links.sessions()) each.notify(notice);
    },
    async store(to, object, overrides = {}) {
      const { owner, signed: descriptor, shards } = object;
      const place = { contentRoot: object.descriptor.contentRoot, segment: 0, shard: 0, length: shards[0]!.length, descriptor };
      const { request: _request, signer: _signer, tamper: _tamper, ...stated } = overrides;
      const covered = storeBody.write({ request: new Uint8Array(), ...place, ...stated });
      const body = await signed(to, owner, kinds.store, covered, overrides);
      return session(to).call(kinds.store, body, { deadlineMs });
    },
  };
}
