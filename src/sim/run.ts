import type { CoderFactory } from '../core/erasure/coder.ts';
import { nodeId } from '../core/crypto/keys.ts';
import { ShoalError } from '../core/errors.ts';
import type { PeerOptions } from '../peer/peer.ts';
import type { Crypto } from '../peer/ports.ts';
import { checkers } from './checkers/all.ts';
import { type Count, together, type Violation, type Watched } from './checkers/checker.ts';
import type { Faults } from './faults.ts';
import { createLedger } from './ledger.ts';
import { createMachines, type Machine } from './machines.ts';
import { observed, observedCrypto } from './observed.ts';
import { planFaults, quietMs } from './plan.ts';
import { type FaultCounts, playFaults } from './play.ts';
import { castRoles, playing } from './roles.ts';
import { type Outcomes, playScenario } from './scenario.ts';
import { addSpeakers } from './speakers.ts';
import { standInSignatures } from './stand-in.ts';
import { type SimulatedSwarm, simulateSwarm } from './swarm.ts';

/** Bounds of what may be asked for. */
export const peersMax = 1_000;
export const hoursMin = 0.5;
export const hoursMax = 1_000;
export const busyMax = 100;

const hourMs = 3_600_000;
/** Bytes that each peer lends. */
const capacity = 20_000_000;
/** What takes an hour or a day elsewhere: records are synced so often that the quiet at the end holds one of them; of older versions nothing is left then. */
const policy = { syncMs: 600_000, olderMs: 900_000, collectMs: 300_000 };
/** How long the first peers have to find each other. */
const meetMs = 30_000;
/** Between the last file that is stored and the end of the faults. */
const settleMs = 300_000;
/** Lines of the trace that are shown with a violation. */
const linesMax = 40;

export interface SimulateOptions {
  readonly seed: string;
  readonly peers: number;
  /** Simulated; at least a quarter of an hour of them is quiet. */
  readonly hours: number;
  readonly faults: Faults;
  /** Hashes and ciphers; signatures too where `realSignatures`. */
  readonly engine: Crypto;
  readonly realSignatures?: boolean;
  readonly coder?: CoderFactory;
  readonly drain: () => Promise<void>;
  /** Real time, ms: for the speed, which is in no trace. */
  readonly realNow: () => number;
  /** People do so many times as much as usual, 0 for nothing at all; 1 by default. */
  readonly busy?: number;
  /** The run ends as soon as this invariant was violated. */
  readonly untilViolated?: string;
  /** Breaks something of a peer on purpose, in sight of the checkers: to see that it is found. */
  readonly plant?: (ports: PeerOptions, who: Watched) => PeerOptions;
}

/** What a run gave, as it is printed (SPEC SIM-10). */
export interface Report {
  readonly schema: 'shoal.sim/1';
  readonly seed: string;
  readonly peers: number;
  readonly simulatedHours: number;
  readonly traceHash: string;
  /** Events of the virtual clock. */
  readonly events: number;
  readonly faults: FaultCounts;
  readonly invariants: Readonly<Record<string, Count>>;
  readonly reads: number;
  /** Records that were not found, and files that were not read though their records were. */
  readonly misses: number;
  readonly starved: number;
  readonly outcomes: Outcomes;
  readonly realMs: number;
  /** Simulated time by real time. */
  readonly speed: number;
}

export interface Simulated {
  readonly report: Report;
  readonly violations: readonly Violation[];
  /** What happened last to the peers of the first violation. */
  readonly lines: readonly string[];
}

