import type { PeerOptions } from '../peer/peer.ts';
import type { MetaStore, ShardStore } from '../peer/ports.ts';
import type { Faults, Role } from './faults.ts';
import { below } from './draw.ts';
import { seededRandom } from '../platform/memory/random.ts';

/** Roles that a shipped peer plays when its ports are bent; the others speak for themselves (forger.ts). */
const bent: Partial<Record<Role, (ports: PeerOptions) => PeerOptions>> = {
  /** Serves bytes that are not those it was given. */
  liar: (ports) => ({ ...ports, shards: lying(ports.shards) }),
  /** Takes everything, claims it, and keeps nothing of it. */
  claimer: (ports) => ({ ...ports, shards: claiming(ports.shards) }),
  /** Takes requests and never answers those for what it keeps. */
  mute: (ports) => ({ ...ports, shards: { ...ports.shards, read: never } }),
  /** Answers what it first knew of a record, for ever. */
  staleKeeper: (ports) => ({ ...ports, meta: stale(ports.meta) }),
};

/** Bends the ports of a peer for its role; as they are where it has none. */
export const playing = (role: Role | undefined, ports: PeerOptions): PeerOptions => (role && bent[role]?.(ports)) ?? ports;

/** Which of so many peers play which role: each share of them, rounded up, drawn from the seed; who plays none is not named. */
export function castRoles(seed: string, peers: number, shares: Faults['roles']): ReadonlyMap<number, Role> {
  const random = seededRandom(`${seed}/roles`);
  const left = Array.from({ length: peers }, (_, i) => i);
  const cast = new Map<number, Role>();
  for (const role of Object.keys(bent) as Role[]) {
    for (let count = Math.ceil(shares[role] * peers); count > 0 && left.length > 0; count--)
      cast.set(left.splice(below(left.length, random), 1)[0]!, role);
  }
  return cast;
}

const never = (): Promise<never> => new Promise(() => {});

const lying = (inner: ShardStore): ShardStore => ({
  ...inner,
  async read(place, offset, length) {
    const bytes = await inner.read(place, offset, length);
    if (bytes !== undefined) bytes[0]! ^= 1;
    return bytes;
  },
});

const claiming = (inner: ShardStore): ShardStore => ({
  ...inner,
  async stage(place, length) {
    const staged = await inner.stage(place, length);
    return {
      write: (block) => staged.write(block),
      async commit(meta) {
        await staged.commit(meta);
        await inner.delete(place);
      },
      discard: () => staged.discard(),
    };
  },
});

function stale(inner: MetaStore): MetaStore {
  return {
    ...inner,
    async put(kind, key, value) {
      if (kind === 'record' && (await inner.get(kind, key)) !== undefined) return;
      await inner.put(kind, key, value);
    },
  };
}
