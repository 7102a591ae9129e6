import { expect, test } from 'vitest';
import { type LinkedPeer, linkedPair } from '../../test/links-world.ts';
import { encodeSigned, signingBytes } from '../core/object/signed.ts';
import { encodeHeartbeatBody, heartbeatLabel } from '../core/wire/heartbeat.ts';
import { heartbeatBody, kinds } from '../core/wire/kinds.ts';
import { noticeOf } from '../core/wire/message.ts';
import { nobleCrypto } from '../platform/memory/crypto.ts';
import { deferred } from './links/deferred.ts';
import { createMembership } from './membership.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;

/** The membership of one peer whose clock may jump, as when the machine sleeps: timers come late, and nothing is heard meanwhile. */
async function sleeper() {
  const { a, b, fromB, clock, pass } = await linkedPair();
  let sleptMs = 0;
  let changes = 0;
  const now = (): number => clock.now() + sleptMs;
  const membership = createMembership({
    clock: { ...clock, now },
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
      membership.closed(b.node, 'bye');
    },
    /** The other one says that it has been up for so long. */
    async beat(upMs: number) {
      fromB.notify(await heartbeatOf(b, { incarnation: now() - upMs, ts: now() }));
      await pass(100);
    },
    sleep: (ms: number) => void (sleptMs += ms),
    changes: () => changes,
  };
}

type Sleeper = Awaited<ReturnType<typeof sleeper>>;

async function heartbeatOf({ signer }: LinkedPeer, stated: { readonly incarnation: number; readonly ts: number }) {
  const counts = { class: 0, capacity: 1, used: 0, reserved: 0, headroom: 0 };
  const body = encodeHeartbeatBody({ node: signer.publicKey, seq: 1, ...counts, ...stated });
  const signed = encodeSigned(body, await signer.sign(signingBytes(heartbeatLabel, body)));
  return noticeOf(kinds.heartbeat, heartbeatBody.write({ signed }));
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

test.each([
  [
    'wakes',
    async ({ pass, meet, sleep }: Sleeper) => {
      meet();
      await pass(20 * minuteMs);
      sleep(180 * minuteMs);
      // Nothing says at once that it slept.
      await pass(1_000);
    },
  ],
  [
    'was alone for long',
    async ({ pass, meet }: Sleeper) => {
      await pass(40 * minuteMs);
      meet();
    },
  ],
])(
  '[KEEP-1] who %s has just come: of whoever it finds there the word counts, for 13 minutes, and of those that come later it does not',
  async (_, come) => {
    const world = await sleeper();
    const { membership, node, pass, beat } = world;
    await come(world);
    await beat(dayMs);
    await pass(6_000);
    expect(membership.peer(node)!.upMs).toBeGreaterThanOrEqual(dayMs);
    await pass(3 * minuteMs);
    // Another one of the same name, which began when this peer was there to see it.
    await beat(dayMs + minuteMs);
    expect(membership.peer(node)!.upMs).toBeLessThan(minuteMs);
    membership.stop();
  },
);

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
  fromB.notify(await heartbeatOf(b, { incarnation: 1, ts: clock.now() }));
  await pass(100);
  await b.links.stop();
  await pass(100);
  membership.closed(b.node, 'bye');
  verified.resolve(true);
  await pass(100);
  expect(membership.peer(b.node)).toMatchObject({ state: 'away', declared: false });
  membership.stop();
});
