import { describe, expect, it } from 'vitest';
import { drain, steadyPath } from '../../../test/links-world.ts';
import { nodeId } from '../../core/crypto/keys.ts';
import { decodeFrame, encodeFrame, type Frame, frameTypes } from '../../core/wire/frame.ts';
import { kinds } from '../../core/wire/kinds.ts';
import { streamCreditBytes } from '../../core/wire/limits.ts';
import { controlFrames, encodeMessage, type Message } from '../../core/wire/message.ts';
import { virtualClock } from '../../platform/memory/clock.ts';
import { nobleCrypto } from '../../platform/memory/crypto.ts';
import { fingerprintOf } from '../../platform/memory/dialer.ts';
import { linkPair } from '../../platform/memory/link.ts';
import { seededRandom } from '../../platform/memory/random.ts';
import { authenticate } from './handshake.ts';
import { LinkSession } from './session.ts';

const crypto = nobleCrypto();

/** A session whose other side is the test: it authenticates, and then sends whatever it likes. Requests of kind `read` never end. */
async function hostile() {
  const clock = virtualClock(drain);
  const signers = await Promise.all([1, 2].map((i) => crypto.signer(seededRandom(i).bytes(32))));
  const [low, high] = signers.toSorted((a, b) => (nodeId(a.publicKey) < nodeId(b.publicKey) ? -1 : 1)) as [
    (typeof signers)[0],
    (typeof signers)[0],
  ];
  const end = (name: string) => ({ name, fingerprint: fingerprintOf(name) });
  const { links } = linkPair({ clock, path: () => steadyPath(5), delivered() {} }, end('i'), end('r'));
  const prove = (index: 0 | 1, node: typeof low, expected: typeof low) =>
    authenticate(links[index], { clock, random: seededRandom(index), crypto, node, swarm: 'test', expected: nodeId(expected.publicKey) });
  const proofs = Promise.all([prove(0, low, high), prove(1, high, low)]);
  await clock.run(clock.now() + 1_000);
  const [attacker, peer] = await proofs;

  const ended: (string | undefined)[] = [];
  const received: Frame[] = [];
  const session = new LinkSession(links[1], peer, {
    clock,
    log: () => {},
    handler: (kind) => {
      if (kind === kinds.read) return () => new Promise(() => {});
      if (kind === kinds.store)
        return async (incoming) => {
          await incoming.receive();
          return new Promise(() => {});
        };
      return undefined;
    },
    notice() {},
    ended: (_session, _bye, violation) => ended.push(violation),
  });
  peer.attach(session.events);
  attacker.attach({ frame: (bytes) => received.push(decodeFrame(bytes)), drained() {}, closed() {} });
  return {
    session,
    ended,
    received,
    async send(...frames: (Partial<Frame> | Uint8Array)[]) {
      for (const frame of frames) {
        links[0].send(
          frame instanceof Uint8Array
            ? frame
            : encodeFrame({ type: frameTypes.data, last: false, stream: 0, sequence: 0, payload: new Uint8Array(), ...frame }),
        );
      }
      await clock.run(clock.now() + 100);
    },
  };
}

const message = (fields: Partial<Message>): Uint8Array =>
  controlFrames(encodeMessage({ kind: kinds.read, id: 0, body: new Map(), ...fields }))[0]!;
const bytes = (length: number): Uint8Array => new Uint8Array(length);

const violations: Record<string, (Partial<Frame> | Uint8Array)[]> = {
  'a frame shorter than its header': [bytes(11)],
  'a frame of an unknown type': [Uint8Array.of(9, ...bytes(11))],
  'a hello after the handshake': [{ type: frameTypes.hello }],
  'a message that is not CBOR': [{ type: frameTypes.control, last: true, payload: Uint8Array.of(0xff) }],
  'a fragment out of order': [{ type: frameTypes.control, sequence: 1, payload: bytes(1) }],
  'an empty fragment': [{ type: frameTypes.control, payload: bytes(0) }],
  'a message past 1 MiB': Array.from({ length: 17 }, (_, sequence) => ({ type: frameTypes.control, sequence, payload: bytes(65_000) })),
  'a request with an id of ours': [message({ id: 2 })],
  'a request id that does not rise': [message({ id: 5 }), message({ id: 3 })],
  'a notice with a request id': [message({ kind: kinds.heartbeat, id: 1 })],
  'an answer to nothing': [message({ kind: kinds.ok, id: 2 })],
  'an answer of an unknown kind': [message({ kind: 9, id: 2 })],
  'a cancel of nothing': [message({ kind: kinds.cancel, id: 1 })],
  'data for a stream that never was': [{ stream: 1, payload: bytes(10) }],
  'data without credit': [message({ id: 1 }), { stream: 1, payload: bytes(10) }],
  'data past the credit': [
    message({ kind: kinds.store, id: 1 }),
    ...Array.from({ length: 33 }, (_, sequence) => ({ stream: 1, sequence, payload: bytes(sequence === 32 ? 1 : streamCreditBytes / 32) })),
    { stream: 1, sequence: 33, payload: bytes(60_000) },
    ...Array.from({ length: 40 }, (_, i) => ({ stream: 1, sequence: 34 + i, payload: bytes(60_000) })),
  ],
  'data cut so small that its frames overrun the credit': [
    message({ kind: kinds.store, id: 1 }),
    ...Array.from({ length: 10_000 }, (_, sequence) => ({ stream: 1, sequence, payload: bytes(1) })),
  ],
  'data frames out of order': [message({ kind: kinds.store, id: 1 }), { stream: 1, sequence: 1, payload: bytes(10) }],
  'an empty data frame that is not the last': [message({ kind: kinds.store, id: 1 }), { stream: 1 }],
  'data after the last': [message({ kind: kinds.store, id: 1 }), { stream: 1, last: true }, { stream: 1, sequence: 1, last: true }],
  'credit that falls': [
    message({ id: 1 }),
    { type: frameTypes.credit, stream: 1, sequence: 100 },
    { type: frameTypes.credit, stream: 1, sequence: 99 },
  ],
  'credit with a payload': [message({ id: 1 }), { type: frameTypes.credit, stream: 1, sequence: 100, payload: bytes(1) }],
};

describe('violations', () => {
  for (const [name, frames] of Object.entries(violations)) {
    it(`[WIRE-5] ${name} ends the session with a verdict and a reset`, async () => {
      const { ended, received, send, session } = await hostile();
      // The store's first receive must have granted before its data comes.
      for (const frame of frames.slice(0, 1)) await send(frame);
      if (frames.length > 1) await send(...frames.slice(1));
      expect(ended).toHaveLength(1);
      expect(ended[0]).toEqual(expect.any(String));
      expect(received.at(-1)).toMatchObject({ type: frameTypes.reset, stream: 0 });
      await expect(session.call(kinds.read, new Map(), { deadlineMs: 1_000 }).result).rejects.toMatchObject({ code: 'not-found' });
    });
  }

  it('[WIRE-6] a reset ends the session without a verdict', async () => {
    const { ended, send } = await hostile();
    await send({ type: frameTypes.reset, last: true });
    expect(ended).toEqual([undefined]);
  });

  it('[WIRE-6] what comes for a request that has ended is late, not wrong', async () => {
    const { ended, send } = await hostile();
    await send(message({ id: 1 }), message({ kind: kinds.cancel, id: 1 }));
    await send(
      { stream: 1, payload: bytes(100) },
      { type: frameTypes.credit, stream: 1, sequence: 5 },
      message({ kind: kinds.cancel, id: 1 }),
    );
    expect(ended).toEqual([]);
  });
});
