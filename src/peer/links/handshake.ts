import { equalBytes } from '../../core/bytes/compare.ts';
import { nodeId } from '../../core/crypto/keys.ts';
import { ShoalError } from '../../core/errors.ts';
import { signingBytes } from '../../core/object/signed.ts';
import {
  commonVersion,
  decodeHello,
  encodeHello,
  fingerprintBytes,
  handshakeLabels,
  type Hello,
  sessionId,
  type Side,
  transcript,
} from '../../core/wire/handshake.ts';
import { handshakeMs, protocolVersion } from '../../core/wire/limits.ts';
import type { Clock, Crypto, Link, LinkEvents, Random, Signer } from '../ports.ts';
import { HelloInbox } from './hello-inbox.ts';

const versions = [protocolVersion];

export interface HandshakeOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly crypto: Crypto;
  /** Our node key. */
  readonly node: Signer;
  readonly swarm: string;
  /** NodeId that we dialled, or that signaling said dials us. The lower NodeId of the two is the initiator. */
  readonly expected: string;
}

/** Who is at the other end of a link, proven. */
export interface Authenticated {
  readonly node: string;
  readonly publicKey: Uint8Array;
  readonly sessionId: Uint8Array;
  readonly initiator: boolean;
  /** Hands the link over: every frame from now on, and those that came meanwhile, go to `events`. */
  attach(events: LinkEvents): void;
}

/**
 * Proves both ends of a fresh link to each other (SPEC HAND-*): hello and hello, then the responder signs the transcript, then the
 * initiator. Both DTLS certificates are in it, so whoever sits between two links is found out by both sides.
 *
 * Throws `auth` for everything that is not this exchange, `too-new`, `timeout` after 10 s; the link is closed then.
 */
export async function authenticate(link: Link, options: HandshakeOptions): Promise<Authenticated> {
  const inbox = new HelloInbox(link);
  const stopTimer = options.clock.timer(handshakeMs, () => inbox.fail(new ShoalError('timeout', 'The handshake took too long.')));
  try {
    return await converse(link, inbox, options);
  } catch (error) {
    link.close();
    // A malformed hello is as good a reason as a wrong signature: whoever sent it has proven nothing.
    if (error instanceof ShoalError && error.code === 'bad-input') throw new ShoalError('auth', error.message);
    throw error;
  } finally {
    stopTimer();
  }
}

async function converse(link: Link, inbox: HelloInbox, options: HandshakeOptions): Promise<Authenticated> {
  const { random, crypto, node, swarm, expected } = options;
  const fingerprints = await inbox.or(link.fingerprints);
  const ours: Side = { hello: greeting(node, random), fingerprint: fingerprints.local };
  fingerprintBytes(ours.fingerprint);
  inbox.say(encodeHello(ours.hello));

  const theirs: Side = { hello: decodeHello(await inbox.next(), versions), fingerprint: fingerprints.remote };
  const { publicKey } = theirs.hello;
  commonVersion(versions, theirs.hello.versions);
  if (nodeId(publicKey) !== expected || equalBytes(publicKey, node.publicKey)) throw auth('The other side has another NodeId.');

  const initiator = nodeId(node.publicKey) < expected;
  const hash = initiator ? transcript(swarm, ours, theirs) : transcript(swarm, theirs, ours);
  const sign = async (label: string): Promise<void> => inbox.say(await inbox.or(node.sign(signingBytes(label, hash))));
  const check = async (label: string, signature: Uint8Array): Promise<void> => {
    if (!(await inbox.or(crypto.verify(publicKey, signingBytes(label, hash), signature))))
      throw auth('The other side signed another link.');
  };
  if (initiator) {
    await check(handshakeLabels.responder, await inbox.next());
    inbox.hold();
    await sign(handshakeLabels.initiator);
  } else {
    await sign(handshakeLabels.responder);
    // The initiator is done when it has signed, and may go on at once: what comes while its signature is checked waits for the verdict.
    await check(handshakeLabels.initiator, await inbox.lastThenHold());
  }
  return { node: expected, publicKey, sessionId: sessionId(hash), initiator, attach: (events) => inbox.attach(events) };
}

function greeting(node: Signer, random: Random): Hello {
  return { versions, publicKey: node.publicKey, nonce: random.bytes(32), features: [] };
}

function auth(message: string): ShoalError {
  return new ShoalError('auth', message);
}
