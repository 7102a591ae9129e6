import { ShoalError } from '../src/core/errors.ts';
import type { IntroducedPeer, ServerMessage } from '../src/core/wire/signaling.ts';
import type { Bus, BusEvent, Errand } from './bus.ts';

/** A joined peer whose socket is on this server. */
export interface Member {
  readonly peer: IntroducedPeer;
  send(message: ServerMessage): void;
  /** A newer socket joined with the same key: this one is to close. */
  replaced(): void;
}

/** The peers of one swarm, as this server knows them: its own members and those that other servers told of. */
export class Room {
  readonly #bus: Bus;
  readonly #server: string;
  readonly #swarm: string;
  readonly #peersMax: number;
  readonly #members = new Map<string, Member>();
  readonly #elsewhere = new Map<string, { readonly peer: IntroducedPeer; readonly server: string }>();
  readonly #unsubscribe: () => void;

  /** `server` is this server's name on the bus. Asks the other servers at once who is in the swarm. */
  constructor(bus: Bus, server: string, swarm: string, peersMax: number) {
    this.#bus = bus;
    this.#server = server;
    this.#swarm = swarm;
    this.#peersMax = peersMax;
    this.#unsubscribe = bus.subscribe(swarm, (event) => {
      if (event.server !== server) this.#receive(event);
    });
    bus.publish(swarm, { server, kind: 'who' });
  }

  /** Members on this server. */
  get size(): number {
    return this.#members.size;
  }

  close(): void {
    this.#unsubscribe();
  }

  /** Adds a member, in place of an older socket of its key, and tells the others; they are returned. Throws `full`. */
  join(member: Member): readonly IntroducedPeer[] {
    const { peer } = member;
    const older = this.#members.get(peer.node);
    if (!this.#knows(peer.node) && this.#full()) throw new ShoalError('full', `this swarm has its ${this.#peersMax} peers`);
    this.#elsewhere.delete(peer.node);
    this.#members.set(peer.node, member);
    older?.replaced();
    this.#tell({ t: 'joined', peer }, peer.node);
    this.#bus.publish(this.#swarm, { server: this.#server, kind: 'joined', peer });
    return [...this.#members.values(), ...this.#elsewhere.values()].map((each) => each.peer).filter(({ node }) => node !== peer.node);
  }

  /** Removes a member and tells the others; nothing when a newer socket has taken its place. */
  leave(member: Member): void {
    const { node } = member.peer;
    if (this.#members.get(node) !== member) return;
    this.#members.delete(node);
    this.#tell({ t: 'left', node });
    this.#bus.publish(this.#swarm, { server: this.#server, kind: 'left', node });
  }

  /** Carries an errand to another peer of this swarm. Throws `not-found`. */
  carry(from: string, to: string, errand: Errand): void {
    if (this.#members.has(to)) this.#deliver(from, to, errand);
    else if (this.#elsewhere.has(to)) this.#bus.publish(this.#swarm, { server: this.#server, kind: 'errand', from, to, errand });
    else throw new ShoalError('not-found', 'that peer is not in this swarm now');
  }

  #receive(event: BusEvent): void {
    switch (event.kind) {
      case 'who':
        for (const { peer } of this.#members.values()) this.#bus.publish(this.#swarm, { server: this.#server, kind: 'present', peer });
        return;
      case 'joined':
        return this.#introduce(event.peer, event.server);
      case 'present':
        if (!this.#members.has(event.peer.node)) this.#introduce(event.peer, event.server);
        return;
      case 'left':
        if (this.#elsewhere.get(event.node)?.server !== event.server) return;
        this.#elsewhere.delete(event.node);
        return this.#tell({ t: 'left', node: event.node });
      case 'errand':
        return this.#deliver(event.from, event.to, event.errand);
    }
  }

  /** A peer is on another server: a socket it still has here is its older one. */
  #introduce(told: IntroducedPeer, server: string): void {
    // What is local there is on another machine than what is local here.
    const peer = { ...told, local: undefined };
    if (!this.#knows(peer.node) && this.#full()) return;
    const older = this.#members.get(peer.node);
    this.#members.delete(peer.node);
    this.#elsewhere.set(peer.node, { peer, server });
    older?.replaced();
    this.#tell({ t: 'joined', peer });
  }

  #knows(node: string): boolean {
    return this.#members.has(node) || this.#elsewhere.has(node);
  }

  #full(): boolean {
    return this.#members.size + this.#elsewhere.size >= this.#peersMax;
  }

  #deliver(from: string, to: string, errand: Errand): void {
    this.#members.get(to)?.send(errand.t === 'knock' ? { t: 'knock', from } : { t: 'signal', from, data: errand.data });
  }

  #tell(message: ServerMessage, except?: string): void {
    for (const [node, member] of this.#members) if (node !== except) member.send(message);
  }
}
