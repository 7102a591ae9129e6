import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { joinSigningBytes, signalingPath, type ClientMessage, type JoinMessage, type ServerMessage } from '../src/core/wire/signaling.ts';
import { readServerMessage } from '../src/core/wire/server-message.ts';

/** A node key of a test peer. */
export interface TestKey {
  readonly privateKey: KeyObject;
  /** Public key and NodeId, hex. */
  readonly key: string;
  readonly node: string;
}

export function testKey(): TestKey {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const bytes = Buffer.from(publicKey.export({ format: 'jwk' }).x!, 'base64url');
  return { privateKey, key: bytes.toString('hex'), node: createHash('sha256').update(bytes).digest('hex') };
}

/** A well-formed join with a true proof, to be changed where a test wants it wrong. */
export function joinMessage(owner: TestKey, challenge: string, swarm: string): JoinMessage {
  const signature = sign(null, joinSigningBytes(Buffer.from(challenge, 'hex'), swarm), owner.privateKey).toString('hex');
  return { t: 'join', v: 1, swarm, key: owner.key, hints: { class: 'visitor' }, signature };
}

/** One socket to a signaling server; what it received is read in order. */
export class SignalingClient {
  readonly socket: WebSocket;
  /** Code and reason, once the socket has closed. */
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  #queue: ServerMessage[] = [];
  #wake = (): void => {};

  /** `url` is that of the page. */
  constructor(url: string, options: { readonly answersPings?: boolean } = {}) {
    this.socket = new WebSocket(new URL(signalingPath, url.replace(/^http/, 'ws')), { autoPong: options.answersPings ?? true });
    this.socket.on('message', (payload: Buffer) => {
      this.#queue.push(readServerMessage(JSON.parse(payload.toString('utf8'))));
      this.#wake();
    });
    this.closed = once(this.socket, 'close').then(([code, reason]) => ({ code: code as number, reason: String(reason) }));
  }

  /** The next message, which must be of kind `t`. */
  async next<T extends ServerMessage['t']>(t: T): Promise<Extract<ServerMessage, { t: T }>> {
    while (this.#queue.length === 0) await new Promise<void>((resolve) => (this.#wake = resolve));
    const message = this.#queue.shift()!;
    if (message.t !== t) throw new Error(`expected ${t}, got ${JSON.stringify(message)}`);
    return message as Extract<ServerMessage, { t: T }>;
  }

  /** What has come and was not asked for yet. */
  get unread(): readonly ServerMessage[] {
    return this.#queue;
  }

  send(message: ClientMessage): void {
    this.sendRaw(JSON.stringify(message));
  }

  sendRaw(payload: string | Buffer): void {
    this.socket.send(payload);
  }

  /** Proves the key and joins; gives the server's list. */
  async join(owner: TestKey, swarm: string): Promise<Extract<ServerMessage, { t: 'peers' }>> {
    const { challenge } = await this.next('challenge');
    this.send(joinMessage(owner, challenge, swarm));
    return this.next('peers');
  }
}
