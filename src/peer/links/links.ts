import { nodeId } from '../../core/crypto/keys.ts';
import { ShoalError } from '../../core/errors.ts';
import { connectMs, linksMax, linksWanted, silentAfterMs, spareAfterMs } from '../../core/wire/limits.ts';
import type { Clock, Crypto, Dialer, Identity, Link, LinkMeter, Log, Random, Signaling } from '../ports.ts';
import type { Caps } from './cap.ts';
import { Connector, type LinkBounds } from './connector.ts';
import { type Deferred, deferred } from './deferred.ts';
import type { Body, Handler, Links, LinksEvents, Session } from './exchange.ts';
import type { Authenticated } from './handshake.ts';
import { LinkSession, type SessionOwner } from './session.ts';

export interface LinksOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly crypto: Crypto;
  readonly identity: Pick<Identity, 'node'>;
  readonly signaling: Signaling;
  readonly dialer: Dialer;
  readonly log: Log;
  /** Name of the swarm; peers of another one fail the handshake. */
  readonly swarm: string;
  readonly events: LinksEvents;
  /** Links that a peer makes by itself, and has at most: 16 and 64 unless said otherwise. */
  readonly bounds?: LinkBounds | undefined;
  readonly meter?: LinkMeter | undefined;
  /** Limits on bandwidth, over all links. */
  readonly caps?: Caps | undefined;
}

/** The sessions of one peer: one with each peer that signaling introduces, made, kept and renewed by themselves. */
export function createLinks(options: LinksOptions): Links {
  const { clock, random, crypto, identity, signaling, dialer, log, swarm, events } = options;
  const { bounds = { wanted: linksWanted, max: linksMax } } = options;
  const self = nodeId(identity.node.publicKey);
  const sessions = new Map<string, LinkSession>();
  const handlers = new Map<number, Handler>();
  const notices = new Map<number, (session: Session, body: Body) => void>();
  const waiting = new Map<string, Deferred<Session>>();

  const connector = new Connector({
    clock,
    random,
    crypto,
    node: identity.node,
    swarm,
    self,
    signaling,
    dialer,
    log,
    bounds,
    sessions: () => sessions.size,
    heard: () => [...sessions.values()].filter(isHeard).length,
    spareable: () => spareable().length,
    linked: (node) => sessions.has(node),
    connected,
    refused: (node, code, reason) => events.refused(node, code, reason),
  });

  const owner: SessionOwner = {
    clock,
    log,
    meter: options.meter,
    caps: options.caps,
    handler: (kind) => handlers.get(kind),
    notice: (session, kind, body) => notices.get(kind)?.(session, body),
    ended(session, end, violation) {
      const { node, openedMs } = session;
      const current = sessions.get(node) === session;
      if (current) sessions.delete(node);
      events.closed(node, end);
      if (violation !== undefined) events.verdict({ node, reason: 'protocol', detail: violation });
      if (current) connector.lost(node, end, violation === undefined ? clock.now() - openedMs : 0);
    },
  };

  function connected(link: Link, peer: Authenticated): void {
    const old = sessions.get(peer.node);
    const session = new LinkSession(link, peer, owner);
    sessions.set(peer.node, session);
    // One link per pair: the other side has made a new one, so it has lost the old one or soon will.
    old?.close('replaced by a newer link');
    events.opened(session);
    waiting.get(peer.node)?.resolve(session);
    peer.attach(session.events);
    for (const spared of spareable().slice(0, Math.max(0, sessions.size - bounds.max))) spared.spare();
    // What could be spared when it was dialled may be in use now.
    if (sessions.size > bounds.max) session.spare();
  }

  /** Something came over it lately: a worker may be dead behind a page that keeps its channel open for ever. */
  const isHeard = ({ heardMs }: LinkSession): boolean => clock.now() - heardMs < silentAfterMs;

  /**
   * The links that can be spared: those that are silent, and then those that are idle for long enough, the longest first. Never those that have
   * lasted the longest, as many as are wanted: else whoever makes peers enough could take the place of everybody else.
   */
  function spareable(): LinkSession[] {
    const all = [...sessions.values()];
    const lasting = all.toSorted((a, b) => Number(isHeard(b)) - Number(isHeard(a)) || a.openedMs - b.openedMs);
    const since = (session: LinkSession): number => (isHeard(session) ? (session.idleSinceMs ?? Infinity) : 0);
    const mostMs = clock.now() - spareAfterMs;
    return lasting
      .slice(bounds.wanted)
      .filter((session) => since(session) <= mostMs)
      .toSorted((a, b) => since(a) - since(b) || b.openedMs - a.openedMs);
  }

  /** Waits for the session with `node`, whoever asked first. */
  function awaited(node: string): Promise<Session> {
    const known = waiting.get(node);
    if (known !== undefined) return known.promise;
    const wait = deferred<Session>();
    const stopTimer = clock.timer(connectMs, () => wait.reject(new ShoalError('timeout', 'no link to this peer in time')));
    waiting.set(node, wait);
    const done = (): void => {
      stopTimer();
      waiting.delete(node);
    };
    wait.promise.then(done, done);
    return wait.promise;
  }

  let stopTelling: (() => void) | undefined;
  /** One list for all that came or went in one moment: when a server is back they are many. */
  const introduced = (): void => {
    stopTelling ??= clock.timer(0, () => {
      stopTelling = undefined;
      events.peers(connector.introductions());
    });
  };

  return {
    self,
    start() {
      signaling.start({
        state(state, retryMs) {
          connector.setJoined(state === 'joined');
          events.signaling(state, retryMs);
        },
        peers(peers) {
          connector.introduceAll(peers);
          introduced();
        },
        joined(peer) {
          connector.introduce(peer);
          introduced();
        },
        left(node) {
          connector.left(node);
          introduced();
        },
        knock: (from) => connector.knock(from),
        signal: (from, data) => connector.signal(from, data),
      });
    },
    async stop() {
      connector.stop();
      stopTelling?.();
      for (const wait of [...waiting.values()]) wait.reject(new ShoalError('cancelled', 'this peer leaves'));
      await Promise.all([...sessions.values()].map((session) => session.leave()));
      signaling.stop();
    },
    sessions: () => [...sessions.values()],
    session: (node) => sessions.get(node),
    async connect(node) {
      const session = sessions.get(node);
      if (session !== undefined) return session;
      connector.demand(node);
      return awaited(node);
    },
    handle: (kind, handler) => void handlers.set(kind, handler),
    onNotify: (kind, handler) => void notices.set(kind, handler),
  };
}
