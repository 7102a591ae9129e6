import type { CborMap } from '../core/bytes/cbor.ts';
import { toHex } from '../core/bytes/text.ts';
import { recordKey as recordKeyOf } from '../core/crypto/keys.ts';
import { errorCode, ShoalError } from '../core/errors.ts';
import { recordFrom } from '../core/record/record.ts';
import { parseRenewal } from '../core/record/renewal.ts';
import { isTooFarAhead } from '../core/record/view.ts';
import { kinds, renewBody, renewOk } from '../core/wire/kinds.ts';
import { type Authority, itemsOf, withoutRequest } from './authority.ts';
import type { OwnClaims } from './claims.ts';
import type { HeldObjects } from './held-objects.ts';
import type { Incoming, Links } from './links/exchange.ts';
import type { Clock, Crypto, Log } from './ports.ts';
import type { Records } from './records.ts';
import { verifyRenewal } from './verify.ts';

/** Answers `renew`: keeps what an owner wants kept for longer, and claims it anew (SPEC RENEW-3). */
export function extendLeases(options: {
  readonly clock: Clock;
  readonly crypto: Crypto;
  readonly links: Links;
  readonly authority: Authority;
  readonly records: Records;
  readonly claims: OwnClaims;
  readonly held: HeldObjects;
  readonly log: Log;
}): void {
  const { clock, crypto, links, authority, records, claims, held, log } = options;

  /** Gives the fresh claim on the newest version held. */
  const renew = async ({ session, kind }: Incoming, item: CborMap, request: Uint8Array, signed: Uint8Array): Promise<Uint8Array> => {
    const { objectKey, leaseMs } = parseRenewal(signed).renewal;
    await authority.require(session, kind, request, withoutRequest(item), objectKey);
    const renewal = await verifyRenewal(crypto, signed);
    if (isTooFarAhead(leaseMs, clock.now())) throw new ShoalError('bad-input', 'the lease would end too far ahead');
    const roots = held.of(toHex(recordKeyOf(objectKey)));
    // A renewal of what is not here would be a record that nobody asked this peer to keep.
    if (roots.length === 0) throw new ShoalError('not-found', 'nothing of this object is held here');
    const { heads } = await records.merge(recordFrom({ heads: [], renewal }));
    const mine = heads.filter(({ descriptor }) => roots.includes(toHex(descriptor.contentRoot)));
    const fresh: Uint8Array[] = [];
    for (const { descriptor, signed: signedDescriptor } of mine) fresh.push(await claims.claim(descriptor, signedDescriptor));
    const [newest] = fresh;
    if (newest === undefined) throw new ShoalError('not-found', 'no version that is held here is current');
    return newest;
  };

  links.handle(kinds.renew, async (incoming) => {
    const raw = itemsOf(incoming.body);
    const items: { claim?: Uint8Array; code?: string }[] = [];
    // One after another, as their sequences rise; one that is refused leaves the others as they are.
    for (const [i, { request, renewal }] of renewBody.read(incoming.body).items.entries()) {
      try {
        items.push({ claim: await renew(incoming, raw[i]!, request, renewal) });
      } catch (error) {
        log('info', 'lease not extended', { code: errorCode(error) });
        items.push({ code: errorCode(error) });
      }
    }
    return renewOk.write({ items });
  });
}
