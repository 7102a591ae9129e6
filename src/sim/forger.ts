import type { CborMap } from '../core/bytes/cbor.ts';
import { concatBytes } from '../core/bytes/compare.ts';
import { encodeSigned, signingBytes } from '../core/object/signed.ts';
import { encodeStored, readStored } from '../core/record/stored.ts';
import { encodeRenewalBody, renewalLabel } from '../core/record/renewal.ts';
import { encodeTombstoneBody, everyVersion, tombstoneLabel } from '../core/record/tombstone.ts';
import { deleteBody, kinds, recordPutBody, renewBody } from '../core/wire/kinds.ts';
import type { Random } from '../peer/ports.ts';
import { withoutRequest } from '../peer/authority.ts';
import { below } from './draw.ts';
import type { Ledger } from './ledger.ts';
import type { RawPeer } from './raw-peer.ts';

const deadlineMs = 10_000;

/** A peer that says in owners' names what they never said. Nothing of it may ever count. */
export interface Forger {
  readonly node: string;
  /** Tries one thing with one peer. */
  try(target: string, random: Random): Promise<void>;
}

/** @param record the record of an object as some peer has it: what the forger got by asking */
export function createForger(raw: RawPeer, ledger: Ledger, record: (recordKey: string) => Uint8Array | undefined): Forger {
  const { signer, node } = raw;

  /** A statement about somebody's object under the forger's own key. */
  const forged = async (label: string, body: Uint8Array): Promise<Uint8Array> =>
    encodeSigned(body, await signer.sign(signingBytes(label, body)));
  const tombstoneOf = (objectKey: Uint8Array) => forged(tombstoneLabel, encodeTombstoneBody({ objectKey, upTo: everyVersion }));
  const renewalOf = (objectKey: Uint8Array) => forged(renewalLabel, encodeRenewalBody({ objectKey, leaseMs: Date.UTC(2027, 0, 1) }));

  const ask = async (target: string, kind: number, body: CborMap): Promise<void> => {
    await raw.session(target).call(kind, body, { deadlineMs }).result;
  };
  /** Covers the body by a request that names the owner and that the owner never signed. */
  const inNameOf = (target: string, objectKey: Uint8Array, kind: number, body: CborMap): Promise<CborMap> =>
    raw.signed(target, { ...signer, publicKey: objectKey }, kind, withoutRequest(body));
  const none = new Uint8Array();

  const tricks: readonly ((target: string, objectKey: Uint8Array, recordKey: string) => Promise<void>)[] = [
    async (target, objectKey) => {
      const body = deleteBody.write({ request: none, tombstone: await tombstoneOf(objectKey) });
      await ask(target, kinds.delete, await inNameOf(target, objectKey, kinds.delete, body));
    },
    async (target, objectKey) => {
      const item = (renewBody.write({ items: [{ request: none, renewal: await renewalOf(objectKey) }] }).get(1) as CborMap[])[0]!;
      await ask(target, kinds.renew, new Map([[1, [await inNameOf(target, objectKey, kinds.renew, item)]]]));
    },
    async (target, objectKey, recordKey) => {
      const known = record(recordKey);
      if (known === undefined) return;
      const tombstone = await tombstoneOf(objectKey);
      const encoded = encodeStored({ ...readStored(known), tombstone });
      await ask(target, kinds.recordPut, recordPutBody.write({ record: encoded }));
    },
    async (target, _objectKey, recordKey) => {
      // The true record with one bit of the descriptor's signature changed.
      const known = record(recordKey);
      const stored = known && readStored(known);
      const head = stored?.heads[0];
      if (stored === undefined || head === undefined) return;
      const descriptor = concatBytes(head.descriptor);
      descriptor[descriptor.length - 1]! ^= 1;
      await ask(target, kinds.recordPut, recordPutBody.write({ record: encodeStored({ ...stored, heads: [{ ...head, descriptor }] }) }));
    },
  ];

  return {
    node,
    async try(target, random) {
      const objects = ledger.objects();
      if (objects.length === 0 || raw.links.session(target) === undefined) return;
      const { objectKey, recordKey } = objects[below(objects.length, random)]!;
      // That it is refused is what is to be.
      await tricks[below(tricks.length, random)]!(target, objectKey, recordKey).catch(() => {});
    },
  };
}
