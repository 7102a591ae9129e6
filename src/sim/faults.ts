import { ShoalError } from '../core/errors.ts';

/** How a peer may misbehave on purpose. */
export const roles = ['liar', 'claimer', 'mute', 'staleKeeper', 'forger', 'equivocator', 'flooder'] as const;
export type Role = (typeof roles)[number];

/** What may be said of each fault, with the least and the most of it. Times in ms, shares from 0 to 1; everything else is a rate: how often an hour, for each peer. */
const rate = [0, 1_000] as const;
const share = [0, 1] as const;
const ms = [0, 86_400_000] as const;
const bounds = {
  network: {
    latencyMs: [0, 10_000],
    jitterMs: [0, 10_000],
    /** Upload rate of each end of a link; 0 = unlimited. */
    bytesPerSecond: [0, 1e12],
    /** Links that break. */
    breaks: rate,
    /** Of all dials. */
    dialFailures: share,
    /** The swarm falls into two halves; so many of them only one way. */
    partitions: rate,
    oneWayShare: share,
    partitionMs: ms,
    /** All that a peer sends is slow. */
    clogs: rate,
    clogMs: ms,
    clogBytesPerSecond: [1, 1e12],
    /** Nothing gets from one peer to another, for longer than a request may take. */
    stalls: rate,
    stallMs: ms,
    /** A peer cannot reach the signaling server. */
    signalingOutages: rate,
    outageMs: ms,
  },
  disk: {
    readMs: ms,
    writeMs: ms,
    /** The process dies while something is being written: of that nothing is there. */
    lostUnsynced: rate,
    /** The same in the middle of a block, of which half is there. */
    torn: rate,
    /** One bit of one shard changes. */
    rot: rate,
    /** The disk takes nothing more, until its person makes room. */
    full: rate,
    fullMs: ms,
    /** The process dies, and the disk is empty afterwards. */
    wiped: rate,
  },
  peers: {
    crashes: rate,
    /** Says bye and goes. */
    leaves: rate,
    /** How long whoever crashed or left is away. */
    downMs: ms,
    freezes: rate,
    freezeMs: ms,
    /** Clocks that jump, and how far one may be off, either way. */
    skews: rate,
    skewMs: ms,
    driftPpm: [0, 100_000],
    /** Run a version that does not know the newest messages. */
    olderShare: share,
  },
} as const;

type Part = keyof typeof bounds;
type PartOf<P extends Part> = { readonly [name in keyof (typeof bounds)[P]]: number };

/** Everything that goes wrong in a simulation, as one record (SPEC SIM-5). */
export type Faults = { readonly [P in Part]: PartOf<P> } & {
  /** Shares of the peers that play each role. */
  readonly roles: Readonly<Record<Role, number>>;
};

const nobody: Faults['roles'] = { liar: 0, claimer: 0, mute: 0, staleKeeper: 0, forger: 0, equivocator: 0, flooder: 0 };

/** Nothing goes wrong, and disks take no time. */
export const calm: Faults = {
  network: {
    latencyMs: 20,
    jitterMs: 10,
    bytesPerSecond: 0,
    breaks: 0,
    dialFailures: 0,
    partitions: 0,
    oneWayShare: 0,
    partitionMs: 0,
    clogs: 0,
    clogMs: 0,
    clogBytesPerSecond: 1_000,
    stalls: 0,
    stallMs: 0,
    signalingOutages: 0,
    outageMs: 0,
  },
  disk: { readMs: 0, writeMs: 0, lostUnsynced: 0, torn: 0, rot: 0, full: 0, fullMs: 0, wiped: 0 },
  peers: { crashes: 0, leaves: 0, downMs: 0, freezes: 0, freezeMs: 0, skews: 0, skewMs: 0, driftPpm: 0, olderShare: 0 },
  roles: nobody,
};

/** A bad day of an open swarm: each peer has something of most kinds within some hours. */
export const usual: Faults = {
  network: {
    latencyMs: 40,
    jitterMs: 60,
    bytesPerSecond: 2_000_000,
    breaks: 0.5,
    dialFailures: 0.05,
    partitions: 0.05,
    oneWayShare: 0.3,
    partitionMs: 90_000,
    clogs: 0.2,
    clogMs: 60_000,
    clogBytesPerSecond: 4_000,
    stalls: 0.3,
    stallMs: 18_000,
    signalingOutages: 0.2,
    outageMs: 60_000,
  },
  disk: { readMs: 2, writeMs: 8, lostUnsynced: 0.1, torn: 0.1, rot: 0.1, full: 0.05, fullMs: 300_000, wiped: 0.03 },
  peers: {
    crashes: 0.2,
    leaves: 0.3,
    downMs: 240_000,
    freezes: 0.2,
    freezeMs: 60_000,
    skews: 0.1,
    skewMs: 60_000,
    driftPpm: 50,
    olderShare: 0.1,
  },
  roles: nobody,
};

/** Everything at once, all the time. */
export const harsh: Faults = {
  network: { ...usual.network, breaks: 4, dialFailures: 0.2, partitions: 0.3, clogs: 1, stalls: 2, signalingOutages: 1 },
  disk: { ...usual.disk, writeMs: 20, lostUnsynced: 0.6, torn: 0.6, rot: 0.6, full: 0.3, wiped: 0.15 },
  peers: { ...usual.peers, crashes: 1, leaves: 1, freezes: 1, skews: 0.5, skewMs: 240_000, driftPpm: 500, olderShare: 0.2 },
  roles: { liar: 0.05, claimer: 0.05, mute: 0.05, staleKeeper: 0.05, forger: 0.05, equivocator: 0.05, flooder: 0.05 },
};

/** The named records that a text may stand for. */
export const namedFaults = { calm, usual, harsh } as const;

/**
 * Reads a record of faults: a part, or a fault of a part, that is left out is as in `calm`. Throws `bad-input` in words for anything
 * unknown or out of bounds.
 */
export function readFaults(value: unknown): Faults {
  const parts = recordOf(value, 'faults', [...Object.keys(bounds), 'roles']);
  const numbers = <T extends Readonly<Record<string, number>>>(
    part: string,
    without: T,
    limits: Readonly<Record<string, readonly [number, number]>>,
  ): T => {
    const given = parts[part] === undefined ? {} : recordOf(parts[part], `faults.${part}`, Object.keys(without));
    const read = Object.entries(given).map(([name, each]) => [name, numberOf(each, `faults.${part}.${name}`, limits[name]!)]);
    return { ...without, ...Object.fromEntries(read) };
  };
  return {
    network: numbers('network', calm.network, bounds.network),
    disk: numbers('disk', calm.disk, bounds.disk),
    peers: numbers('peers', calm.peers, bounds.peers),
    roles: numbers('roles', calm.roles, Object.fromEntries(roles.map((role) => [role, share]))),
  };
}

function recordOf(value: unknown, name: string, known: readonly string[]): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new ShoalError('bad-input', `${name} is not an object.`);
  const stranger = Object.keys(value).find((key) => !known.includes(key));
  if (stranger !== undefined) throw new ShoalError('bad-input', `${name} has no "${stranger}"; it may have ${known.join(', ')}.`);
  return value as Readonly<Record<string, unknown>>;
}

function numberOf(value: unknown, name: string, [least, most]: readonly [number, number]): number {
  if (typeof value === 'number' && value >= least && value <= most) return value;
  throw new ShoalError('bad-input', `${name} is ${JSON.stringify(value)}; it must be a number from ${least} to ${most}.`);
}
