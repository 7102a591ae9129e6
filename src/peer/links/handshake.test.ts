import { describe, expect, it } from 'vitest';
import { drain, linkedPair, linksWorld, steadyPath } from '../../../test/links-world.ts';
import { equalBytes } from '../../core/bytes/compare.ts';
import { nodeId } from '../../core/crypto/keys.ts';
import { encodeFrame, type Frame, frameTypes } from '../../core/wire/frame.ts';
import { encodeHello, type Hello } from '../../core/wire/handshake.ts';
import { handshakeBytesMax, handshakeMs, heldBytesMax } from '../../core/wire/limits.ts';
import { encodeMessage } from '../../core/wire/message.ts';
import { virtualClock } from '../../platform/memory/clock.ts';
import { nobleCrypto } from '../../platform/memory/crypto.ts';
import { fingerprintOf } from '../../platform/memory/dialer.ts';
import { linkPair } from '../../platform/memory/link.ts';
import { seededRandom } from '../../platform/memory/random.ts';
import { type Relay, relayBetween } from '../../platform/memory/relay.ts';
import { authenticate } from './handshake.ts';

const crypto = nobleCrypto();
const error = (code: string) => expect.objectContaining({ code });

/** Two signers, lower NodeId first, and a fresh link between them. */
async function fresh() {
  const clock = virtualClock(drain);
  const signers = await Promise.all([1, 2].map((i) => crypto.signer(seededRandom(i).bytes(32))));
  const [i, r] = signers.toSorted((a, b) => (nodeId(a.publicKey) < nodeId(b.publicKey) ? -1 : 1)) as [
    (typeof signers)[0],
    (typeof signers)[0],
  ];
  const end = (name: string) => ({ name, fingerprint: fingerprintOf(name) });
  const { links } = linkPair({ clock, path: () => steadyPath(5), delivered() {} }, end('i'), end('r'));
  const options = (node: typeof i, expected: typeof i, swarm = 'test') => ({
    clock,
    random: seededRandom(nodeId(node.publicKey)),
    crypto,
    node,
    swarm,
    expected: nodeId(expected.publicKey),
  });
  return { clock, i, r, links, options };
}

/** What the promise gave or threw, after time has passed. */
async function outcome<T>(clock: { run(until: number): Promise<void>; now(): number }, promise: Promise<T>): Promise<unknown> {
  const caught = promise.catch((thrown: unknown) => thrown);
  await clock.run(clock.now() + handshakeMs + 1_000);
  return caught;
}

