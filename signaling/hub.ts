import { randomUUID } from 'node:crypto';
import type { IntroducedPeer } from '../src/core/wire/signaling.ts';
import type { Bus, Errand } from './bus.ts';
import { Room, type Member } from './room.ts';

/** Which peers are in which swarm. A room exists while this server has a member in it. */
export interface Hub {
  /** Adds a member and gives the other peers of its swarm. Throws `full`. */
  join(swarm: string, member: Member): readonly IntroducedPeer[];
  /** Removes a member; nothing when a newer socket of its key has taken its place. */
  leave(swarm: string, member: Member): void;
  /** Carries a knock or a signal inside one swarm. Throws `not-found`. */
  carry(swarm: string, from: Member, to: string, errand: Errand): void;
  /** Peers on this server, over all swarms. */
  readonly peers: number;
}

/** At most `swarmPeersMax` peers per swarm. The random name that tells this server from others on the bus is made here. */
export function createHub(bus: Bus, swarmPeersMax: number): Hub {
  const server = randomUUID();
  const rooms = new Map<string, Room>();
  return {
    join(swarm, member) {
      const room = rooms.get(swarm) ?? new Room(bus, server, swarm, swarmPeersMax);
      rooms.set(swarm, room);
      return room.join(member);
    },
    leave(swarm, member) {
      const room = rooms.get(swarm);
      room?.leave(member);
      if (room?.size !== 0) return;
      room.close();
      rooms.delete(swarm);
    },
    carry(swarm, from, to, errand) {
      rooms.get(swarm)?.carry(from.peer.node, to, errand);
    },
    get peers() {
      return [...rooms.values()].reduce((sum, room) => sum + room.size, 0);
    },
  };
}