/** Runs a whole swarm over simulated hours with everything that may go wrong, and checks the invariants from outside. */
export async function simulate(options: SimulateOptions): Promise<Simulated> {
  requireSound(options);
  const { seed, peers, hours, faults, drain, realNow } = options;
  const realStartMs = realNow();
  const ledger = createLedger();
  const crypto = options.realSignatures === true ? options.engine : standInSignatures(options.engine);
  const swarm: SimulatedSwarm = simulateSwarm({
    ...{ seed, drain, faults },
    ...(options.coder === undefined ? {} : { coder: options.coder }),
    crypto: observedCrypto(crypto, () => sights, ledger),
    delivered: (from, to, frame) => sights.frame(from, to, frame),
  });
  const beganMs = swarm.clock.now();
  const machines = createMachines(swarm, faults);
  const cast = castRoles(seed, peers, faults.roles);
  const machineOf = (node: string): Machine | undefined => machines.all().find((each) => each.node === node);
  const misbehaving = new Set<string>();
  /** When each peer last started, ms. */
  const startedMs = new Map<string, number>();
  const isHonest = (node: string): boolean => !misbehaving.has(node);
  const { sights, counts, violations } = together(checkers, {
    ledger,
    nowMs: () => swarm.clock.now(),
    machine: machineOf,
    machines: machines.all,
    startedMs: (node) => startedMs.get(node) ?? 0,
  });

  const add = async (role: ReturnType<typeof cast.get>): Promise<void> => {
    await machines.add(capacity, {
      options: { policy },
      around(ports) {
        const who: Watched = { node: nodeId(ports.identity.node.publicKey), honest: role === undefined };
        if (!who.honest) misbehaving.add(who.node);
        startedMs.set(who.node, swarm.clock.now());
        const seen = observed(playing(role, ports), { who, sights, ledger, disk: () => machineOf(who.node)?.last });
        return options.plant?.(seen, who) ?? seen;
      },
    });
  };

  for (let i = 0; i < peers; i++) await swarm.settled(add(cast.get(i)));
  const others = { swarm, crypto: swarm.crypto, machines, ledger, sights, honest: isHonest, shares: faults.roles, peers };
  const speakers = await addSpeakers(others);
  await swarm.pass(meetMs);

  const untilMs = hours * hourMs - (swarm.clock.now() - beganMs);
  const activeMs = Math.max(0, untilMs - quietMs);
  const plan = planFaults({ seed, faults, peers, untilMs: activeMs });
  const faultCounts = playFaults({ swarm, machines, plan, faults, untilMs: activeMs });
  speakers.begin(activeMs);
  const outcomes = playScenario(
    { swarm, machines, sights, honest: ({ node }) => isHonest(node), join: () => void add(undefined), strangers: speakers.stored },
    { busy: options.busy ?? 1, peers, activeMs: Math.max(0, activeMs - settleMs), untilMs },
  );
  const isOver = (): boolean => options.untilViolated !== undefined && counts[options.untilViolated]!.violations > 0;
  const endMs = swarm.clock.now() + untilMs;
  if (!(await swarm.clock.runUntil(isOver, endMs))) await swarm.pass(endMs - swarm.clock.now());
  sights.ended(machines.all(), isHonest);

  const realMs = realNow() - realStartMs;
  const report: Report = {
    ...{ schema: 'shoal.sim/1', seed, peers, simulatedHours: hours },
    ...{ traceHash: swarm.trace.hash(), events: swarm.clock.ran, faults: faultCounts, invariants: counts },
    ...{ reads: outcomes.reads, misses: outcomes.misses, starved: outcomes.starved, outcomes },
    realMs: Math.round(realMs),
    speed: Math.round((hours * hourMs) / Math.max(1, realMs)),
  };
  return { report, violations, lines: swarm.trace.lines(new Set(violations[0]?.nodes), linesMax) };
}

function requireSound({ peers, hours, busy = 1 }: SimulateOptions): void {
  if (!Number.isSafeInteger(peers) || peers < 1 || peers > peersMax)
    throw new ShoalError('bad-input', `There are 1 to ${peersMax} peers, a whole number; not ${peers}.`);
  if (!(hours >= hoursMin && hours <= hoursMax))
    throw new ShoalError(
      'bad-input',
      `A run takes ${hoursMin} to ${hoursMax} hours, of which the last quarter of one is quiet; not ${hours}.`,
    );
  if (!(busy >= 0 && busy <= busyMax))
    throw new ShoalError('bad-input', `People are busy 0 to ${busyMax} times as much as usual; not ${busy}.`);
}