describe('handshake', () => {
  it('[HAND-1] both sides prove their keys and get one session id, a fresh one for each link', async () => {
    const ids = [];
    for (let n = 0; n < 2; n++) {
      const { a, b, fromA, fromB } = await linkedPair({ seed: `hand-1/${n}` });
      expect([fromA.node, fromB.node]).toEqual([b.node, a.node]);
      expect([nodeId(fromA.publicKey), fromA.initiator, fromB.initiator]).toEqual([b.node, true, false]);
      expect(equalBytes(fromA.id, fromB.id)).toBe(true);
      ids.push(fromA.id);
    }
    expect(equalBytes(ids[0]!, ids[1]!)).toBe(false);
  });

  it('[HAND-5] a relay that ends both links and copies every frame is refused with auth on both sides', async () => {
    const world = await linksWorld({ peers: 2, intercept: (from, to, data) => relay.intercept(from, to, data) });
    const relay: Relay = relayBetween(world.network.dialer('relay'), world.network.deliver);
    const [a, b] = world.peers;
    for (const { links } of world.peers) links.start();
    await world.pass(500);
    expect(relay.copied.length).toBeGreaterThan(2);
    for (const [peer, other] of [
      [a!, b!],
      [b!, a!],
    ] as const) {
      expect(peer.refused[0]).toMatchObject({ node: other.node, code: 'auth' });
      expect([peer.opened, peer.links.sessions()]).toEqual([[], []]);
    }
  });

  it('[HAND-4] another peer than the one meant is refused with auth, whichever side is deceived', async () => {
    const stranger = await crypto.signer(seededRandom(9).bytes(32));
    for (const deceived of [0, 1] as const) {
      const { clock, i, r, links, options } = await fresh();
      const own = deceived === 0 ? i : r;
      const victim = authenticate(links[deceived], options(own, deceived === 0 ? r : i));
      void authenticate(links[1 - deceived]!, options(stranger, own)).catch(() => {});
      expect(await outcome(clock, victim)).toEqual(error('auth'));
    }
  });

  it('[HAND-3] peers of two swarms do not link', async () => {
    const { clock, i, r, links, options } = await fresh();
    const both = [authenticate(links[0], options(i, r, 'one')), authenticate(links[1], options(r, i, 'two'))];
    expect(await outcome(clock, Promise.all(both.map((side) => side.catch((thrown: unknown) => thrown))))).toEqual([
      error('auth'),
      error('auth'),
    ]);
  });

  it('[HAND-6] no frame but hello is accepted before the handshake is done', async () => {
    const control = {
      type: frameTypes.control,
      last: true,
      stream: 0,
      sequence: 0,
      payload: encodeMessage({ kind: 16, id: 0, body: new Map() }),
    };
    const greeting: Hello = { versions: [1], publicKey: (await fresh()).i.publicKey, nonce: new Uint8Array(32), features: [] };
    const wrong: Record<string, Frame> = {
      control,
      data: { ...control, type: frameTypes.data },
      credit: { ...control, type: frameTypes.credit, payload: new Uint8Array() },
      reset: { ...control, type: frameTypes.reset },
      'a hello out of order': { ...control, type: frameTypes.hello, last: false, sequence: 1 },
      'a hello that is none': { ...control, type: frameTypes.hello, last: false },
      'a hello in a frame of another type': { ...control, last: false, payload: encodeHello(greeting) },
    };
    for (const [name, frame] of Object.entries(wrong)) {
      const { clock, i, r, links, options } = await fresh();
      const victim = authenticate(links[1], options(r, i));
      links[0].send(encodeFrame(frame));
      expect(await outcome(clock, victim), name).toEqual(error('auth'));
    }
  });

  it('[HAND-6] frames behind the initiator’s signature wait for the verdict, 1 MiB of them at most', async () => {
    for (const { bytes, accepted } of [
      { bytes: 1_000, accepted: true },
      { bytes: heldBytesMax, accepted: false },
    ]) {
      const { clock, i, r, links, options } = await fresh();
      const early = bytes / 1_000 < 2 ? 1 : Math.ceil(bytes / 60_000);
      const sending = authenticate(links[0], options(i, r)).then(() => {
        for (let n = 0; n < early; n++) {
          links[0].send(
            encodeFrame({
              type: frameTypes.control,
              last: true,
              stream: 0,
              sequence: n,
              payload: new Uint8Array(accepted ? bytes : 60_000),
            }),
          );
        }
      });
      // The verdict takes its time, as real cryptography does.
      const slow = {
        ...crypto,
        verify: async (...parts: Parameters<typeof crypto.verify>) =>
          new Promise<boolean>((resolve) => clock.timer(100, () => resolve(crypto.verify(...parts)))),
      };
      const responder = authenticate(links[1], { ...options(r, i), crypto: slow });
      const got = await outcome(clock, responder);
      await sending;
      if (accepted) {
        const frames: Uint8Array[] = [];
        (got as Awaited<typeof responder>).attach({ frame: (frame) => frames.push(frame), drained() {}, closed() {} });
        expect(frames.map(({ length }) => length)).toEqual([1_012]);
      } else {
        expect(got).toEqual(error('auth'));
      }
    }
  });

  it('[HAND-7] silence fails with timeout after 10 s, a close with auth, too many bytes with auth', async () => {
    const silent = await fresh();
    const began = silent.clock.now();
    const waiting = authenticate(silent.links[0], silent.options(silent.i, silent.r)).catch((thrown: unknown) => ({
      thrown,
      ms: silent.clock.now() - began,
    }));
    expect(await outcome(silent.clock, waiting)).toEqual({ thrown: error('timeout'), ms: handshakeMs });

    const closing = await fresh();
    const left = authenticate(closing.links[0], closing.options(closing.i, closing.r));
    closing.links[1].close();
    expect(await outcome(closing.clock, left)).toEqual(error('auth'));

    const long = await fresh();
    const flooded = authenticate(long.links[0], long.options(long.i, long.r));
    long.links[1].send(
      encodeFrame({ type: frameTypes.hello, last: false, stream: 0, sequence: 0, payload: new Uint8Array(handshakeBytesMax) }),
    );
    expect(await outcome(long.clock, flooded)).toEqual(error('auth'));
  });

  it('[HAND-2] a hello with unknown versions only is answered too-new', async () => {
    const { clock, i, r, links, options } = await fresh();
    const victim = authenticate(links[0], options(i, r));
    const hello: Hello = { versions: [7, 9], publicKey: r.publicKey, nonce: new Uint8Array(32), features: [] };
    links[1].send(encodeFrame({ type: frameTypes.hello, last: false, stream: 0, sequence: 0, payload: encodeHello(hello) }));
    expect(await outcome(clock, victim)).toEqual(error('too-new'));
  });

  it('[HAND-8] a description with a swapped fingerprint opens no link at all', async () => {
    const wrong = fingerprintOf('someone else');
    const world = await linksWorld({
      peers: 2,
      intercept: (_from, _to, data) =>
        data.type === 'offer' ? { ...data, sdp: data.sdp.replace(/sha-256 \S+/, `sha-256 ${wrong}`) } : data,
    });
    for (const { links } of world.peers) links.start();
    await world.pass(5_000);
    expect(world.peers.map(({ opened }) => opened.length)).toEqual([0, 0]);
  });
});
