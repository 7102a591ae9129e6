import { fromHex, toHex } from '../core/bytes/text.ts';
import {
  type ClientMessage,
  closeCodes,
  type IntroducedPeer,
  joinSigningBytes,
  type PeerClass,
  type ServerMessage,
  serverMessageBytesMax,
  signalingVersion,
} from '../core/wire/signaling.ts';
import { readServerMessage } from '../core/wire/server-message.ts';
import type { Clock, Introduction, Log, Random, SignalData, Signaling, SignalingEvents, Signer } from '../peer/ports.ts';

/** Wait before the first rejoin, and the longest; it doubles from one to the other. */
export const rejoinMinMs = 500;
export const rejoinMaxMs = 30_000;
/** A stay this long ends the doubling; a shorter one does not, or a server that drops us at once would be asked twice a second. */
export const steadyMs = 30_000;
/** A socket on which the whole join takes longer is given up. */
export const joinMs = 15_000;

/** After so long without a word from the server it is asked whether it is there, and after so much longer the socket is given up. */
export const quietMs = 30_000;
export const answerMs = 15_000;

/** The part of a WebSocket that is used. */
export interface Socket {
  onmessage: ((event: MessageEvent<unknown>) => void) | null;
  onclose: ((event: CloseEvent) => void) | null;
  send(text: string): void;
  close(): void;
}

export interface WebSocketSignalingOptions {
  /** Opens a socket to the server: `() => new WebSocket(url)`. */
  readonly connect: () => Socket;
  readonly swarm: string;
  /** The node key: proves who joins. */
  readonly signer: Signer;
  readonly class: PeerClass;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** Signaling over one WebSocket to the discovery server, rejoining by itself (SPEC SGC-*). */
export class WebSocketSignaling implements Signaling {
  readonly #options: WebSocketSignalingOptions;
  #events: SignalingEvents | undefined;
  #socket: Socket | undefined;
  #joinedAt: number | undefined;
  #failures = 0;
  #cancelTimer: () => void = () => undefined;
  #iceServers: readonly RTCIceServer[] = [];

  constructor(options: WebSocketSignalingOptions) {
    this.#options = options;
  }

  /** STUN and TURN servers of the last join, for whoever dials. */
  get iceServers(): readonly RTCIceServer[] {
    return this.#iceServers;
  }

  start(events: SignalingEvents): void {
    this.#events = events;
    this.#open();
  }

  /** Dropped while not joined: the next list of peers brings everybody back. */
  knock(to: string): void {
    if (this.#joinedAt !== undefined) this.#send({ t: 'knock', to });
  }

  /** Dropped while not joined: the negotiation it belongs to ends by its dial timeout. */
  signal(to: string, data: SignalData): void {
    if (this.#joinedAt !== undefined) this.#send({ t: 'signal', to, data });
  }

  stop(): void {
    this.#events = undefined;
    this.#cancelTimer();
    if (this.#joinedAt !== undefined) this.#send({ t: 'leave' });
    this.#forget()?.close();
  }

  #open(): void {
    this.#events?.state('connecting');
    const socket = this.#options.connect();
    this.#socket = socket;
    socket.onmessage = ({ data }) => this.#receive(socket, data);
    socket.onclose = ({ code }) => this.#lose(socket, code);
    this.#cancelTimer = this.#options.clock.timer(joinMs, () => this.#lose(socket, undefined));
  }

  #receive(socket: Socket, data: unknown): void {
    if (socket !== this.#socket) return;
    if (this.#joinedAt !== undefined) this.#listen(socket);
    const message = parse(data);
    if (message) return this.#handle(socket, message);
    this.#options.log('warn', 'signaling.unreadable', { chars: typeof data === 'string' ? data.length : 0 });
  }

  #handle(socket: Socket, message: ServerMessage): void {
    const events = this.#events;
    switch (message.t) {
      case 'challenge':
        return void this.#join(socket, fromHex(message.challenge));
      case 'peers':
        this.#listen(socket);
        this.#joinedAt = this.#options.clock.now();
        this.#iceServers = message.ice as readonly RTCIceServer[];
        events?.state('joined');
        return events?.peers(message.peers.filter(({ node }) => node !== message.you).map(introduction));
      case 'joined':
        return events?.joined(introduction(message.peer));
      case 'left':
        return events?.left(message.node);
      case 'knock':
        return events?.knock(message.from);
      case 'signal':
        return events?.signal(message.from, message.data);
      case 'alive':
        return;
      case 'error':
        // A peer that has just left is nothing to be warned of.
        return this.#options.log(message.code === 'not-found' ? 'info' : 'warn', 'signaling.refused', {
          code: message.code,
          detail: message.detail,
        });
    }
  }

  /**
   * The server has just been heard. A socket whose other end went without a word, as while the machine slept, tells nothing of it for
   * minutes: silence does.
   */
  #listen(socket: Socket): void {
    const { clock } = this.#options;
    this.#cancelTimer();
    this.#cancelTimer = clock.timer(quietMs, () => {
      this.#send({ t: 'alive' });
      this.#cancelTimer = clock.timer(answerMs, () => this.#lose(socket, undefined));
    });
  }

  async #join(socket: Socket, challenge: Uint8Array): Promise<void> {
    const { swarm, signer } = this.#options;
    const signature = toHex(await signer.sign(joinSigningBytes(challenge, swarm)));
    if (socket !== this.#socket) return;
    const hints = { class: this.#options.class };
    this.#send({ t: 'join', v: signalingVersion, swarm, key: toHex(signer.publicKey), hints, signature });
  }

  #send(message: ClientMessage): void {
    this.#socket?.send(JSON.stringify(message));
  }

  /** The socket is gone (`code`) or too slow: try again later, unless another socket of our own key took its place. */
  #lose(socket: Socket, code: number | undefined): void {
    if (socket !== this.#socket) return;
    const stayedMs = this.#joinedAt === undefined ? 0 : this.#options.clock.now() - this.#joinedAt;
    this.#failures = stayedMs >= steadyMs ? 0 : this.#failures + 1;
    this.#forget()?.close();
    this.#cancelTimer();
    if (code === closeCodes.replaced) {
      this.#events?.state('lost');
      return this.#options.log('warn', 'signaling.replaced');
    }
    const waitMs = this.#waitMs();
    this.#cancelTimer = this.#options.clock.timer(waitMs, () => this.#open());
    this.#events?.state('lost', this.#options.clock.now() + waitMs);
  }

  /** Exponential, and spread over its upper half: peers that lost one server do not come back as one. */
  #waitMs(): number {
    const longest = Math.min(rejoinMaxMs, rejoinMinMs * 2 ** Math.max(0, this.#failures - 1));
    const spread = (this.#options.random.bytes(1)[0] ?? 0) / 255;
    return Math.round(longest * (0.5 + spread / 2));
  }

  #forget(): Socket | undefined {
    const socket = this.#socket;
    this.#socket = undefined;
    this.#joinedAt = undefined;
    return socket;
  }
}

const introduction = ({ node, domain, local }: IntroducedPeer): Introduction => ({ node, domain, local });

/** A message of the server; undefined when it is none that this version knows. */
function parse(data: unknown): ServerMessage | undefined {
  if (typeof data !== 'string' || data.length > serverMessageBytesMax) return undefined;
  try {
    return readServerMessage(JSON.parse(data));
  } catch {
    return undefined;
  }
}
