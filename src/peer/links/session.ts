import { errorCodes, ShoalError, type ErrorCode } from '../../core/errors.ts';
import { emptyBody, errorBody, firstNoticeKind, firstRequestKind, kinds } from '../../core/wire/kinds.ts';
import { byeMs, callsMax, incomingRequestsMax, requestIdMax } from '../../core/wire/limits.ts';
import { type Message, noticeOf } from '../../core/wire/message.ts';
import type { Clock, Link, LinkEvents, LinkMeter, Log } from '../ports.ts';
import { OwnCall } from './call.ts';
import type { Caps } from './cap.ts';
import type { Body, Call, Handler, Session, SessionEnd } from './exchange.ts';
import type { Carrier } from './exchange-end.ts';
import type { Authenticated } from './handshake.ts';
import { IncomingRequest } from './incoming.ts';
import { within } from '../within.ts';
import { Mux } from './mux.ts';

/** What a session needs of its owner. */
export interface SessionOwner {
  readonly clock: Clock;
  readonly log: Log;
  readonly meter?: LinkMeter | undefined;
  /** Bandwidth caps, shared by all links. */
  readonly caps?: Caps | undefined;
  handler(kind: number): Handler | undefined;
  notice(session: Session, kind: number, body: Body): void;
  /** Called once, when the session is over. `violation`: how the other side broke the protocol. */
  ended(session: LinkSession, end: SessionEnd, violation: string | undefined): void;
}

/** Requests and notices over one authenticated link (SPEC LINK-*). Ids of the initiator are odd, of the responder even; they rise. */
export class LinkSession implements Session {
  readonly node: string;
  readonly publicKey: Uint8Array;
  readonly id: Uint8Array;
  readonly initiator: boolean;
  readonly openedMs: number;
  readonly #owner: SessionOwner;
  readonly #mux: Mux;
  readonly #carrier: Carrier;
  readonly #calls = new Map<number, OwnCall>();
  readonly #incoming = new Map<number, IncomingRequest>();
  /** Handlers that have not settled: a cancelled request counts until then. */
  #running = 0;
  #nextId: number;
  #highestSeen = 0;
  /** When the last request was over. */
  #usedMs: number;
  #open = true;

