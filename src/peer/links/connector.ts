import { ShoalError, type ErrorCode } from '../../core/errors.ts';
import { connectMs, dialsMax, knockAfterMs, peersMax, redialMaxMs, redialMinMs, steadyLinkMs } from '../../core/wire/limits.ts';
import type { Dialer, Introduction, Link, Log, SignalData, Signaling } from '../ports.ts';
import { Attempt } from './attempt.ts';
import type { SessionEnd } from './exchange.ts';
import type { Authenticated, HandshakeOptions } from './handshake.ts';
import { knockDelayMs, redialDelayMs } from './redial.ts';

/** What is known of one other peer, linked or not. */
interface Entry {
  readonly node: string;
  introduction?: Introduction | undefined;
  /** It said bye: left alone until signaling brings a sign of it. */
  resting: boolean;
  attempt?: Attempt | undefined;
  /** To be dialled, or knocked at, and now. */
  due: boolean;
  /** Until when it may be made past the number of links that a peer makes by itself, ms: somebody asked for it, here or there, or it broke. */
  demandedUntilMs: number;
  /** It was knocked at a moment ago and may dial. */
  knocked: boolean;
  /** In a row, of dials that we began. */
  failures: number;
  /** The one redial without delay was spent. */
  redialled: boolean;
  knocks: number;
  endedMs: number;
  stopTimer?: (() => void) | undefined;
}

export interface LinkBounds {
  /** Links that a peer makes by itself. */
  readonly wanted: number;
  /** Links it has at most, with those that were asked for. */
  readonly max: number;
}

export interface ConnectorOptions extends Omit<HandshakeOptions, 'expected'> {
  readonly self: string;
  readonly signaling: Pick<Signaling, 'knock' | 'signal'>;
  readonly dialer: Dialer;
  readonly log: Log;
  readonly bounds: LinkBounds;
  /** Sessions open now, those of them over which something came lately, and those that could make room. */
  sessions(): number;
  heard(): number;
  spareable(): number;
  linked(node: string): boolean;
  connected(link: Link, peer: Authenticated): void;
  refused(node: string, code: ErrorCode, reason: string): void;
}

/**
 * Decides which peer is dialled when (SPEC DIAL-*): the lower NodeId dials, the other one knocks when nothing comes; 4 dials at once;
 * a failed dial is repeated once at once, then with backoff. A peer stops looking for links long before it has no room for one more: else
 * those who come later would find nobody who has.
 */
export class Connector {
  readonly #options: ConnectorOptions;
  readonly #entries = new Map<string, Entry>();
  #dials = 0;
  #attempts = 0;
  /** Peers that were knocked at and may dial. */
  #knocked = 0;
  #joined = false;
  #stopped = false;

  constructor(options: ConnectorOptions) {
    this.#options = options;
  }

