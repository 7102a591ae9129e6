import type { Crypto } from '../peer/ports.ts';
import { seededRandom } from '../platform/memory/random.ts';
import type { Sights } from './checkers/checker.ts';
import { below } from './draw.ts';
import { createEquivocator } from './equivocator.ts';
import type { Faults, Role } from './faults.ts';
import { createFlooder } from './flooder.ts';
import { createForger } from './forger.ts';
import type { Ledger } from './ledger.ts';
import type { Machines } from './machines.ts';
import type { Speaker, Speaking } from './speaker.ts';
import type { SimulatedSwarm } from './swarm.ts';

/** The roles that speak for themselves, and how often each does something, ms. The others are played by shipped peers (roles.ts). */
const speaking: Partial<Record<Role, { readonly create: (speaking: Speaking) => Speaker; readonly everyMs: number }>> = {
  forger: { create: createForger, everyMs: 45_000 },
  equivocator: { create: createEquivocator, everyMs: 600_000 },
  flooder: { create: createFlooder, everyMs: 60_000 },
};

/** Peers that come beside the others and misbehave by what they say. */
export interface Speakers {
  /** Each does something now and then, for `forMs` from now. */
  begin(forMs: number): void;
  /** Capabilities to read what they have stored so far. */
  stored(): readonly string[];
}

/** Adds for each such role its share of `peers`, rounded up. */
export async function addSpeakers(options: {
  readonly swarm: SimulatedSwarm;
  readonly crypto: Crypto;
  readonly machines: Machines;
  readonly ledger: Ledger;
  readonly sights: Sights;
  readonly honest: (node: string) => boolean;
  readonly shares: Faults['roles'];
  readonly peers: number;
}): Promise<Speakers> {
  const { swarm, crypto, machines, ledger, sights, honest, shares, peers } = options;
  const { clock } = swarm;
  const speakers: { readonly speaker: Speaker; readonly everyMs: number; readonly seed: string }[] = [];

  const record = (recordKey: string): Uint8Array | undefined =>
    machines
      .up()
      .map(({ last }) => last.values.get('record')?.get(recordKey))
      .find((each) => each !== undefined);
  const forged: Speaking['forged'] = (node, ...what) => sights.forged({ node, honest: honest(node) }, ...what);

  for (const [role, { create, everyMs }] of Object.entries(speaking)) {
    for (let i = 0; i < shares[role as Role] * peers; i++) {
      const raw = await swarm.joinRaw();
      const speaker = create({ raw, crypto, ledger, record, forged, nowMs: () => clock.now() });
      speakers.push({ speaker, everyMs, seed: `${swarm.seed}/${role}/${i}` });
    }
  }

  return {
    begin(forMs) {
      for (const { speaker, everyMs, seed } of speakers) {
        const random = seededRandom(seed);
        for (let atMs = everyMs; atMs < forMs; atMs += everyMs) {
          clock.timer(atMs, () => {
            const up = machines.up();
            if (up.length > 0) void speaker.act(up[below(up.length, random)]!.node, random);
          });
        }
      }
    },
    stored: () => speakers.flatMap(({ speaker }) => speaker.stored),
  };
}
