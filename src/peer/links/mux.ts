import { equalBytes } from '../../core/bytes/compare.ts';
import { ShoalError } from '../../core/errors.ts';
import { toUtf8 } from '../../core/bytes/text.ts';
import { decodeFrame, encodeFrame, type Frame, frameStream, frameTypes } from '../../core/wire/frame.ts';
import { addFragment, controlFrames, encodeMessage, type Fragments, type Message, nothingYet } from '../../core/wire/message.ts';
import type { Clock, Link, LinkEvents } from '../ports.ts';
import type { Caps } from './cap.ts';
import { CreditBudget } from './credit.ts';
import type { SessionEnd } from './exchange.ts';
import { type FrameSource, Outbox } from './outbox.ts';
import type { ReceiveStream } from './receive-stream.ts';
import type { SendStream } from './send-stream.ts';

/** Who stands behind a mux. Throwing `bad-input` says that the other side broke the protocol. */
export interface MuxOwner {
  message(message: Message): void;
  /** The stream of this id; `late` for one that is over, undefined for one that never was. */
  stream(id: number): { readonly incoming: ReceiveStream; readonly outgoing: SendStream } | 'late' | undefined;
  /** Called once. `violation`: how the other side broke the protocol, if that is why. */
  lost(end: SessionEnd, violation: string | undefined): void;
  /** A frame went to the link or came over it. */
  carried(direction: 'sent' | 'received', stream: number, bytes: number): void;
}

/** What a reset says where its sender needed the room (SPEC DIAL-13). */
const sparedCode = toUtf8('busy');

/** Messages and streams over the frames of one link. Everything that does not fit the protocol closes the link. */
export class Mux {
  readonly budget: CreditBudget;
  readonly events: LinkEvents;
  readonly #link: Link;
  readonly #owner: MuxOwner;
  readonly #outbox: Outbox;
  readonly #caps: Caps;
  #fragments: Fragments = nothingYet;
  readonly #clock: Clock;
  #received = 0;
  #heardMs: number;
  #open = true;

  constructor(link: Link, clock: Clock, owner: MuxOwner, caps: Caps = {}) {
    this.#link = link;
    this.#owner = owner;
    this.#caps = caps;
    this.#clock = clock;
    this.#heardMs = clock.now();
    this.#outbox = new Outbox(link, clock, (frame) => owner.carried('sent', frameStream(frame), frame.length), caps.up);
    this.budget = new CreditBudget(
      ({ stream, granted }) =>
        this.#control([encodeFrame({ type: frameTypes.credit, last: false, stream, sequence: granted, payload: new Uint8Array() })]),
      caps.down,
    );
    this.events = {
      frame: (bytes) => this.#frame(bytes),
      drained: () => this.#outbox.pump(),
      closed: (bye) => this.#lose(bye ? 'bye' : 'lost', undefined),
    };
  }

  get stats(): { readonly sent: number; readonly received: number } {
    return { sent: this.#outbox.sent, received: this.#received };
  }

  /** When the last frame came, ms. */
  get heardMs(): number {
    return this.#heardMs;
  }

  /** Queues a control message. Throws `too-large`, `busy` when too much waits already, `not-found` when the link is lost. */
  send(message: Message): void {
    this.sendFrames(controlFrames(encodeMessage(message)));
  }

  /** The same with the frames of one, as `controlFrames` makes them. */
  sendFrames(frames: readonly Uint8Array[]): void {
    if (!this.#open) throw new ShoalError('not-found', 'the link to this peer was lost');
    if (!this.#outbox.control(frames)) throw new ShoalError('busy', 'Too much waits to be sent to this peer.');
  }

  offer(source: FrameSource): void {
    if (this.#open) this.#outbox.offer(source);
  }

  /** Resolves when every control message was handed to the link. */
  flushed(): Promise<void> {
    return this.#outbox.flushed();
  }

  /** Ends the link; `bye`: because the other side said that it leaves. */
  close(end: SessionEnd = 'lost'): void {
    this.#lose(end, undefined);
  }

  /** Ends the link for want of room, and says so: the other side need not worry, nor make it anew. */
  spare(): void {
    this.#reset(sparedCode);
    this.#lose('spared', undefined);
  }

  #frame(bytes: Uint8Array): void {
    if (!this.#open) return;
    this.#received += bytes.length;
    this.#heardMs = this.#clock.now();
    try {
      const frame = decodeFrame(bytes);
      // Data was counted when it was allowed.
      if (frame.type !== frameTypes.data) this.#caps.down?.spend(bytes.length);
      this.#owner.carried('received', frame.stream, bytes.length);
      this.#dispatch(frame);
    } catch (error) {
      if (!(error instanceof ShoalError)) throw error;
      this.#reset(toUtf8(error.code));
      this.#lose('lost', error.message);
    }
  }

  #dispatch(frame: Frame): void {
    if (frame.type === frameTypes.control) return this.#fragment(frame);
    if (frame.type === frameTypes.reset) return this.#lose(equalBytes(frame.payload, sparedCode) ? 'spared' : 'lost', undefined);
    if (frame.type === frameTypes.hello) throw new ShoalError('bad-input', 'A hello came after the handshake.');
    const stream = this.#owner.stream(frame.stream);
    if (stream === undefined) throw new ShoalError('bad-input', 'A frame is of no stream.');
    if (stream === 'late') return;
    if (frame.type === frameTypes.data) return stream.incoming.frame(frame);
    if (frame.payload.length > 0 || frame.last) throw new ShoalError('bad-input', 'A credit frame has a payload.');
    stream.outgoing.allow(frame.sequence);
  }

  #fragment(frame: Frame): void {
    const got = addFragment(this.#fragments, frame);
    if ('frames' in got) {
      this.#fragments = got;
    } else {
      this.#fragments = nothingYet;
      this.#owner.message(got);
    }
  }

  #reset(code: Uint8Array): void {
    this.#control([encodeFrame({ type: frameTypes.reset, last: true, stream: 0, sequence: 0, payload: code })]);
  }

  /** Control frames that must not be lost: where the queue has no room for them, the other side does not read, and the link ends. */
  #control(frames: readonly Uint8Array[]): void {
    if (this.#open && !this.#outbox.control(frames)) this.#lose('lost', undefined);
  }

  #lose(end: SessionEnd, violation: string | undefined): void {
    if (!this.#open) return;
    this.#open = false;
    this.#outbox.close();
    this.#link.close();
    this.#owner.lost(end, violation);
  }
}