  /** Every peer that signaling knows of, in the order met. */
  introductions(): Introduction[] {
    return [...this.#entries.values()].flatMap(({ introduction }) => introduction ?? []);
  }

  /** Whether signaling can be reached: without it there is nothing to negotiate by. */
  setJoined(joined: boolean): void {
    this.#joined = joined;
    this.#dialDue();
  }

  /** The whole list of other peers. */
  introduceAll(peers: readonly Introduction[]): void {
    const listed = new Set(peers.map(({ node }) => node));
    for (const node of [...this.#entries.keys()]) if (!listed.has(node)) this.left(node);
    // Dials go in this order, so everyone has one of their own: else all would dial the same few, which have no room for all.
    const mixed = peers.map((peer) => ({ peer, at: this.#options.random.bytes(1)[0]! })).sort((a, b) => a.at - b.at);
    for (const { peer } of mixed) this.introduce(peer);
  }

  introduce(peer: Introduction): void {
    const entry = this.#entry(peer.node);
    if (entry === undefined) return;
    const known = entry.introduction !== undefined && !entry.resting;
    Object.assign(entry, { introduction: peer, resting: false });
    if (!known && !this.#options.linked(peer.node)) this.#begin(entry);
    this.#dialDue();
  }

  left(node: string): void {
    const entry = this.#entries.get(node);
    if (entry === undefined) return;
    entry.introduction = undefined;
    this.#rest(entry);
    this.#forget(entry);
  }

  /** Negotiation data from `from`, as signaling says. */
  signal(from: string, data: SignalData): void {
    if (this.#stopped) return;
    if (data.type === 'offer') this.#answer(from, data);
    else this.#entries.get(from)?.attempt?.signal(data);
  }

  /** The peer asks to be dialled: it has no link to us, whatever we believe. */
  knock(from: string): void {
    const entry = this.#entries.get(from);
    if (this.#stopped || entry === undefined || !this.#isOurs(from)) return;
    this.#demand(entry);
  }

  /** Makes the link to `node` soon. Throws `not-found` for an unknown peer, `busy` when there are too many links. */
  demand(node: string): void {
    const entry = this.#entries.get(node);
    if (entry?.introduction === undefined && entry?.attempt === undefined)
      throw new ShoalError('not-found', 'signaling does not know this peer');
    if (entry.attempt === undefined && !this.#hasRoom(true))
      throw new ShoalError('busy', `there are ${this.#options.bounds.max} links already, and all are in use`);
    this.#demand(entry);
  }

  /** The session with `node` is over; it had lasted `livedMs`. */
  lost(node: string, end: SessionEnd, livedMs: number): void {
    const entry = this.#entries.get(node);
    if (entry === undefined) return;
    entry.endedMs = this.#options.clock.now();
    entry.resting = end === 'bye';
    if (livedMs >= steadyLinkMs) entry.failures = 0;
    else entry.failures++;
    if (end === 'lost') entry.demandedUntilMs = this.#options.clock.now() + connectMs;
    // Whoever needed the room of this link is not asked for it again soon.
    const leastMs = end === 'spared' ? redialMaxMs : 0;
    this.#again(entry, entry.failures === 0 ? 0 : redialDelayMs(entry.failures, this.#options.random), leastMs);
    this.#forget(entry);
    this.#dialDue();
  }

  stop(): void {
    this.#stopped = true;
    for (const entry of this.#entries.values()) {
      this.#rest(entry);
      entry.attempt?.close();
    }
  }

  /** The lower NodeId dials. */
  #isOurs(node: string): boolean {
    return this.#options.self < node;
  }

  /** Whether one more link may be made: of those that were asked for also where an idle one has to go for it. */
  #hasRoom(demanded: boolean): boolean {
    const { bounds, sessions, heard, spareable } = this.#options;
    if (!demanded && heard() + this.#attempts + this.#knocked >= bounds.wanted) return false;
    const links = sessions() + this.#attempts;
    // Which links can be spared is a walk over all of them: looked for only where it matters.
    return links < bounds.max || links < bounds.max + spareable();
  }

  #entry(node: string): Entry | undefined {
    const known = this.#entries.get(node);
    if (known !== undefined) return known;
    if (node === this.#options.self || this.#entries.size >= peersMax) return undefined;
    const entry: Entry = {
      node,
      resting: false,
      due: false,
      demandedUntilMs: -Infinity,
      knocked: false,
      failures: 0,
      redialled: false,
      knocks: 0,
      endedMs: -Infinity,
    };
    this.#entries.set(node, entry);
    return entry;
  }

  /** A peer that is neither known to signaling nor linked nor being linked is forgotten. */
  #forget({ node, introduction, attempt }: Entry): void {
    if (introduction === undefined && attempt === undefined && !this.#options.linked(node)) this.#entries.delete(node);
  }

  #rest(entry: Entry): void {
    if (entry.knocked) this.#knocked--;
    entry.knocked = false;
    entry.due = false;
    entry.stopTimer?.();
    entry.stopTimer = undefined;
  }

  #begin(entry: Entry): void {
    entry.knocks = 0;
    this.#again(entry, 0);
  }

  /** Dials after `delayMs` where that is ours to do; else waits to be dialled, and knocks. Neither sooner than after `leastMs`. */
  #again(entry: Entry, delayMs: number, leastMs = 0): void {
    this.#rest(entry);
    if (this.#stopped || entry.resting || entry.introduction === undefined || entry.attempt !== undefined) return;
    const waitMs = Math.max(leastMs, this.#isOurs(entry.node) ? delayMs : knockDelayMs(entry.knocks, this.#options.random));
    if (waitMs === 0) entry.due = true;
    else this.#after(entry, waitMs, () => (entry.due = true));
  }

  /** Asks to be dialled. Until that may have come about it counts as a link, so that no more are asked for than are wanted. */
  #knock(entry: Entry): void {
    this.#rest(entry);
    entry.knocks++;
    entry.knocked = true;
    this.#knocked++;
    this.#options.signaling.knock(entry.node);
    const againMs = knockDelayMs(entry.knocks, this.#options.random);
    this.#after(entry, knockAfterMs, () => {
      this.#rest(entry);
      this.#after(entry, againMs - knockAfterMs, () => (entry.due = true));
    });
  }

  #after(entry: Entry, ms: number, run: () => void): void {
    entry.stopTimer = this.#options.clock.timer(ms, () => {
      entry.stopTimer = undefined;
      run();
      this.#dialDue();
    });
  }

  /** Somebody waits for this link. Skips what is left of a backoff, but for the last second of it: asking cannot make us dial in a loop. */
  #demand(entry: Entry): void {
    entry.demandedUntilMs = this.#options.clock.now() + connectMs;
    if (entry.attempt !== undefined || entry.knocked) return;
    entry.resting = false;
    this.#again(entry, Math.max(0, entry.endedMs + redialMinMs - this.#options.clock.now()));
    entry.due ||= !this.#isOurs(entry.node);
    this.#dialDue();
  }

  #dialDue(): void {
    if (!this.#joined || this.#stopped) return;
    const nowMs = this.#options.clock.now();
    // Within one pass room only shrinks, and to look for it is a walk over all links.
    const full = new Set<boolean>();
    for (const entry of this.#entries.values()) {
      const isOurs = this.#isOurs(entry.node);
      const isDemanded = entry.demandedUntilMs > nowMs;
      if (!entry.due || full.has(isDemanded) || (isOurs && this.#dials >= dialsMax)) continue;
      if (!this.#hasRoom(isDemanded)) full.add(isDemanded);
      else if (isOurs) this.#attempt(entry, true);
      else this.#knock(entry);
    }
  }

  #answer(from: string, offer: SignalData): void {
    const { log, linked } = this.#options;
    const entry = this.#entry(from);
    if (entry === undefined || this.#isOurs(from)) return log('warn', 'offer refused', { reason: 'it is not theirs to dial' });
    // The peer dials anew: what we have of it is stale. A session stays until the new link is proven, for an offer can be forged.
    if (entry.attempt !== undefined) this.#close(entry, entry.attempt);
    else if (!linked(from) && !this.#hasRoom(true)) {
      this.#forget(entry);
      return log('info', 'offer refused', { reason: 'too many links' });
    }
    this.#attempt(entry, false).signal(offer);
  }

  #attempt(entry: Entry, initiator: boolean): Attempt {
    this.#rest(entry);
    entry.resting = false;
    this.#attempts++;
    if (initiator) this.#dials++;
    const over = (): void => {
      entry.attempt = undefined;
      entry.endedMs = this.#options.clock.now();
      this.#attempts--;
      if (initiator) this.#dials--;
    };
    const attempt = new Attempt({
      dialer: this.#options.dialer,
      handshake: { ...this.#options, expected: entry.node },
      initiator,
      signal: (data) => this.#options.signaling.signal(entry.node, data),
      connected: (link, peer) => {
        over();
        Object.assign(entry, { redialled: false, demandedUntilMs: -Infinity, knocks: 0 });
        this.#options.connected(link, peer);
        this.#dialDue();
      },
      failed: (code, reason, opened) => {
        over();
        this.#failed(entry, code, reason, opened);
      },
    });
    entry.attempt = attempt;
    return attempt;
  }

  /** Drops an attempt of the other side that it has dropped itself. */
  #close(entry: Entry, attempt: Attempt): void {
    attempt.close();
    entry.attempt = undefined;
    this.#attempts--;
  }

  #failed(entry: Entry, code: ErrorCode, reason: string, opened: boolean): void {
    this.#options.log('info', 'dial failed', { peer: entry.node.slice(0, 8), code, reason });
    if (opened) this.#options.refused(entry.node, code, reason);
    // One that hung for 10 s would hold up others for as long once more.
    const atOnce = !opened && !entry.redialled && code !== 'timeout';
    if (atOnce) entry.redialled = true;
    else entry.failures++;
    if (!this.#options.linked(entry.node)) this.#again(entry, atOnce ? 0 : redialDelayMs(entry.failures, this.#options.random));
    this.#forget(entry);
    this.#dialDue();
  }
}
