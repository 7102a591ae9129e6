import { expect, test } from 'vitest';
import { linkedPair } from '../../test/links-world.ts';
import { encodeSigned, signingBytes } from '../core/object/signed.ts';
import { encodeHeartbeatBody, heartbeatLabel } from '../core/wire/heartbeat.ts';
import { heartbeatBody, kinds } from '../core/wire/kinds.ts';
import { nobleCrypto } from '../platform/memory/crypto.ts';
import { deferred } from './links/deferred.ts';
import { createMembership } from './membership.ts';

test('[MEM-4] a peer that leaves while the signature of its heartbeat is being looked at is not live again by it', async () => {
  const { a, b, fromB, clock, pass } = await linkedPair();
  const verified = deferred<boolean>();
  const membership = createMembership({
    clock,
    crypto: { ...nobleCrypto(), verify: () => verified.promise },
    links: a.links,
    log: () => {},
    changed: () => {},
  });
  membership.opened(a.opened[0]!);
  const counts = { class: 0, capacity: 1, used: 0, reserved: 0, headroom: 0 };
  const body = encodeHeartbeatBody({ node: b.signer.publicKey, incarnation: 1, seq: 1, ...counts, ts: clock.now() });
  const signed = encodeSigned(body, await b.signer.sign(signingBytes(heartbeatLabel, body)));
  fromB.notify(kinds.heartbeat, heartbeatBody.write({ signed }));
  await pass(100);
  await b.links.stop();
  await pass(100);
  membership.closed(b.node, true);
  verified.resolve(true);
  await pass(100);
  expect(membership.peer(b.node)).toMatchObject({ state: 'away', declared: false });
  membership.stop();
});
