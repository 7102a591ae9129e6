import { seededRandom } from '../platform/memory/random.ts';
import { fraction } from './draw.ts';
import type { Faults } from './faults.ts';

/** Kinds of faults that strike at a moment. */
const striking = [
  'break',
  'partition',
  'clog',
  'stall',
  'signalingOutage',
  'lostUnsynced',
  'torn',
  'rot',
  'full',
  'wiped',
  'crash',
  'leave',
  'freeze',
  'skew',
] as const;
export type StrikingKind = (typeof striking)[number];

/** Every kind that is counted: those, and what is so all the time or is known only when it has happened. */
export const faultKinds = [...striking, 'oneWay', 'dialFailure', 'older'] as const;
export type FaultKind = (typeof faultKinds)[number];

/** One fault that is to come. Whom it strikes is drawn from `seed` when it does: only then it is known who is there. */
export interface FaultEvent {
  /** From the beginning of the plan, ms. */
  readonly atMs: number;
  readonly kind: StrikingKind;
  readonly seed: string;
}

/** A simulation ends with this long without faults, all healed: by then replicas are equal again. */
export const quietMs = 900_000;

/**
 * The faults of a run, in order (SPEC SIM-5). Each kind has a stream of randomness of its own, so that a rate changed moves no other
 * fault.
 * @param peers the rates are for each
 * @param untilMs no fault strikes from then on
 */
export function planFaults({
  seed,
  faults,
  peers,
  untilMs,
}: {
  seed: string;
  faults: Faults;
  peers: number;
  untilMs: number;
}): FaultEvent[] {
  const rates = ratesOf(faults);
  const events = striking.flatMap((kind) => {
    const random = seededRandom(`${seed}/plan/${kind}`);
    const meanMs = 3_600_000 / (rates[kind] * peers);
    const times: number[] = [];
    // A Poisson process: the time to the next one has no memory.
    for (let atMs = gapMs(meanMs, fraction(random)); atMs < untilMs; atMs += gapMs(meanMs, fraction(random))) times.push(atMs);
    return times.map((atMs, i): FaultEvent => ({ atMs, kind, seed: `${seed}/${kind}/${i}` }));
  });
  return events.sort((a, b) => a.atMs - b.atMs);
}

const gapMs = (meanMs: number, drawn: number): number => Math.ceil(-meanMs * Math.log(1 - drawn)) || 1;

function ratesOf({ network, disk, peers }: Faults): Record<StrikingKind, number> {
  return {
    break: network.breaks,
    partition: network.partitions,
    clog: network.clogs,
    stall: network.stalls,
    signalingOutage: network.signalingOutages,
    lostUnsynced: disk.lostUnsynced,
    torn: disk.torn,
    rot: disk.rot,
    full: disk.full,
    wiped: disk.wiped,
    crash: peers.crashes,
    leave: peers.leaves,
    freeze: peers.freezes,
    skew: peers.skews,
  };
}
