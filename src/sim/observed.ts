import { equalBytes } from '../core/bytes/compare.ts';
import { sha256 } from '../core/crypto/hash.ts';
import type { PeerOptions } from '../peer/peer.ts';
import type { Codec, Crypto, Dialer, Link, LinkEvents, MetaStore, ShardStore, Signaling } from '../peer/ports.ts';
import { hashBytes, leafBytes } from '../core/merkle/tree.ts';
import { placeKey } from '../core/storage/shard.ts';
import type { Sights, Watched } from './checkers/checker.ts';
import type { Ledger } from './ledger.ts';
import { requestCount } from './request-count.ts';
import type { SimulatedPeer } from './swarm.ts';

/** What a peer's ports are looked at with. */
export interface Eyes {
  readonly who: Watched;
  readonly sights: Sights;
  readonly ledger: Ledger;
  /** What is on the peer's disk now, looked at past its ports; undefined while it is in its first start. */
  readonly disk: () => Pick<SimulatedPeer, 'disk'> | undefined;
}

/** The ports of one life of a peer, with what goes through them told to whoever checks. Nothing of it changes what the peer does, or when. */
export function observed(ports: PeerOptions, eyes: Eyes): PeerOptions {
  const { who, sights } = eyes;
  const { log } = ports;
  return {
    ...ports,
    shards: seenShards(ports.shards, eyes),
    meta: seenMeta(ports.meta, eyes),
    codec: seenCodec(ports.codec, eyes),
    signaling: seenSignaling(ports.signaling, who, sights),
    dialer: seenDialer(ports.dialer, who, sights),
    log(level, event, fields) {
      sights.said(who, `${event} ${JSON.stringify(fields ?? {})}`);
      log(level, event, fields);
    },
  };
}

/** The crypto of a whole swarm: every key that is made is a secret, every signature goes into the ledger, every sealing is seen. */
export function observedCrypto(engine: Crypto, sights: () => Sights, ledger: Ledger): Crypto {
  return {
    ...ledger.signing(engine, (seed) => sights().secret(seed)),
    async aesGcm(key) {
      const inner = await engine.aesGcm(key);
      const kept = key.slice();
      sights().secret(kept);
      return {
        open: (nonce, ciphertext) => inner.open(nonce, ciphertext),
        async seal(nonce, plaintext, target) {
          // Both are the caller's again as soon as this returns.
          const [nonceThen, digest] = [nonce.slice(), engine.sha256(plaintext)];
          const sealed = inner.seal(nonce, plaintext, target);
          sights().sealed(kept, nonceThen, await digest);
          return sealed;
        },
      };
    },
  };
}

function seenShards(inner: ShardStore, { who, sights, disk }: Eyes): ShardStore {
  return {
    start: () => inner.start(),
    usage: () => inner.usage(),
    setCapacity: (capacity) => inner.setCapacity(capacity),
    async stage(place, length) {
      const staged = await inner.stage(place, length);
      sights.staged(who);
      return {
        write: (block) => staged.write(block),
        async commit(meta) {
          await staged.commit(meta);
          sights.committed(who, meta);
        },
        discard: () => staged.discard(),
      };
    },
    meta: (place) => inner.meta(place),
    read: (place, offset, length) => inner.read(place, offset, length),
    list: () => inner.list(),
    async delete(place) {
      const held = disk()?.disk.held.get(placeKey(place));
      await inner.delete(place);
      if (held !== undefined) sights.removed(who, held.meta, isSound(held.bytes, held.meta.digests));
    },
  };
}

function isSound(bytes: Uint8Array, digests: Uint8Array): boolean {
  for (let leaf = 0; leaf * leafBytes < bytes.length; leaf++) {
    const digest = sha256(bytes.subarray(leaf * leafBytes, (leaf + 1) * leafBytes));
    if (!equalBytes(digest, digests.subarray(leaf * hashBytes, (leaf + 1) * hashBytes))) return false;
  }
  return true;
}

function seenMeta(inner: MetaStore, { who, sights }: Eyes): MetaStore {
  return {
    ...inner,
    async put(kind, key, value) {
      const kept = value.slice();
      await inner.put(kind, key, kept);
      sights.kept(who, kind, key, kept);
    },
  };
}

function seenCodec(inner: Codec, { who, sights, ledger }: Eyes): Codec {
  const codec = ledger.sealing(who.node, inner);
  return {
    seal(job) {
      sights.sealing(who, job);
      return codec.seal(job);
    },
    open: (job) => codec.open(job),
  };
}

function seenSignaling(inner: Signaling, who: Watched, sights: Sights): Signaling {
  return {
    start: (events) => inner.start(events),
    knock: (to) => inner.knock(to),
    signal(to, data) {
      sights.said(who, JSON.stringify(data));
      inner.signal(to, data);
    },
    stop: () => inner.stop(),
  };
}

function seenDialer(inner: Dialer, who: Watched, sights: Sights): Dialer {
  return {
    dial: (node, initiator, events) =>
      inner.dial(node, initiator, { ...events, link: (link) => events.link(new SeenLink(link, who, sights)) }),
  };
}

class SeenLink implements Link {
  readonly fingerprints: Link['fingerprints'];
  readonly #link: Link;
  readonly #who: Watched;
  readonly #sights: Sights;
  readonly #requests = requestCount();

  constructor(link: Link, who: Watched, sights: Sights) {
    this.fingerprints = link.fingerprints;
    this.#link = link;
    this.#who = who;
    this.#sights = sights;
  }

  get bufferedAmount(): number {
    return this.#link.bufferedAmount;
  }

  listen(events: LinkEvents): void {
    this.#link.listen({
      ...events,
      frame: (frame) => {
        const before = this.#requests.owed;
        if (this.#requests.received(frame)) this.#sights.owed(this.#who, before, this.#link.bufferedAmount);
        events.frame(frame);
      },
    });
  }

  send(frame: Uint8Array): void {
    if (this.#requests.sent(frame)) this.#sights.asked(this.#who, this.#requests.asked);
    this.#link.send(frame);
    this.#sights.queued(this.#who, this.#link.bufferedAmount);
  }

  close(): void {
    this.#link.close();
  }
}
