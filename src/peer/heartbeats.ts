import { encodeSigned, signingBytes } from '../core/object/signed.ts';
import { encodeHeartbeatBody, heartbeatLabel } from '../core/wire/heartbeat.ts';
import { heartbeatBody, kinds } from '../core/wire/kinds.ts';
import { noticeOf } from '../core/wire/message.ts';
import { type PeerClass, peerClasses } from '../core/wire/signaling.ts';
import type { Links, Session } from './links/exchange.ts';
import type { Clock, Log, Signer, Usage } from './ports.ts';
import { carriedBytes, movingBytes } from './traffic.ts';

/** Time between two heartbeats: while nothing moves, and while data does. */
const idleMs = 30_000;
const movingMs = 5_000;
/** After a change of usage the next heartbeat comes this soon, so that a burst of stores makes one. */
const soonMs = 500;

/** What an operator says of a peer: words of at most 64 bytes. Hints, that nobody believes in the peer's favour. */
export interface PeerHints {
  /** A visitor unless said otherwise. */
  readonly class?: PeerClass;
  /** Peers of one failure domain are lost together: a machine, a house, a provider. */
  readonly domain?: string;
  readonly region?: string;
}

/** The heartbeats of this peer: signed statements that it lives and what it lends, on every link (SPEC BEAT-*). */
export interface OwnHeartbeats {
  /** Tells the linked peers soon that the own usage changed. */
  soon(): void;
  /** One at once to a link that has just opened. */
  greet(session: Session): void;
  stop(): void;
}

export function createOwnHeartbeats(options: {
  readonly clock: Clock;
  readonly node: Signer;
  readonly links: Links;
  readonly usage: () => Usage;
  readonly hints: PeerHints;
  readonly log: Log;
}): OwnHeartbeats {
  const { clock, node, links, usage, log } = options;
  const { class: named = 'visitor', ...words } = options.hints;
  const incarnation = clock.now();
  let seq = 0;
  let stopped = false;
  let lastMs = 0;
  let nextMs = Infinity;
  let carried = 0;
  let cancelNext = (): void => {};
  let cancelLook = (): void => {};

  const sign = async (): Promise<Uint8Array> => {
    const { capacity, used, reserved, headroom } = usage();
    const counts = { capacity, used, reserved, headroom };
    const stated = { class: peerClasses.indexOf(named), ...counts, ts: clock.now(), ...words };
    const body = encodeHeartbeatBody({ node: node.publicKey, incarnation, seq: ++seq, ...stated });
    return encodeSigned(body, await node.sign(signingBytes(heartbeatLabel, body)));
  };

  const beat = async (to: readonly Session[]): Promise<void> => {
    if (to.length === 0) return;
    const notice = noticeOf(kinds.heartbeat, heartbeatBody.write({ signed: await sign() }));
    for (const session of to) session.notify(notice);
  };

  const report = (error: unknown): void => log('error', 'heartbeat failed', { detail: String(error) });

  /** The next heartbeat in `ms`, or sooner where one is due before: a run of changes does not put it off. */
  const schedule = (ms: number): void => {
    const atMs = clock.now() + ms;
    if (stopped || nextMs <= atMs) return;
    cancelNext();
    nextMs = atMs;
    cancelNext = clock.timer(ms, () => {
      nextMs = Infinity;
      lastMs = clock.now();
      beat(links.sessions()).catch(report);
      schedule(idleMs);
    });
  };

  const look = (): void => {
    cancelLook = clock.timer(movingMs, look);
    const now = carriedBytes(links);
    if (Math.abs(now - carried) >= movingBytes) schedule(Math.max(0, lastMs + movingMs - clock.now()));
    carried = now;
  };

  schedule(idleMs);
  look();

  return {
    soon: () => schedule(soonMs),
    greet: (session) => void beat([session]).catch(report),
    stop() {
      stopped = true;
      cancelNext();
      cancelLook();
    },
  };
}