  constructor(link: Link, peer: Authenticated, owner: SessionOwner) {
    this.node = peer.node;
    this.publicKey = peer.publicKey;
    this.id = peer.sessionId;
    this.initiator = peer.initiator;
    this.openedMs = owner.clock.now();
    this.#usedMs = this.openedMs;
    this.#owner = owner;
    this.#nextId = peer.initiator ? 1 : 2;
    this.#mux = new Mux(
      link,
      owner.clock,
      {
        message: (message) => this.#message(message),
        stream: (id) => this.#calls.get(id) ?? this.#incoming.get(id) ?? (this.#wasUsed(id) ? 'late' : undefined),
        lost: (end, violation) => this.#end(end, violation),
        carried: (direction, stream, bytes) =>
          owner.meter?.carried(direction, stream, (this.#calls.get(stream) ?? this.#incoming.get(stream))?.kind, bytes),
      },
      owner.caps,
    );
    this.#carrier = {
      budget: this.#mux.budget,
      offer: (source) => this.#mux.offer(source),
      send: (kind, id, body) => this.#mux.send({ kind, id, body }),
      over: (id) => {
        this.#usedMs = owner.clock.now();
        void (this.#calls.delete(id) || this.#incoming.delete(id));
      },
    };
  }

  get stats(): Session['stats'] {
    return this.#mux.stats;
  }

  /** Since when no request is under way, ms; undefined while one is. */
  get idleSinceMs(): number | undefined {
    return this.#calls.size + this.#incoming.size === 0 ? this.#usedMs : undefined;
  }

  /** When something came over it last, ms. */
  get heardMs(): number {
    return this.#mux.heardMs;
  }

  /** Where the link's events go. */
  get events(): LinkEvents {
    return this.#mux.events;
  }

  call(kind: number, body: Body, { deadlineMs }: { readonly deadlineMs: number }): Call {
    const id = this.#nextId;
    const call = new OwnCall(id, kind, this.#carrier);
    this.#owner.meter?.request(kind, 'asked', call.result);
    if (this.#calls.size >= callsMax) {
      call.reject(new ShoalError('busy', 'Too many requests to this peer are under way.'));
      return call;
    }
    this.#nextId += 2;
    // Ids do not come back; after two thousand million requests the pair takes a fresh link.
    if (this.#nextId > requestIdMax) this.close('the request ids are used up');
    this.#calls.set(id, call);
    call.begin(body, this.#owner.clock, deadlineMs);
    return call;
  }

  notify(notice: readonly Uint8Array[]): void {
    if (!this.#open) return;
    try {
      this.#mux.sendFrames(notice);
    } catch (error) {
      this.#owner.log('warn', 'notice not sent', { detail: String(error) });
    }
  }

  close(reason: string): void {
    if (!this.#open) return;
    this.#owner.log('info', 'session closed', { reason });
    this.#mux.close();
  }

  /** Makes room for another link. */
  spare(): void {
    this.#mux.spare();
  }

  /** Says that we leave, waits a moment for it to go out, and closes. */
  async leave(): Promise<void> {
    this.notify(noticeOf(kinds.bye, emptyBody.write({})));
    await within(this.#owner.clock, byeMs, this.#mux.flushed());
    this.close('this peer leaves');
  }

  #message({ kind, id, body }: Message): void {
    if (kind >= firstRequestKind) this.#request(kind, id, body);
    else if (kind >= firstNoticeKind) this.#notice(kind, id, body);
    else if (kind === kinds.cancel) this.#cancelled(id);
    else this.#answer(kind, id, body);
  }

  #request(kind: number, id: number, body: Body): void {
    if (this.#isOwn(id) || id <= this.#highestSeen) throw new ShoalError('bad-input', 'A request has an id out of order.');
    this.#highestSeen = id;
    const handler = this.#owner.handler(kind);
    if (handler === undefined) return this.#refuse(id, kind, 'too-new', 'Requests of this kind are not known here.');
    if (this.#running >= incomingRequestsMax) return this.#refuse(id, kind, 'busy', 'Too many requests on this link are under way.');
    const incoming = new IncomingRequest(id, this.#carrier, this, kind, body);
    this.#incoming.set(id, incoming);
    this.#running++;
    void incoming
      .answer((request) => {
        const answered = handler(request);
        this.#owner.meter?.request(kind, 'served', answered);
        return answered;
      }, this.#owner.log)
      .finally(() => {
        this.#running--;
      });
  }

  #refuse(id: number, kind: number, code: ErrorCode, detail: string): void {
    this.#owner.meter?.request(kind, 'served', Promise.reject(new ShoalError(code, detail)));
    this.#mux.send({ kind: kinds.error, id, body: errorBody.write({ code, detail }) });
  }

  #notice(kind: number, id: number, body: Body): void {
    if (id !== 0) throw new ShoalError('bad-input', 'A notice has the id of a request.');
    if (kind === kinds.bye) this.#mux.close('bye');
    else this.#owner.notice(this, kind, body);
  }

  #cancelled(id: number): void {
    if (this.#isOwn(id) || !this.#wasUsed(id)) throw new ShoalError('bad-input', 'A request that is cancelled was never made.');
    this.#incoming.get(id)?.abandon(new ShoalError('cancelled', 'The other side gave the request up.'));
  }

  #answer(kind: number, id: number, body: Body): void {
    if (!this.#isOwn(id) || !this.#wasUsed(id)) throw new ShoalError('bad-input', 'An answer is to no request.');
    const call = this.#calls.get(id);
    if (kind === kinds.ok) call?.resolve(body);
    else if (kind === kinds.progress) call?.progressed(body);
    else if (kind === kinds.error) call?.reject(remoteError(body));
    else throw new ShoalError('bad-input', 'An answer is of an unknown kind.');
  }

  #isOwn(id: number): boolean {
    return id % 2 === (this.initiator ? 1 : 0);
  }

  /** Whether a request had this id: then what comes for it now is late, not wrong. */
  #wasUsed(id: number): boolean {
    return id > 0 && (this.#isOwn(id) ? id < this.#nextId : id <= this.#highestSeen);
  }

  #end(end: SessionEnd, violation: string | undefined): void {
    if (!this.#open) return;
    this.#open = false;
    const error = new ShoalError('not-found', 'the link to this peer was lost');
    for (const call of [...this.#calls.values()]) call.reject(error);
    for (const incoming of [...this.#incoming.values()]) incoming.abandon(error);
    this.#owner.ended(this, end, violation);
  }
}

/** The typed error that the other side answered; a code that is not known here is `internal`. */
function remoteError(body: Body): ShoalError {
  const { code, detail } = errorBody.read(body);
  return new ShoalError(errorCodes.find((known) => known === code) ?? 'internal', detail);
}
