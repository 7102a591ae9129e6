import { randomBytes } from 'node:crypto';
import type { WebSocket } from 'ws';
import { ShoalError, type ErrorCode } from '../src/core/errors.ts';
import { toHex } from '../src/core/bytes/text.ts';
import {
  challengeBytes,
  closeCodes,
  pingsMissedMax,
  type ClientMessage,
  type IceServer,
  type JoinMessage,
  type ServerMessage,
} from '../src/core/wire/signaling.ts';
import type { SocketBudget } from './admission.ts';
import type { Hub } from './hub.ts';
import { readMessage } from './messages.ts';
import { provenNode } from './proof.ts';
import type { Member } from './room.ts';

/** What all connections of one server share. */
export interface Services {
  readonly hub: Hub;
  readonly iceServers: readonly IceServer[];
  readonly joinDeadlineMs: number;
  readonly sendBufferBytesMax: number;
  /** Failure-domain hint of an address. */
  domainOf(address: string): string | undefined;
  /** Whether an address is one of this machine. */
  isLocal(address: string): boolean;
  /** Reports that something was refused or happened; never with an address, an id or a payload. */
  log(level: 'debug' | 'warn', event: string, code?: ErrorCode): void;
}

/** One peer's socket: challenges it, lets it join one swarm, carries its knocks and signals, and closes it when it misbehaves. */
export class Connection {
  readonly #socket: WebSocket;
  readonly #address: string;
  readonly #services: Services;
  readonly #budget: SocketBudget;
  readonly #challenge = Uint8Array.from(randomBytes(challengeBytes));
  readonly #joinDeadline: NodeJS.Timeout;
  #membership: { readonly swarm: string; readonly member: Member } | undefined;
  #pingsMissed = 0;
  #closing = false;

  /** Takes over a socket that was admitted; `budget` is what it may send. */
  constructor(socket: WebSocket, address: string, budget: SocketBudget, services: Services) {
    this.#socket = socket;
    this.#address = address;
    this.#services = services;
    this.#budget = budget;
    this.#joinDeadline = setTimeout(() => this.#refuse('timeout', 'nobody joined in time', closeCodes.idle), services.joinDeadlineMs);
    socket.on('message', (payload: Buffer, binary: boolean) => this.#receive(payload, binary));
    socket.on('pong', () => (this.#pingsMissed = 0));
    socket.on('close', () => this.#ended());
    this.#send({ t: 'challenge', challenge: toHex(this.#challenge) });
  }

  /** Asks for a sign of life. A socket that gave none to the last two questions is cut. */
  ping(): void {
    if (this.#pingsMissed >= pingsMissedMax) {
      this.#services.log('debug', 'dead');
      this.#socket.terminate();
      return;
    }
    this.#pingsMissed += 1;
    this.#socket.ping();
  }

  /**
   * The server ends. The peer stays a member until its socket has closed: were it to leave at once, all others would hear `left` of
   * everyone before their own goodbye.
   */
  goAway(): void {
    this.#closing = true;
    this.#socket.close(1001, 'the server goes away');
  }

  #receive(payload: Buffer, binary: boolean): void {
    if (this.#closing) return;
    try {
      const message = readMessage(payload, binary);
      if (!this.#budget.take(message.t)) throw new ShoalError('busy', `too many messages of kind ${message.t}`);
      this.#obey(message);
    } catch (error) {
      if (!(error instanceof ShoalError)) throw error;
      this.#offended(error);
    }
  }

  #obey(message: ClientMessage): void {
    if (message.t === 'leave') return this.#close(1000, 'left');
    if (message.t === 'join') return this.#join(message);
    if (!this.#membership) throw new ShoalError('auth', 'join first');
    if (message.t === 'alive') return this.#send({ t: 'alive' });
    const { swarm, member } = this.#membership;
    try {
      this.#services.hub.carry(swarm, member, message.to, message);
    } catch (error) {
      // Peers leave at any time: naming one that just did is no offence.
      if (!(error instanceof ShoalError) || error.code !== 'not-found') throw error;
      this.#send({ t: 'error', code: error.code, detail: error.message, to: message.to });
    }
  }

  #join(message: JoinMessage): void {
    if (this.#membership) throw new ShoalError('bad-input', 'this socket has joined already');
    const node = provenNode(message, this.#challenge);
    if (node === undefined) return this.#refuse('auth', 'the signature does not prove this key', closeCodes.refused);
    const domain = this.#services.domainOf(this.#address);
    const where = {
      ...(domain === undefined ? {} : { domain }),
      ...(this.#services.isLocal(this.#address) ? { local: true as const } : {}),
    };
    const member: Member = {
      peer: { node, key: message.key, class: message.hints.class, ...where },
      send: (each) => this.#send(each),
      replaced: () => this.#refuse('stale', 'this key has joined again from elsewhere', closeCodes.replaced),
    };
    try {
      const peers = this.#services.hub.join(message.swarm, member);
      this.#membership = { swarm: message.swarm, member };
      clearTimeout(this.#joinDeadline);
      this.#send({ t: 'peers', you: node, peers: [...peers], ice: [...this.#services.iceServers] });
      this.#services.log('debug', 'joined');
    } catch (error) {
      if (!(error instanceof ShoalError) || error.code !== 'full') throw error;
      this.#refuse('full', error.message, closeCodes.busy);
    }
  }

  /** Answers a message that was not acceptable; the one too many closes the socket. */
  #offended({ code, message }: ShoalError): void {
    this.#services.log('warn', 'refused', code);
    if (this.#budget.offence()) this.#send({ t: 'error', code, detail: message });
    else this.#refuse(code, message, closeCodes.refused);
  }

  #refuse(code: ErrorCode, detail: string, closeCode: number): void {
    this.#services.log('debug', 'closed', code);
    this.#send({ t: 'error', code, detail });
    this.#close(closeCode, detail);
  }

  /** Leaves at once, however long the socket takes to close. Nothing that still arrives is read. */
  #close(code: number, reason: string): void {
    this.#closing = true;
    this.#ended();
    this.#socket.close(code, reason);
  }

  #send(message: ServerMessage): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    if (this.#socket.bufferedAmount > this.#services.sendBufferBytesMax) {
      this.#services.log('warn', 'slow');
      this.#socket.terminate();
      return;
    }
    this.#socket.send(JSON.stringify(message));
  }

  /** May be called twice: when we close, and when the socket has closed. */
  #ended(): void {
    clearTimeout(this.#joinDeadline);
    const membership = this.#membership;
    this.#membership = undefined;
    if (membership) this.#services.hub.leave(membership.swarm, membership.member);
  }
}
