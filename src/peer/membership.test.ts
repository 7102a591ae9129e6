import { expect, test } from 'vitest';
import { linkedPair } from '../../test/links-world.ts';
import { encodeSigned, signingBytes } from '../core/object/signed.ts';
import { encodeHeartbeatBody, heartbeatLabel } from '../core/wire/heartbeat.ts';
import { heartbeatBody, kinds } from '../core/wire/kinds.ts';
import { noticeOf } from '../core/wire/message.ts';
import { nobleCrypto } from '../platform/memory/crypto.ts';
import { deferred } from './links/deferred.ts';
import { createMembership } from './membership.ts';

const minuteMs = 60_000;

/** The membership of one peer whose clock may jump, as when the machine sleeps: timers come late, and nothing is heard meanwhile. */
async function sleeper() {
  const { a, b, clock, pass } = await linkedPair();
  let sleptMs = 0;
  let changes = 0;
  const membership = createMembership({
    clock: { ...clock, now: () => clock.now() + sleptMs },
    crypto: nobleCrypto(),
    links: a.links,
    log: () => {},
    changed: () => void changes++,
  });
  return {
    membership,
    node: b.node,
    pass,
    meet: () => membership.opened(a.opened[0]!),
    async leave() {
      await b.links.stop();
      await pass(100);
      membership.closed(b.node, true);
    },
    sleep: (ms: number) => void (sleptMs += ms),
    changes: () => changes,
  };
}

test('[MEM-6] absence counts from the end of a sleep on: nobody is missed for what nobody watched', async () => {
  const { membership, pass, sleep } = await sleeper();
  await pass(16 * minuteMs);
  expect(membership.mayReturn('holder')).toBe(false);
  sleep(180 * minuteMs);
  // Before any timer came, and after.
  expect(membership.mayReturn('holder')).toBe(true);
  await pass(14 * minuteMs);
  expect(membership.mayReturn('holder')).toBe(true);
  await pass(2 * minuteMs);
  expect(membership.mayReturn('holder')).toBe(false);
  membership.stop();
});

test('[MEM-6] that whoever is missing is missed no more is a change, also where nobody is known', async () => {
  const { membership, pass, changes } = await sleeper();
  await pass(14 * minuteMs);
  expect(changes()).toBe(0);
  await pass(2 * minuteMs);
  expect(changes()).toBe(1);
  await pass(30 * minuteMs);
  expect(changes()).toBe(1);
  membership.stop();
});

test('[MEM-7] when a peer was last heard of is remembered longer than the peer', async () => {
  const { membership, node, pass, meet, leave } = await sleeper();
  expect(membership.seenMs(node)).toBeUndefined();
  meet();
  const seenMs = membership.seenMs(node)!;
  await pass(minuteMs);
  await leave();
  expect(membership.seenMs(node)).toBe(seenMs + minuteMs + 100);
  await pass(20 * minuteMs);
  expect(membership.peer(node)).toBeUndefined();
  expect(membership.seenMs(node)).toBe(seenMs + minuteMs + 100);
  membership.stop();
});

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
  fromB.notify(noticeOf(kinds.heartbeat, heartbeatBody.write({ signed })));
  await pass(100);
  await b.links.stop();
  await pass(100);
  membership.closed(b.node, true);
  verified.resolve(true);
  await pass(100);
  expect(membership.peer(b.node)).toMatchObject({ state: 'away', declared: false });
  membership.stop();
});
